"""The preview as an application of its own: the site's templates, styles and headers, without people, sessions and a database of its own."""

from pathlib import Path
from types import SimpleNamespace

from flask import Flask, Response, current_app, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.exceptions import HTTPException

import lms
from lms.assessment.views.blueprint import decimal, gap_parts, plain, points
from lms.assessment.views.topics import topic_name
from lms.errors import NotAllowed, SiteError
from lms.platform import i18n, security
from lms.platform.i18n import say
from lms.preview.desk import Desk
from lms.preview.frame import PreviewFrame
from lms.preview.parts import KEY, Parts
from lms.preview.published import PublishedSite
from lms.preview.views import bp
from lms.settings import Settings
from lms.web import assets

HERE = Path(lms.__file__).parent
ROOMS = ("preview", "web", "learning", "assessment")
NAMES = frozenset({"127.0.0.1", "localhost"})


def create_preview(desk: Desk, settings: Settings, site: PublishedSite | None = None) -> Flask:
    """The preview of a desk. It answers requests to this machine's own names only, so that no page elsewhere can read it by a name of its own."""
    app = Flask("lms.preview", static_folder=None)
    app.jinja_loader = ChoiceLoader([FileSystemLoader(HERE / room / "templates") for room in ROOMS])
    app.config["DEFAULT_LANG"] = settings.default_lang
    app.extensions["site"] = SimpleNamespace(settings=settings)
    app.extensions[KEY] = Parts(desk, site)
    security.init_app(app, settings.model_copy(update={"secret_key": "", "secure_cookies": False, "behind_proxy": False}))
    i18n.init_app(app)
    assets.init_app(app)
    app.jinja_env.filters.update(points=points, decimal=decimal, plain=plain, gap_parts=gap_parts)
    app.jinja_env.globals["topic_name"] = topic_name
    app.before_request(_own_names_only)
    app.after_request(_framed_by_itself)
    app.context_processor(lambda: {"frame": PreviewFrame(settings.site_name), "site_name": settings.site_name})
    app.register_error_handler(SiteError, _on_site_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_blueprint(bp)
    return app


def _own_names_only() -> None:
    if request.host.rpartition(":")[0] not in NAMES and request.host not in NAMES:
        raise NotAllowed("The preview answers at http://127.0.0.1 only.")


def _framed_by_itself(response: Response) -> Response:
    """The site's policy, but for frames of the preview's own pages."""
    policy = security.POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers.setdefault("Content-Security-Policy", f"{policy}; frame-src 'self'")
    return response


def _on_site_error(error: SiteError) -> tuple[str, int]:
    return render_template("preview/error.html", status=error.status, message=say(error)), error.status


def _on_http_error(error: HTTPException) -> Response | tuple[str, int]:
    if error.code is None or error.code < 400:  # noqa: PLR2004
        return current_app.make_response(error.get_response())
    return render_template("preview/error.html", status=error.code, message=""), error.code
