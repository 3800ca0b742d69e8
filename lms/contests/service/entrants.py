"""Who may enter, and with how many tries left."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.content.catalogue import Catalogue, Contest, Round
from lms.contests.rules.identity import missing_identity
from lms.contests.rules.schedule import Phase, period_key, phase_of
from lms.contests.terms import key_of
from lms.people.models import Person
from lms.platform.rules import Phrase


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as one person sees it now. left: tries left in the present period; used: in that period; is_open_one: a sitting is going on."""

    contest: Contest
    round: Round
    key: str
    phase: Phase
    opens_at: datetime
    closes_at: datetime
    used: int
    left: int
    is_open_one: bool


def find_missing(session: Session, *, person_id: int, unique: Collection[str]) -> list[Phrase]:
    """What a contest tells entrants apart by and this person does not have; with nothing missing the person may enter."""
    if not unique:
        return []
    row = session.execute(select(Person.staff_code, Person.phone, Person.national_id_digest).where(Person.id == person_id)).one()
    known = [name for name, value in zip(("staff_code", "phone", "national_id"), row, strict=True) if value]
    return missing_identity(unique, known)


def list_rounds(session: Session, *, contests: Collection[Contest], person_id: int, zone: ZoneInfo, now: datetime) -> list[RoundView]:
    """All rounds of the contests in the order of their files, with the person's tries: one query."""
    rounds = [(contest, one) for contest in contests for stage in contest.stages for one in stage.rounds]
    mine = _tries(session, person_id, [key_of(contest.slug, one.slug) for contest, one in rounds])
    return [_view(contest, one, mine, zone, now) for contest, one in rounds]


def live_rounds(catalogue: Catalogue, session: Session, *, person_id: int, zone: ZoneInfo, now: datetime) -> list[RoundView]:
    """The rounds that are open now, the one that closes first in front, for the home page: one query."""
    views = list_rounds(session, contests=catalogue.contests.values(), person_id=person_id, zone=zone, now=now)
    return sorted((view for view in views if view.phase is Phase.OPEN), key=lambda view: view.closes_at)


def _tries(session: Session, person_id: int, keys: list[str]) -> Mapping[tuple[str, str], tuple[int, int]]:
    """By (offering, period): how many tries are used, and how many of them are going on."""
    if not keys:
        return {}
    counts = select(Attempt.offering, Attempt.period, func.count(), func.count().filter(Attempt.state == "open"))
    mine = counts.where(Attempt.person_id == person_id, Attempt.offering.in_(keys), Attempt.state != "void").group_by(Attempt.offering, Attempt.period)
    return {(offering, period): (used, going_on) for offering, period, used, going_on in session.execute(mine)}


def _view(contest: Contest, one: Round, mine: Mapping[tuple[str, str], tuple[int, int]], zone: ZoneInfo, now: datetime) -> RoundView:
    assert one.quiz.opens_at is not None
    assert one.quiz.closes_at is not None
    key = key_of(contest.slug, one.slug)
    used, _ = mine.get((key, period_key(one.attempts_per, now, zone)), (0, 0))
    going_on = any(count for (offering, _), (_, count) in mine.items() if offering == key)
    phase = phase_of(one.quiz.opens_at, one.quiz.closes_at, now)
    left = max(0, one.attempts_max - used) if phase is not Phase.CLOSED else 0
    return RoundView(contest, one, key, phase, one.quiz.opens_at, one.quiz.closes_at, used, left, going_on)
