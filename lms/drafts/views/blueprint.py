"""The blueprints, and what every answer behind a link says to browsers, search engines and other sites."""

from flask import Blueprint, Response

desk_bp = Blueprint("drafts", __name__, url_prefix="/content/drafts", template_folder="../templates", static_folder=None)
link_bp = Blueprint("draft", __name__, url_prefix="/d/<token>", template_folder="../templates", static_folder=None)
TOO_MANY = 429
HEADERS = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "no-referrer"}
"""No search engine keeps a draft, and no other site learns the address, which is all that is needed to open it."""


@link_bp.after_request
def _not_to_be_kept(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "private, no-store")
    if response.status_code == TOO_MANY:
        response.headers["Retry-After"] = "60"
    return response
