"""Two units become one: people, units below and roles go over, the taken one closes; everything that was stays readable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.orm import Session

from lms.errors import Conflict
from lms.people.models import Membership, RoleGrant, Unit
from lms.people.rules import covers
from lms.people.service.units import EVERYWHERE, get_unit, keep_past, look_again, move_paths
from lms.platform.audit import record

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What would go over: people who work in the taken unit itself, units directly below it, roles over it."""

    source: Unit
    target: Unit
    people: int
    units: int
    roles: int


def preview_merge(session: Session, *, source_id: int, target_id: int, on: date, paths: tuple[str, ...] = EVERYWHERE) -> MergePreview:
    """What a merge on a day would do. Raises NotFound outside `paths`, Conflict where it cannot be."""
    source, target = _both(session, source_id, target_id, on, paths)
    people = select(func.count(func.distinct(Membership.person_id))).where(Membership.unit_id == source.id, _lasts(on))
    units = select(func.count()).select_from(Unit).where(Unit.parent_id == source.id)
    roles = select(func.count()).select_from(RoleGrant).where(RoleGrant.unit_id == source.id, _holds(on))
    return MergePreview(source, target, session.scalar(people) or 0, session.scalar(units) or 0, session.scalar(roles) or 0)


def merge_unit(session: Session, *, source_id: int, target_id: int, on: date, now: datetime, actor_id: int | None, paths: tuple[str, ...] = EVERYWHERE) -> Unit:
    """Let the target take the source over from a day on; gives the target. The same number of statements however large both are.

    People work in the target from that day, in the same jobs; units below hang under it; roles over the source end the day before and begin
    anew over the target; the source is closed and remembers who took it over. Raises as `preview_merge` does.
    """
    source, target = _both(session, source_id, target_id, on, paths, lock=True)
    people = _move_people(session, source.id, target.id, on)
    children = session.scalars(select(Unit.id).where(Unit.parent_id == source.id)).all()
    if children:
        below = Unit.path.startswith(source.path) & (Unit.id != source.id)
        move_paths(session, below, source.path, target.path, now)
        session.execute(update(Unit).where(Unit.id.in_(children)).values(parent_id=target.id).execution_options(synchronize_session=False))
    _move_roles(session, source.id, target.id, on, actor_id)
    keep_past(session, Unit.id == source_id, now)
    look_again(session)
    source.closed_on, source.merged_into = on, target_id
    session.flush()
    detail = {"into": target_id, "on": on, "people": people, "units": len(children)}
    record(session, now=now, actor_id=actor_id, action="unit_merged", subject_kind="unit", subject_id=source_id, detail=detail)
    return target


def _both(session: Session, source_id: int, target_id: int, on: date, paths: tuple[str, ...], *, lock: bool = False) -> tuple[Unit, Unit]:
    source = get_unit(session, unit_id=source_id, paths=paths, lock=lock)
    target = get_unit(session, unit_id=target_id, paths=paths, lock=lock)
    if covers((source.path,), target.path):
        raise Conflict("A unit cannot be merged into itself or into a unit below it.")
    for unit in (source, target):
        if unit.closed_on is not None and unit.closed_on <= on:
            raise Conflict("%(name)s is closed.", name=unit.name)
    return source, target


def _move_people(session: Session, source_id: int, target_id: int, on: date) -> int:
    """Works that last on the day end the day before and go on in the target; those that begin later begin there."""
    wanted = select(Membership.person_id, Membership.position, Membership.kind, Membership.main, Membership.from_on, Membership.until_on)
    lasting = session.execute(wanted.where(Membership.unit_id == source_id, _lasts(on)).with_for_update()).all()
    cut = [row for row in lasting if row.from_on < on]
    whole = Membership.unit_id == source_id, Membership.from_on >= on
    session.execute(update(Membership).where(*whole).values(unit_id=target_id).execution_options(synchronize_session=False))
    ended = Membership.unit_id == source_id, Membership.from_on < on, _lasts(on)
    session.execute(update(Membership).where(*ended).values(until_on=on - ONE_DAY).execution_options(synchronize_session=False))
    if cut:
        rows = [row._asdict() | {"unit_id": target_id, "from_on": on} for row in cut]
        session.execute(insert(Membership.__table__), rows)  # type: ignore[arg-type]
    return len({row.person_id for row in lasting})


def _move_roles(session: Session, source_id: int, target_id: int, on: date, actor_id: int | None) -> None:
    """Roles over the source that last end the day before and begin anew over the target, unless somebody holds the same there."""
    lasting = session.execute(
        select(RoleGrant.person_id, RoleGrant.role, RoleGrant.from_on, RoleGrant.until_on).where(RoleGrant.unit_id == source_id, _holds(on))
    ).all()
    there = {
        (row.person_id, row.role) for row in session.execute(select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.unit_id == target_id, _holds(on)))
    }
    later = RoleGrant.unit_id == source_id, RoleGrant.from_on >= on
    session.execute(update(RoleGrant).where(*later).values(unit_id=target_id).execution_options(synchronize_session=False))
    ended = RoleGrant.unit_id == source_id, _holds(on)
    session.execute(update(RoleGrant).where(*ended).values(until_on=on - ONE_DAY).execution_options(synchronize_session=False))
    rows = [
        {"person_id": row.person_id, "role": row.role, "unit_id": target_id, "from_on": on, "until_on": row.until_on, "granted_by": actor_id}
        for row in lasting
        if (row.from_on is None or row.from_on < on) and (row.person_id, row.role) not in there
    ]
    if rows:
        session.execute(insert(RoleGrant.__table__), rows)  # type: ignore[arg-type]


def _lasts(on: date) -> ColumnElement[bool]:
    return or_(Membership.until_on.is_(None), Membership.until_on >= on)


def _holds(on: date) -> ColumnElement[bool]:
    return or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= on)


def merged_from(session: Session, *, unit_id: int) -> Sequence[Unit]:
    """The units that this one has taken over, the latest first."""
    return session.scalars(select(Unit).where(Unit.merged_into == unit_id).order_by(Unit.closed_on.desc(), Unit.id)).all()
