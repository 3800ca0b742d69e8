"""Pages of the content room: pictures, and the content check for trainers."""

from flask import Blueprint, Response

from lms.content.reading import get_blob
from lms.platform.site import reading

bp = Blueprint("content", __name__, url_prefix="/content", template_folder="templates", static_folder=None)
BLOB_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
FOR_EVER = "public, max-age=31536000, immutable"


@bp.get("/blob/<string(length=64):digest>.<ending>")
def blob(digest: str, ending: str) -> Response:  # noqa: ARG001  (the ending is for people who save the picture)
    """A picture of published content; its address names its bytes, so it may be kept for ever."""
    media_type, data = get_blob(reading(), digest)
    answer = Response(data, mimetype=media_type)
    answer.headers["Content-Security-Policy"] = BLOB_POLICY
    answer.headers["Cache-Control"] = FOR_EVER
    answer.headers["ETag"] = f'"{digest[:16]}"'
    return answer
