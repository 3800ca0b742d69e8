"""create_app: the one place where the parts meet."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from lms.clock import Clock, SystemClock
from lms.errors import Invalid
from lms.home import views as home_views
from lms.people import access, secrets
from lms.people import views as people_views
from lms.platform import health, i18n, logs, security
from lms.platform import site as site_module
from lms.platform.db import Database
from lms.platform.site import Site
from lms.settings import Settings
from lms.web import assets
from lms.web import views as web_views
from lms.web.nav import NavEntry

csrf = CSRFProtect()
NAV: list[NavEntry] = []


def create_app(settings: Settings, *, clock: Clock | None = None) -> Flask:
    """Put a site together from its settings. Raises Invalid if it has no keys yet."""
    if not settings.secret_key:
        raise Invalid("The site has no keys yet: run `lms init` (or ./run) first.")
    logs.configure(settings)
    app = Flask("lms", static_folder=None)
    app.config["DEFAULT_LANG"] = settings.default_lang
    the_site = Site(settings, clock or SystemClock(), Database(settings.url_of_database, pool_size=settings.threads + 2))
    the_site.db.info["events"] = the_site.events
    site_module.init_app(app, the_site)
    security.init_app(app, settings)
    csrf.init_app(app)
    i18n.init_app(app)
    secrets.size_pool(settings.sign_in_hashes)
    access.init_app(app)
    assets.init_app(app)
    web_views.init_app(app, NAV)
    for blueprint in (health.bp, people_views.bp, home_views.bp):
        app.register_blueprint(blueprint)
    return app
