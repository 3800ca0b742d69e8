"""Who is excused from a scheme for some days: decided by an officer, ended by the calendar or before."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from lms.certification.models import Assignment, TrainingWaiver
from lms.certification.rules.waivers import Waiver, refuse_days
from lms.certification.scheme_terms import get_scheme
from lms.certification.service.assign import needed_on
from lms.certification.service.records import ALL_WE_KNOW, Key, People, get_member
from lms.content.catalogue import Catalogue
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.people.models import Person
from lms.platform.audit import record


def waiver_of(row: TrainingWaiver) -> Waiver:
    """A row as the rules reckon with it."""
    return Waiver(row.from_on, row.until_on, row.ended_on)


def holds_on(on: date) -> tuple[Any, ...]:
    """The conditions that a waiver holds on a day; what `Waiver.holds` says, for the database."""
    w = TrainingWaiver
    return w.from_on <= on, w.until_on >= on, or_(w.ended_on.is_(None), w.ended_on > on)


def is_waived(person_id: Any, scheme: Any, on: date) -> ColumnElement[bool]:
    """Whether a waiver of the person and scheme of these columns holds on a day."""
    w = TrainingWaiver
    return select(w.id).where(w.person_id == person_id, w.scheme == scheme, *holds_on(on)).correlate_except(w).exists()


def read_waivers(session: Session, people: People, on: date, known_at: datetime = ALL_WE_KNOW) -> dict[Key, list[Waiver]]:
    """The waivers of people that hold on a day, by (person, scheme), as far as they were known at an instant; one query."""
    w = TrainingWaiver
    found: defaultdict[Key, list[Waiver]] = defaultdict(list)
    rows = select(w.person_id, w.scheme, w.from_on, w.until_on, w.ended_on, w.ended_at)
    for row in session.execute(rows.where(w.person_id.in_(people), w.from_on <= on, w.until_on >= on, w.made_at <= known_at)):
        ended_on = row[4] if row[5] is not None and row[5] <= known_at else None
        waiver = Waiver(row[2], row[3], ended_on)
        if waiver.holds(on):
            found[row[0], row[1]].append(waiver)
    return dict(found)


def list_waivers(session: Session, *, person_id: int) -> list[TrainingWaiver]:
    """All waivers of a person, the latest first."""
    asked = select(TrainingWaiver).where(TrainingWaiver.person_id == person_id)
    return list(session.scalars(asked.order_by(TrainingWaiver.from_on.desc(), TrainingWaiver.id.desc())))


def waive(
    session: Session,
    *,
    catalogue: Catalogue,
    person_id: int,
    scheme: str,
    from_on: date,
    until_on: date,
    reason: str,
    paths: tuple[str, ...],
    actor_id: int,
    today: date,
    now: datetime,
) -> TrainingWaiver:
    """Excuse a person of the subtrees from a scheme that is assigned to them.

    Raises NotFound out of scope, NotAllowed for oneself, Invalid for days or reason that cannot be, Conflict where it is not assigned or waived already.
    """
    get_scheme(catalogue, scheme)
    get_member(session, paths=paths, person_id=person_id, on=today)
    if person_id == actor_id:
        raise NotAllowed("Somebody else has to decide about your own training.")
    refused = refuse_days(from_on, until_on, today)
    if refused is not None:
        raise Invalid(refused.message, **refused.params)
    if not reason.strip():
        raise Invalid("Give a reason.")
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    if session.scalar(select(Assignment.id).where(Assignment.person_id == person_id, Assignment.scheme == scheme, *needed_on(from_on)).limit(1)) is None:
        raise Conflict("The scheme is not assigned to this person on the first day.")
    for other in list_waivers(session, person_id=person_id):
        if other.scheme == scheme and from_on <= waiver_of(other).last_on and other.from_on <= until_on and waiver_of(other).last_on >= other.from_on:
            raise Conflict("There is a waiver from %(first)s through %(last)s already.", first=other.from_on, last=waiver_of(other).last_on)
    made = TrainingWaiver(person_id=person_id, scheme=scheme, from_on=from_on, until_on=until_on, reason=reason.strip(), made_by=actor_id, made_at=now)
    session.add(made)
    session.flush()
    detail = {"scheme": scheme, "from_on": from_on, "until_on": until_on, "reason": made.reason}
    record(session, now=now, actor_id=actor_id, action="waive", subject_kind="person", subject_id=person_id, detail=detail)
    return made


def end_waiver(session: Session, *, waiver_id: int, paths: tuple[str, ...], actor_id: int, today: date, now: datetime) -> TrainingWaiver:
    """From today on the waiver holds no more. Raises NotFound out of scope, Conflict where it is over already."""
    row = session.scalar(select(TrainingWaiver).where(TrainingWaiver.id == waiver_id).with_for_update())
    if row is None:
        raise NotFound("There is no such waiver.")
    get_member(session, paths=paths, person_id=row.person_id, on=today)
    if row.ended_on is not None or row.until_on < today:
        raise Conflict("This waiver is over already.")
    row.ended_on, row.ended_by, row.ended_at = today, actor_id, now
    session.flush()
    detail = {"scheme": row.scheme, "from_on": row.from_on, "until_on": row.until_on}
    record(session, now=now, actor_id=actor_id, action="waiver_ended", subject_kind="person", subject_id=row.person_id, detail=detail)
    return row
