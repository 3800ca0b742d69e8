"""Codes by which people enter themselves into a unit."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.errors import Conflict, Invalid, NotFound
from lms.people.joining.models import JoinCode, JoinRequest
from lms.people.joining.rules import DAYS_MOST, LENGTH, LETTERS, USES_MOST, is_open, plain_code
from lms.people.models import Unit
from lms.people.service.scope import in_paths
from lms.people.service.units import get_unit
from lms.platform.audit import record

PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A code with the name of its unit, whether it still opens, and how many wait by it."""

    code: JoinCode
    unit: str
    open: bool
    waiting: int


def make_code(
    session: Session,
    *,
    unit_id: int,
    until_on: date,
    most_uses: int | None,
    approved: bool,
    actor_id: int,
    paths: tuple[str, ...],
    today: date,
    now: datetime,
) -> JoinCode:
    """Give out a code of a unit. Raises NotFound outside `paths`, Conflict for a closed unit, Invalid for a day or number that cannot be."""
    unit = get_unit(session, unit_id=unit_id, paths=paths)
    if unit.closed_on is not None and unit.closed_on <= today:
        raise Conflict("%(name)s is closed and takes no people.", name=unit.name)
    if not today <= until_on <= today + timedelta(days=DAYS_MOST):
        raise Invalid("Choose a last day from today on, at most a year away.")
    if most_uses is not None and not 1 <= most_uses <= USES_MOST:
        raise Invalid("Choose a number from 1 to %(most)s, or leave it open.", most=USES_MOST)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    made = JoinCode(code=code, unit_id=unit.id, approved=approved, until_on=until_on, most_uses=most_uses, made_by=actor_id, made_at=now)
    session.add(made)
    session.flush()
    detail = {"unit": unit.id, "until_on": until_on}
    record(session, now=now, actor_id=actor_id, action="join_code_made", subject_kind="join_code", subject_id=made.id, detail=detail)
    return made


def close_code(session: Session, *, code_id: int, actor_id: int, paths: tuple[str, ...], now: datetime) -> None:
    """Let nobody join by a code any more. Raises NotFound outside `paths`, Conflict where it is closed already."""
    code, _ = get_code(session, code_id=code_id, paths=paths)
    if code.closed_at is not None:
        raise Conflict("This code is closed already.")
    code.closed_at = now
    session.flush()
    record(session, now=now, actor_id=actor_id, action="join_code_closed", subject_kind="join_code", subject_id=code.id)


def get_code(session: Session, *, code_id: int, paths: Sequence[str]) -> tuple[JoinCode, Unit]:
    """A code with its unit. Raises NotFound outside `paths`."""
    row = session.execute(select(JoinCode, Unit).join(Unit, Unit.id == JoinCode.unit_id).where(JoinCode.id == code_id, in_paths(Unit.path, paths))).first()
    if row is None:
        raise NotFound("There is no such code.")
    return row[0], row[1]


def find_open_code(session: Session, *, text: str, on: date, lock: bool = False) -> tuple[JoinCode, Unit]:
    """The code that somebody has typed, with its unit. Raises NotFound, whether it never was or opens no more."""
    wanted = select(JoinCode, Unit).join(Unit, Unit.id == JoinCode.unit_id).where(JoinCode.code == plain_code(text))
    row = session.execute(wanted.with_for_update(of=JoinCode) if lock else wanted).first()
    if row is None or not opens(row[0], on) or (row[1].closed_on is not None and row[1].closed_on <= on):
        raise NotFound("There is no such code, or it opens no more. Ask whoever has given it to you.")
    return row[0], row[1]


def opens(code: JoinCode, on: date) -> bool:
    """Whether somebody may still join by a code."""
    return is_open(until_on=code.until_on, closed=code.closed_at is not None, uses=code.uses, most_uses=code.most_uses, on=on)


def list_codes(session: Session, *, paths: Sequence[str], on: date, page: int) -> tuple[list[Listed], int]:
    """The codes of the subtrees, the latest first, and how many there are; two queries."""
    where = in_paths(Unit.path, paths)
    total = session.scalar(select(func.count()).select_from(JoinCode).join(Unit, Unit.id == JoinCode.unit_id).where(where)) or 0
    waiting = select(func.count()).where(JoinRequest.code_id == JoinCode.id).correlate(JoinCode).scalar_subquery()
    rows = session.execute(
        select(JoinCode, Unit.name, waiting)
        .join(Unit, Unit.id == JoinCode.unit_id)
        .where(where)
        .order_by(JoinCode.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [Listed(code, unit, opens(code, on), n) for code, unit, n in rows], total
