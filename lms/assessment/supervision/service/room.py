"""The live room of a test: who is expected, who sits, how far each is, of whom nothing is heard. A constant number of queries."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.assessment.exams.models import Exam, ExamPerson
from lms.assessment.models import Attempt, Response, Result
from lms.assessment.service.scope import Scope, within
from lms.assessment.supervision.models import AttemptEvent, ExtraTime, Presence
from lms.assessment.supervision.rules.events import Facts, Kind, facts_of
from lms.assessment.supervision.rules.time import is_offline
from lms.clock import to_ms
from lms.people.models import Membership, Person, Unit
from lms.people.service.scope import in_paths, works_on

SHOWN = 1000
NO_FACTS = Facts()
LATELY = timedelta(hours=24)
LOOK_AGAIN_MS = 10_000
"""A page that nothing has happened to is made anew after this, because lengths of silence are on it."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in the room, with the latest attempt if there is one.

    state: expected, open, offline (open, but nothing is heard of it), submitted, lapsed, void. answered of `items`; place: the question in view, 0 if
    not known; seen_at: the last sign of life; extra_s: personal extra time, of the attempt or granted before it; bound: only one device may answer.
    """

    person_id: int
    name: str
    staff_code: str
    unit: str
    sort_key: str
    state: str = "expected"
    attempt_id: int | None = None
    n: int = 0
    started_at: datetime | None = None
    deadline_at: datetime | None = None
    closed_at: datetime | None = None
    seen_at: datetime | None = None
    answered: int = 0
    items: int = 0
    place: int = 0
    extra_s: int = 0
    bound: bool = False
    reopened: bool = False
    passed: bool | None = None
    unmarked: int = 0
    points: int | None = None
    max_points: int | None = None
    facts: Facts = NO_FACTS


@dataclass(frozen=True, slots=True)
class Room:
    """The seats in the order of names; more: whether there are more than are shown."""

    seats: tuple[Seat, ...]
    more: bool

    def count(self, *states: str) -> int:
        """How many seats are in one of these states."""
        return sum(seat.state in states for seat in self.seats)

    @property
    def started(self) -> int:
        """How many have an attempt that is not void."""
        return len(self.seats) - self.count("expected", "void")


def read_room(session: Session, *, key: str, exam: Exam | None, scope: Scope, now: datetime, today: date) -> Room:
    """Who is in the room of an offering, as far as the scope reaches. exam: where the offering is one, for those who are expected.

    Of other tests only what goes on or was closed in the last 24 hours is shown.
    """
    rows = session.execute(_attempts(key, scope, None if exam else now - LATELY).limit(SHOWN + 1)).all()
    facts = _read_facts(session, [row.id for row in rows])
    seats: dict[int, Seat] = {}
    for row in rows[:SHOWN]:
        seats.setdefault(row.person_id, _seat(row, facts.get(row.id, NO_FACTS), now))
    if exam is not None:
        granted = dict(
            session.execute(select(ExtraTime.person_id, func.sum(ExtraTime.seconds)).where(ExtraTime.offering == key).group_by(ExtraTime.person_id)).all()
        )
        for seat in _expected(session, exam, scope.paths_of(key), today):
            seats.setdefault(seat.person_id, replace(seat, extra_s=int(granted.get(seat.person_id, 0))))
    ordered = sorted(seats.values(), key=lambda seat: (seat.sort_key, seat.person_id))
    return Room(tuple(ordered[:SHOWN]), len(rows) > SHOWN or len(ordered) > SHOWN)


def room_tag(session: Session, *, key: str, now: datetime) -> str:
    """What a page of the room depends on, in one query: the last of everything that can happen in it."""
    here = select(Attempt.id).where(Attempt.offering == key)
    of_attempts = (
        func.max(Attempt.id),
        func.count().filter(Attempt.state == "open"),
        func.count().filter(Attempt.state == "void"),
        func.max(Attempt.closed_at),
    )
    parts: list[Any] = [select(part).where(Attempt.offering == key).scalar_subquery() for part in (*of_attempts, func.sum(Attempt.extra_s))]
    parts += [
        select(func.max(column)).where(owner.in_(here)).scalar_subquery()
        for column, owner in (
            (Response.saved_at, Response.attempt_id),
            (Presence.seen_at, Presence.attempt_id),
            (AttemptEvent.id, AttemptEvent.attempt_id),
        )
    ]
    parts.append(select(func.count()).select_from(ExtraTime).where(ExtraTime.offering == key).scalar_subquery())
    found = session.execute(select(*parts)).one()
    return "-".join(str(to_ms(part) if isinstance(part, datetime) else part or 0) for part in (*found, to_ms(now) // LOOK_AGAIN_MS))


def _attempts(key: str, scope: Scope, since: datetime | None) -> Select[*tuple[Any, ...]]:
    later = aliased(Result)
    latest = select(func.max(later.version)).where(later.attempt_id == Attempt.id).scalar_subquery()
    given = (
        select(Response.attempt_id, func.count().filter(Response.answer != "").label("answered"), func.max(Response.saved_at).label("saved_at"))
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(Attempt.offering == key)
        .group_by(Response.attempt_id)
        .subquery()
    )
    of_attempt = (Attempt.id, Attempt.person_id, Attempt.n, Attempt.state, Attempt.started_at, Attempt.deadline_at, Attempt.closed_at, Attempt.extra_s)
    rest = (Attempt.device, Attempt.reopened_at, Attempt.paper, Person.full_name, Person.staff_code, Person.sort_key, Unit.name.label("unit"))
    query = (
        select(*of_attempt, *rest, given.c.answered, given.c.saved_at, Presence.seen_at, Presence.place)
        .add_columns(Result.passed, Result.unmarked, Result.points, Result.max_points)
        .join(Person, Person.id == Attempt.person_id)
        .outerjoin(Unit, Unit.id == Attempt.unit_id)
        .outerjoin(given, given.c.attempt_id == Attempt.id)
        .outerjoin(Presence, Presence.attempt_id == Attempt.id)
        .outerjoin(Result, and_(Result.attempt_id == Attempt.id, Result.version == latest))
        .where(Attempt.offering == key, within(scope))
        .order_by(Attempt.id.desc())
    )
    return query if since is None else query.where(or_(Attempt.state == "open", Attempt.closed_at > since))


def _seat(row: Row[Any], facts: Facts, now: datetime) -> Seat:
    is_open = row.state == "open"
    seen_at = max(at for at in (row.started_at, row.saved_at, row.seen_at, row.reopened_at) if at is not None)
    return Seat(
        row.person_id,
        row.full_name,
        row.staff_code or "",
        row.unit or "",
        row.sort_key,
        state="offline" if is_open and is_offline(seen_at, now) else row.state,
        attempt_id=row.id,
        n=row.n,
        started_at=row.started_at,
        deadline_at=row.deadline_at,
        closed_at=row.closed_at,
        seen_at=seen_at,
        answered=row.answered or 0,
        items=len(json.loads(row.paper)),
        place=row.place or 0,
        extra_s=row.extra_s,
        bound=bool(row.device),
        reopened=row.reopened_at is not None,
        passed=None if is_open else row.passed,
        unmarked=0 if is_open else row.unmarked or 0,
        points=None if is_open else row.points,
        max_points=row.max_points,
        facts=facts,
    )


def _read_facts(session: Session, attempt_ids: Sequence[int]) -> dict[int, Facts]:
    if not attempt_ids:
        return {}
    noticed = (Kind.LEFT, Kind.BACK, Kind.PASTED, Kind.REFUSED_DEVICE)
    e = AttemptEvent
    query = select(e.attempt_id, e.kind, func.count(), func.max(e.seconds)).where(e.attempt_id.in_(attempt_ids), e.kind.in_(noticed))
    found: dict[int, list[tuple[str, int, int | None]]] = {}
    for attempt_id, kind, count, longest in session.execute(query.group_by(e.attempt_id, e.kind)):
        found.setdefault(attempt_id, []).append((kind, count, longest))
    return {attempt_id: facts_of(rows) for attempt_id, rows in found.items()}


def _expected(session: Session, exam: Exam, paths: Sequence[str], today: date) -> Iterator[Seat]:
    query = (
        select(Person.id, Person.full_name, Person.staff_code, Unit.name, Person.sort_key)
        .join(Membership, and_(Membership.person_id == Person.id, Membership.main, works_on(today)))
        .join(Unit, Unit.id == Membership.unit_id)
        .where(in_paths(Unit.path, paths))
        .order_by(Person.sort_key, Person.id)
        .limit(SHOWN + 1)
    )
    named = exists(select(ExamPerson.exam_id).where(ExamPerson.exam_id == exam.id, ExamPerson.person_id == Person.id))
    if exam.listed:
        query = query.where(named)
    else:
        root = aliased(Unit)
        query = query.join(root, root.id == exam.unit_id).where(or_(Unit.path.startswith(root.path), named))
    for person_id, name, code, unit, sort_key in session.execute(query):
        yield Seat(person_id, name, code or "", unit, sort_key)
