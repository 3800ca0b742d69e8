"""Roles: given over a subtree for some days, ended, never deleted."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from lms.errors import Conflict, Invalid, NotFound
from lms.people.models import Account, Person, RoleGrant, Unit
from lms.people.rules import STAFF_ROLES, Grant, Role, covers, refuse_grant
from lms.people.service.scope import EVERYWHERE
from lms.people.service.units import get_unit
from lms.platform.audit import record


def grant_role(
    session: Session,
    *,
    person_id: int,
    role: Role,
    now: datetime,
    unit_id: int | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
    actor_id: int | None = None,
    paths: tuple[str, ...] = EVERYWHERE,
) -> RoleGrant:
    """Give a person a role over the subtree of a unit (the whole site if none), from a day until a day (both included).

    A person who signed in with a PIN so far is signed out by a first staff role, and chooses a password at the next sign-in.
    Raises NotFound for a unit outside `paths`, Invalid if the role cannot be given for these days, Conflict if the person has it.
    """
    if unit_id is None and "/" not in paths:
        raise NotFound("There is no such unit.")
    unit = get_unit(session, unit_id=unit_id, paths=paths) if unit_id else None
    if session.get(Person, person_id, with_for_update=True) is None:
        raise NotFound("There is no such person.")
    if why := refuse_grant(role, from_on, until_on):
        raise Invalid(why.message, **why.params)
    begins = from_on or now.date()
    same = select(RoleGrant.id).where(RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.unit_id == unit_id)
    if session.scalar(same.where(or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= begins)).limit(1)):
        raise Conflict("The person already has this role there.")
    grant = RoleGrant(person_id=person_id, role=role, unit_id=unit.id if unit else None, from_on=from_on, until_on=until_on, granted_by=actor_id)
    session.add(grant)
    session.flush()
    if role in STAFF_ROLES:
        with_pin = update(Account).where(Account.person_id == person_id, Account.secret_kind == "pin")  # noqa: S105
        session.execute(with_pin.values(epoch=Account.epoch + 1, must_change=True))
    detail = {"role": str(role), "unit": unit_id, "until_on": until_on}
    record(session, now=now, actor_id=actor_id, action="role_granted", subject_kind="person", subject_id=person_id, detail=detail)
    return grant


def end_role(
    session: Session,
    *,
    person_id: int,
    grant_id: int,
    last_on: date,
    today: date,
    now: datetime,
    actor_id: int | None,
    paths: tuple[str, ...] = EVERYWHERE,
) -> RoleGrant:
    """End a role with its last day; a day before today means that it is over now. It cannot be made longer.

    Raises NotFound outside `paths`, Conflict if it has ended already or nobody would be left to administer the site.
    """
    row = session.execute(
        select(RoleGrant, Unit.path).outerjoin(Unit, Unit.id == RoleGrant.unit_id).where(RoleGrant.id == grant_id, RoleGrant.person_id == person_id)
    ).first()
    if row is None or not covers(paths, row.path or "/"):
        raise NotFound("There is no such role.")
    grant: RoleGrant = row.RoleGrant
    if grant.until_on is not None and grant.until_on <= last_on:
        raise Conflict("This role ends on %(date)s already.", date=grant.until_on)
    grant.until_on = last_on
    if grant.from_on and grant.from_on > last_on:
        grant.from_on = last_on
    session.flush()
    if grant.role == Role.ADMINISTRATOR and not count_administrators(session, on=max(today, last_on) + timedelta(days=1)):
        raise Conflict("The site needs an administrator: name another one first.")
    detail = {"role": grant.role, "unit": grant.unit_id, "last_on": last_on}
    record(session, now=now, actor_id=actor_id, action="role_ended", subject_kind="person", subject_id=person_id, detail=detail)
    return grant


def count_administrators(session: Session, *, on: date) -> int:
    """How many people with an open account administer the whole site on a day."""
    wanted = (
        select(func.count(func.distinct(RoleGrant.person_id)))
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(Account.active, RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.unit_id.is_(None))
        .where(or_(RoleGrant.from_on.is_(None), RoleGrant.from_on <= on), or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= on))
    )
    return session.scalar(wanted) or 0


def grants_of(session: Session, *, person_id: int) -> tuple[Grant, ...]:
    """Every grant that a person has or had, for the rules."""
    rows = session.execute(
        select(RoleGrant.role, Unit.path, RoleGrant.from_on, RoleGrant.until_on)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id == person_id)
    )
    return tuple(Grant(Role(row.role), row.path or "/", row.from_on, row.until_on) for row in rows)
