"""Public verification: by the code of the QR, or by the number. It shows the least that proves a paper, and never fails on garbage."""

from flask import Blueprint, current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from lms.certification.forms import NumberForm
from lms.certification.service.verify import find_by_code, find_by_number
from lms.certification.views.words import WORDS
from lms.platform.site import reading, site, today

bp = Blueprint("verify", __name__, template_folder="../templates")
PER_ADDRESS = parse("120 per minute")
"""Wide enough for an inspector behind a factory's one address, narrow enough that nobody lists the numbers of a year."""
KEY = "verify_limit"


@bp.record_once
def _make_limit(state: BlueprintSetupState) -> None:
    address = state.app.extensions["site"].settings.redis_url or "memory://"
    state.app.extensions[KEY] = FixedWindowRateLimiter(storage_from_string(address))


def _count() -> None:
    limit: FixedWindowRateLimiter = current_app.extensions[KEY]
    if not limit.hit(PER_ADDRESS, "verify", request.remote_addr or "nobody"):
        raise TooManyRequests


@bp.context_processor
def _words() -> dict[str, object]:
    return {"words": WORDS, "issuer_of_site": site().settings.site_name}


@bp.get("/v/<path:code>")
def by_code(code: str) -> tuple[str, int]:
    """What the QR leads to."""
    _count()
    found = find_by_code(reading(), code=code, as_of=today())
    page = render_template("certification/verify.html", form=NumberForm(formdata=None), found=[found] if found else [], asked=True, as_of=today())
    return page, 200 if found else 404


@bp.get("/verify")
def by_number() -> tuple[str, int]:
    """Ask by the number on the paper."""
    form = NumberForm(request.args)
    asked = "number" in request.args
    found = []
    if asked:
        _count()
        found = find_by_number(reading(), number=form.number.data or "", as_of=today()) if form.validate() else []
    page = render_template("certification/verify.html", form=form, found=found, asked=asked, as_of=today())
    return page, 404 if asked and not found else 200
