"""The blueprint of the room, and what its views share."""

import re
from collections.abc import Collection
from datetime import date, timedelta

from flask import Blueprint
from markupsafe import Markup

from lms.assessment.guarding import GuardedItems
from lms.assessment.models import Attempt
from lms.assessment.offerings import Offering, OfferingSources
from lms.assessment.rules.points import show_decimal, show_points
from lms.assessment.rules.terms import is_late
from lms.assessment.service import AttemptView, get_attempt, submit_attempt
from lms.assessment.service.checking import list_held
from lms.assessment.service.scope import Scope
from lms.content.access import catalogue
from lms.errors import NotFound
from lms.people.access import current_person, may, scope
from lms.people.rules import Permission
from lms.platform.i18n import current_lang, show_date
from lms.platform.site import now, reading, site, writing

GAP = re.compile(r'<span data-gap="([0-9]+)">.*?</span>', re.DOTALL)
RUNNERS = (Permission.RECORD_CLASS, Permission.SEE_RANKING_DESK)
"""Whoever has one of these runs tests of some kind: supervises, marks, looks at results."""
bp = Blueprint("assessment", __name__, template_folder="../templates")


@bp.app_template_filter("period")
def show_period(key: str) -> str:
    """A period that tries are counted in, as people write it: the day, or the first and last day of the week."""
    year, _, week = key.partition("-W")
    if not week:
        return show_date(date.fromisoformat(key))
    monday = date.fromisocalendar(int(year), int(week), 1)
    return f"{show_date(monday)} – {show_date(monday + timedelta(days=6))}"


@bp.app_template_filter("points")
def points(hundredths: int) -> str:
    """Points, stored in hundredths, as the reader writes them."""
    return show_points(hundredths, current_lang())


@bp.app_template_filter("decimal")
def decimal(number: str) -> str:
    """A plain decimal text as the reader writes it."""
    return show_decimal(number, current_lang())


@bp.app_template_filter("plain")
def plain(html: str) -> str:
    """The text of inline HTML, for places that hold no markup."""
    return Markup(html).striptags()  # noqa: S704  (it is escaped again where it is shown)


@bp.app_template_filter("gap_parts")
def gap_parts(html: str) -> list[str | int]:
    """Clean HTML cut at its gaps: the texts between them, and the number of each gap."""
    return [int(part) if place % 2 else part for place, part in enumerate(GAP.split(html))]


def get_offering(key: str) -> Offering:
    """The offering of an address, for the signed-in person. Raises NotFound."""
    return site().part(OfferingSources).get(reading(), catalogue(), key, person_id=current_person().person_id, now=now())


def find_offering(key: str) -> Offering | None:
    """The offering if it still is one."""
    try:
        return get_offering(key)
    except NotFound:
        return None


def own_attempt(attempt_id: int) -> AttemptView:
    """The own attempt, closed and scored first if its time is over. Raises NotFound, also for a stranger's."""
    person_id = current_person().person_id
    view = get_attempt(reading(), attempt_id=attempt_id, person_id=person_id)
    if view.attempt.state != "open" or not is_late(view.attempt.deadline_at, view.attempt.grace_s, now()):
        return view
    with writing() as session:
        submit_attempt(session, attempt_id=attempt_id, person_id=person_id, now=now())
    return get_attempt(reading(), attempt_id=attempt_id, person_id=person_id)


def is_guarded(attempt: Attempt, ids: Collection[str]) -> bool:
    """Whether one of these items is kept back: a round or exam may draw it now, or the person is being asked it in another attempt."""
    room = site().part(GuardedItems)  # type: ignore[type-abstract]
    if room.guarded_until(reading(), catalogue(), ids, now()) is not None:
        return True
    return not list_held(reading(), person_id=attempt.person_id, besides=attempt.id).isdisjoint(ids)


def may_run() -> bool:
    """Whether the present person runs tests of any kind."""
    return any(may(permission) for permission in RUNNERS)


def desk_scope() -> Scope:
    """In which subtrees the present person runs tests, by the kind of offering."""
    special = site().part(OfferingSources).run_by
    paths = {prefix: scope(permission) for prefix, permission in special.items()} | {"": scope(Permission.RECORD_CLASS)}
    return Scope(current_person().person_id, paths)
