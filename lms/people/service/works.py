"""Second jobs: somebody works in another unit besides the main one, as often as it is so."""

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.errors import Conflict, Invalid, NotFound
from lms.people.models import Membership, Unit
from lms.people.rules import covers
from lms.people.service.persons import get_person, join
from lms.platform.audit import record


def add_second_work(
    session: Session,
    *,
    person_id: int,
    unit_id: int,
    on: date,
    now: datetime,
    actor_id: int | None,
    position: str = "",
    kind: str = "employee",
    paths: tuple[str, ...],
) -> Membership:
    """Let a person work in another unit too, from a day on; the main work stays.

    Raises NotFound for a person or unit outside `paths`, Conflict for a closed unit, where the person works in it already, or has no main work yet.
    """
    get_person(session, person_id=person_id, paths=paths, on=now.date())
    lasting = select(Membership).where(Membership.person_id == person_id, or_(Membership.until_on.is_(None), Membership.until_on >= on))
    works = session.scalars(lasting.with_for_update()).all()
    if not any(work.main for work in works):
        raise Conflict("Enter the main work first.")
    if any(work.unit_id == unit_id for work in works):
        raise Conflict("The person works there already.")
    added = join(session, person_id, unit_id, position, on, paths, kind, main=False)
    record(session, now=now, actor_id=actor_id, action="second_work_added", subject_kind="person", subject_id=person_id, detail={"unit": unit_id, "on": on})
    return added


def end_second_work(
    session: Session, *, person_id: int, membership_id: int, last_on: date, now: datetime, actor_id: int | None, paths: tuple[str, ...]
) -> None:
    """End a second work with its last day. Raises NotFound outside `paths` and for a main work, Invalid before it began, Conflict where it has ended."""
    row = session.execute(
        select(Membership, Unit.path)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.id == membership_id, Membership.person_id == person_id, Membership.main.is_(False))
        .with_for_update(of=Membership)
    ).first()
    if row is None or not covers(paths, row[1]):
        raise NotFound("There is no such work.")
    work: Membership = row[0]
    if work.until_on is not None and work.until_on <= last_on:
        raise Conflict("This work ends on %(date)s already.", date=work.until_on)
    if last_on < work.from_on:
        raise Invalid("The present work began on %(date)s; its last day cannot be before.", date=work.from_on)
    work.until_on = last_on
    session.flush()
    detail = {"unit": work.unit_id, "last_on": last_on}
    record(session, now=now, actor_id=actor_id, action="second_work_ended", subject_kind="person", subject_id=person_id, detail=detail)
