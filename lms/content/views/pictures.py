"""Pictures of published content."""

from flask import Response

from lms.content.service.reading import get_blob
from lms.content.views.blueprint import bp
from lms.platform.site import reading

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
