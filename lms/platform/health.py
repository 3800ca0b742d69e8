"""`/health`: whether this process can do its work, for load balancers and people."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lms import __version__
from lms.platform.site import site

bp = Blueprint("health", __name__)


@bp.get("/health")
def health() -> tuple[Response, int]:
    """200 with the version while the database answers, else 503."""
    try:
        with site().db.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return jsonify(status="no database", version=__version__), 503
    return jsonify(status="ok", version=__version__), 200
