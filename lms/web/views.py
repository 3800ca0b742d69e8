"""Error pages, the context of every template, and the static files' lifetime."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import structlog
from flask import Blueprint, Flask, Response, g, jsonify, render_template, request
from flask_babel import lazy_gettext
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, default_exceptions
from werkzeug.routing import IntegerConverter, Map

from lms.errors import SiteError
from lms.platform.i18n import gettext, say
from lms.platform.site import close_reading, site
from lms.web.drawn import Drawn
from lms.web.frame import Entries, present
from lms.web.nav import NavEntry

bp = Blueprint("web", __name__, template_folder="templates")
log = structlog.get_logger()
BIGGEST_ID = 2**31 - 1

WORDS = {
    400: (lazy_gettext("The request could not be understood"), lazy_gettext("Go back, reload the page and try again. Nothing was changed.")),
    403: (lazy_gettext("You may not do this"), lazy_gettext("If you need it for your work, ask your safety officer or the administrator.")),
    404: (lazy_gettext("There is no such page"), lazy_gettext("The address may be mistyped, or the page is not yours to see.")),
    405: (lazy_gettext("This page does not work that way"), lazy_gettext("Go back and use the buttons of the page.")),
    409: (lazy_gettext("Things have moved on"), lazy_gettext("Somebody, or you in another window, was faster. Go back and look at the present state.")),
    413: (lazy_gettext("That is too large"), lazy_gettext("Send at most 8 MB at a time. Nothing was changed.")),
    422: (lazy_gettext("This cannot be used as it is"), lazy_gettext("Go back, correct it and send it again. Nothing was changed.")),
    429: (lazy_gettext("Too many tries"), lazy_gettext("Wait a little and try again. What you have saved is safe.")),
    500: (lazy_gettext("Something went wrong on our side"), lazy_gettext("It has been logged. What was acknowledged as saved is safe. Try again in a minute.")),
    503: (lazy_gettext("The site is busy"), lazy_gettext("What was acknowledged as saved is safe. Try again in a minute.")),
}


def wants_json() -> bool:
    """Whether the caller is a script of a page rather than a person."""
    return request.accept_mimetypes.best == "application/json" or request.is_json


def _answer(status: int, message: str) -> tuple[Response | str, int]:
    close_reading()
    if status >= 500 and "_login_user" not in g:  # noqa: PLR2004
        g._login_user = AnonymousUserMixin()  # noqa: SLF001  (what struck may have been the question who this is; it is not asked again)
    title, advice = WORDS.get(status, WORDS[400 if status < 500 else 500])  # noqa: PLR2004
    if wants_json():
        return jsonify(error=message or str(title)), status
    return render_template("error.html", status=status, title=title, message=message, advice=advice), status


def on_site_error(error: SiteError) -> tuple[Response | str, int]:
    """The words of our own errors are meant for the reader."""
    return _answer(error.status, say(error))


def on_database_error(error: Exception) -> tuple[Response | str, int, dict[str, str]]:
    """The database is away, full or overrun: nothing was acknowledged, and it may be tried again."""
    log.error("database failed", endpoint=request.endpoint, method=request.method, error=str(error).splitlines()[0])
    return *_answer(503, ""), {"Retry-After": "5"}


def on_unfit_value(error: Exception) -> tuple[Response | str, int]:
    """A number or text that no column holds (2**63, a NUL): the asker's mistake, told apart from ours in the log."""
    log.warning("unfit value", endpoint=request.endpoint, method=request.method, error=type(error).__name__)
    return _answer(400, "")


class Id(IntegerConverter):
    """`<int:…>` of an address: what is greater than any id there can be is no address of the site."""

    def __init__(self, map: Map, *args: Any, **values: Any) -> None:  # noqa: A002  (its name in the library)
        super().__init__(map, *args, **{"max": BIGGEST_ID} | values)


def on_http_error(error: HTTPException) -> tuple[Response | str, int]:
    """Errors of the protocol get our words, not the library's."""
    if error.code is None or error.code < 400:  # noqa: PLR2004
        return error.get_response(), error.code or 302  # type: ignore[return-value]
    if isinstance(error, CSRFError):
        return _answer(400, gettext("This page was open too long or in another sign-in. Go back, reload it and send again."))
    return _answer(error.code, "")


def init_app(app: Flask, entries: Sequence[NavEntry], reader: Callable[[], Hashable]) -> None:
    """Attach layout, error pages and navigation. reader: what decides which entries the present person is shown."""
    app.url_map.converters["int"] = Id
    app.register_blueprint(bp)
    app.register_error_handler(SiteError, on_site_error)
    for unfit in (DataError, OverflowError):
        app.register_error_handler(unfit, on_unfit_value)
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(kind, on_database_error)
    for code in default_exceptions:
        app.register_error_handler(code, on_http_error)

    app.extensions["drawn"] = Drawn()
    app.extensions["entries"] = Entries(entries, reader)

    @app.context_processor
    def _frame() -> dict[str, object]:
        return {"frame": present(), "site_name": site().settings.site_name}
