"""What stands in a person's calendar: the last days of the own certificates, tests that are called, and, for whoever sees standings, days in the own units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.orm import Session

from lms.assessment.exams.service.looking import due_exams
from lms.certification.models import Assignment, CachedStatus, CalendarFeed
from lms.certification.service.assign import needed_on
from lms.content.catalogue import Catalogue
from lms.errors import NotFound
from lms.people.models import Account, Membership, Person, Unit
from lms.people.rules import Permission, paths_of
from lms.people.service.roles import grants_of
from lms.people.service.scope import in_paths, works_on
from lms.platform.db import insert_into
from lms.platform.rules import Phrase, phrase

BACK = timedelta(days=31)
AHEAD = timedelta(days=400)
REMIND_DAYS = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a calendar. key: its name in this site for ever; ends: of something with hours (none: the whole day `begins`)."""

    key: str
    words: Phrase
    address: str
    begins: date | datetime
    ends: datetime | None = None
    remind_days: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """Whose calendar, in which language, and what stands in it."""

    person_id: int
    lang: str
    entries: Sequence[Entry]


def open_feed(session: Session, *, person_id: int, now: datetime) -> int:
    """A new address for a person's calendar, by its number; the one before opens nothing any more."""
    fresh = insert_into(session, CalendarFeed).values(person_id=person_id, n=1, made_at=now)
    renewed = fresh.on_conflict_do_update(
        index_elements=[CalendarFeed.person_id], set_={"n": CalendarFeed.n + 1, "made_at": now, "used_at": None, "open": True}
    )
    return int(session.execute(renewed.returning(CalendarFeed.n)).scalar_one())


def close_feed(session: Session, *, person_id: int) -> None:
    """Let the address open nothing any more. The number stays, so that no former address is ever given again."""
    session.execute(update(CalendarFeed).where(CalendarFeed.person_id == person_id).values(open=False))


def find_feed(session: Session, *, person_id: int) -> CalendarFeed | None:
    """The address that a person has, if it opens."""
    row = session.get(CalendarFeed, person_id)
    return row if row is not None and row.open else None


def read_feed(session: Session, catalogue: Catalogue, *, person_id: int, n: int, today: date, now: datetime) -> Feed:
    """What stands in a calendar today. Raises NotFound for an address that has been ended or replaced, and for a closed account."""
    asked = select(Person.lang).join(Account, Account.person_id == Person.id).join(CalendarFeed, CalendarFeed.person_id == Person.id)
    lang = session.scalar(asked.where(Person.id == person_id, Account.active, CalendarFeed.n == n, CalendarFeed.open))
    if lang is None:
        raise NotFound("This calendar has ended.")
    paths = paths_of(grants_of(session, person_id=person_id), Permission.SEE_STANDING, today)
    units = _of_units(session, catalogue, paths, today) if paths else []
    return Feed(person_id, lang, [*_own(session, catalogue, person_id, today), *_exams(session, person_id, today, now), *units])


def _own(session: Session, catalogue: Catalogue, person_id: int, today: date) -> list[Entry]:
    asked = _needed_until(today).with_only_columns(CachedStatus.scheme, CachedStatus.until_on).where(CachedStatus.person_id == person_id).distinct()
    found = []
    for scheme, until_on in session.execute(asked.order_by(CachedStatus.until_on, CachedStatus.scheme)):
        if scheme in catalogue.schemes and until_on is not None:
            words = phrase("%(scheme)s: last day of my certificate", scheme=catalogue.schemes[scheme].title)
            found.append(Entry(f"own-{scheme}-{until_on}", words, "/certificates/", until_on, remind_days=REMIND_DAYS))
    return found


def _exams(session: Session, person_id: int, today: date, now: datetime) -> list[Entry]:
    found = []
    for due in due_exams(session, person_id=person_id, on=today, now=now):
        words = phrase("Test: %(title)s", title=due.exam.title)
        found.append(Entry(f"exam-{due.exam.id}", words, "/", due.exam.opens_at, due.exam.closes_at))
    return found


def _of_units(session: Session, catalogue: Catalogue, paths: tuple[str, ...], today: date) -> list[Entry]:
    """How many certificates run out on each day in the subtrees, without names: a calendar is kept by others."""
    counted = (
        _needed_until(today)
        .join(Membership, and_(Membership.person_id == CachedStatus.person_id, works_on(today)))
        .join(Unit, Unit.id == Membership.unit_id)
        .where(in_paths(Unit.path, paths))
        .with_only_columns(CachedStatus.scheme, CachedStatus.until_on, func.count(CachedStatus.person_id.distinct()))
        .group_by(CachedStatus.scheme, CachedStatus.until_on)
        .order_by(CachedStatus.until_on, CachedStatus.scheme)
    )
    found = []
    for scheme, until_on, n in session.execute(counted):
        if scheme in catalogue.schemes and until_on is not None:
            words = phrase("%(scheme)s: %(n)s certificates of my units run out", scheme=catalogue.schemes[scheme].title, n=n)
            found.append(Entry(f"units-{scheme}-{until_on}", words, f"/certification/?scheme={scheme}&show=expiring", until_on))
    return found


def _needed_until(today: date) -> Select[CachedStatus]:
    """Statuses of people who need the scheme, whose last day is near enough."""
    needed = and_(Assignment.person_id == CachedStatus.person_id, Assignment.scheme == CachedStatus.scheme, *needed_on(today))
    near = CachedStatus.until_on.between(today - BACK, today + AHEAD)
    return select(CachedStatus).join(Assignment, needed).where(near, CachedStatus.standing.in_(("valid", "expiring", "expired")))


def note_read(session: Session, *, person_id: int, now: datetime) -> None:
    """Note when a calendar was last asked for."""
    session.execute(update(CalendarFeed).where(CalendarFeed.person_id == person_id).values(used_at=now))
