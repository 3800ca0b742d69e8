"""Time that a person is given before the start."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms.assessment.service.scope import Scope
from lms.assessment.supervision.models import ExtraTime
from lms.assessment.supervision.service.reasons import reason_of, seconds_of
from lms.errors import NotAllowed, NotFound
from lms.people.models import Person
from lms.people.service.scope import is_visible
from lms.platform.audit import record


def granted(person_id: Any, offering: Any) -> Select[int]:
    """How many seconds a person has more in every attempt at an offering that is still to start."""
    return select(func.coalesce(func.sum(ExtraTime.seconds), 0)).where(ExtraTime.offering == offering, ExtraTime.person_id == person_id)


def granted_s(session: Session, *, person_id: int, offering: str) -> int:
    """The same as a number of seconds."""
    return session.execute(granted(person_id, offering)).scalar_one()


def list_granted(session: Session, *, offering: str, person_ids: Collection[int]) -> list[ExtraTime]:
    """The grants of these people at an offering, the oldest first."""
    query = select(ExtraTime).where(ExtraTime.offering == offering, ExtraTime.person_id.in_(person_ids))
    return list(session.scalars(query.order_by(ExtraTime.id)))


def find_person(session: Session, *, offering: str, person_id: int, scope: Scope, on: date) -> Person:
    """A person whom this supervisor may decide about at an offering. Raises NotFound."""
    query = select(Person).where(Person.id == person_id, is_visible(scope.paths_of(offering), on))
    person = session.execute(query).scalar_one_or_none()
    if person is None:
        raise NotFound("There is no such person in your part of the organisation.")
    return person


def grant_time(session: Session, *, offering: str, person_id: int, scope: Scope, minutes: int, reason: str, now: datetime) -> ExtraTime:
    """Give a person more time in the attempts that are still to start.

    Raises NotFound outside of the scope, NotAllowed for oneself, Invalid without a reason or with no sensible number of minutes.
    """
    find_person(session, offering=offering, person_id=person_id, scope=scope, on=now.date())
    if person_id == scope.person_id:
        raise NotAllowed("Nobody decides about the own sitting; ask another supervisor.")
    values = {"offering": offering, "person_id": person_id, "seconds": seconds_of(minutes), "reason": reason_of(reason)}
    row = ExtraTime(**values, by_person_id=scope.person_id, at=now)
    session.add(row)
    detail = {"offering": offering, "minutes": minutes, "reason": row.reason}
    record(session, now=now, actor_id=scope.person_id, action="extra_time_granted", subject_kind="person", subject_id=person_id, detail=detail)
    session.flush()
    return row
