"""The blueprint of supervision."""

from datetime import datetime

from flask import Blueprint

from lms.platform.i18n import show_time_of_day
from lms.platform.site import site

bp = Blueprint("supervision", __name__, template_folder="../templates", url_prefix="/supervision")


@bp.app_template_filter("to_the_second")
def to_the_second(at: datetime | None) -> str:
    """A time and its date in the site's zone, with seconds: for the course of a sitting."""
    if at is None:
        return "–"
    local = at.astimezone(site().settings.zone)
    return show_time_of_day(f"{local:%H:%M:%S}", local.date())
