"""The first page."""

from flask import Blueprint, render_template
from flask_login import login_required

bp = Blueprint("home", __name__, template_folder="templates")


@bp.get("/")
@login_required
def index() -> str:
    """The home of the signed-in person."""
    return render_template("home/index.html")
