"""The blueprint of the room, and what its views share."""

from datetime import datetime

from flask import Blueprint

from lms.content.access import catalogue
from lms.contests.rules.values import RoundRules
from lms.contests.terms import get_rules
from lms.platform.i18n import show_time_of_day
from lms.platform.site import site

bp = Blueprint("contests", __name__, template_folder="../templates")


def rules_for(slug: str, round_slug: str) -> RoundRules:
    """The rules of the round of an address. Raises NotFound."""
    return get_rules(catalogue(), slug, round_slug)


@bp.app_template_filter("exact_time")
def exact_time(ms: int) -> str:
    """A length of time to the millisecond, as it is ranked by: 6:38.412."""
    seconds, rest = divmod(ms, 1000)
    hours, minutes = divmod(seconds // 60, 60)
    head = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{head}:{seconds % 60:02}.{rest:03}"


@bp.app_template_filter("exact_instant")
def exact_instant(at: datetime) -> str:
    """An instant to the millisecond in the site's zone, as it is ranked by."""
    local = at.astimezone(site().settings.zone)
    return show_time_of_day(f"{local:%H:%M:%S}.{local.microsecond // 1000:03}", local.date())
