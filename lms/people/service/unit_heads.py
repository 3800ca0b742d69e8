"""Approved head counts of units: entered, never changed; the latest of a day counts."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.errors import Invalid
from lms.people.models import UnitHeadCount
from lms.people.rules import name_words
from lms.people.service.units import EVERYWHERE, get_unit
from lms.platform.audit import record

MOST = 10_000_000


def approve_head_count(
    session: Session,
    *,
    unit_id: int,
    n: int,
    counted_on: date,
    approved_by: str,
    now: datetime,
    today: date,
    actor_id: int | None,
    note: str = "",
    paths: tuple[str, ...] = EVERYWHERE,
) -> UnitHeadCount:
    """Enter how many people a unit has on a day, everything below it included, and who has approved it. Raises Invalid, NotFound."""
    unit = get_unit(session, unit_id=unit_id, paths=paths)
    approver = name_words(approved_by)
    if not 0 <= n <= MOST:
        raise Invalid("A head count is a number from 0 to %(most)s.", most=MOST)
    if not 1 <= len(approver) <= 200:  # noqa: PLR2004
        raise Invalid("Say who has approved the head count (at most 200 characters).")
    if counted_on > today:
        raise Invalid("A head count cannot be of a day to come.")
    row = UnitHeadCount(unit_id=unit.id, n=n, counted_on=counted_on, approved_by=approver, note=name_words(note)[:400], entered_by=actor_id, entered_at=now)
    session.add(row)
    session.flush()
    record(session, now=now, actor_id=actor_id, action="head_count_approved", subject_kind="unit", subject_id=unit.id, detail={"n": n, "on": counted_on})
    return row


def list_head_counts(session: Session, *, unit_id: int) -> Sequence[UnitHeadCount]:
    """The head counts of a unit, the latest first, at most 50."""
    mine = select(UnitHeadCount).where(UnitHeadCount.unit_id == unit_id)
    return session.scalars(mine.order_by(UnitHeadCount.counted_on.desc(), UnitHeadCount.id.desc()).limit(50)).all()


def head_counts_on(session: Session, *, unit_ids: Sequence[int], on: date) -> dict[int, UnitHeadCount]:
    """The head count that counts on a day, by unit; one query."""
    newest = func.row_number().over(partition_by=UnitHeadCount.unit_id, order_by=(UnitHeadCount.counted_on.desc(), UnitHeadCount.id.desc()))
    ranked = select(UnitHeadCount.id, newest.label("place")).where(UnitHeadCount.unit_id.in_(unit_ids), UnitHeadCount.counted_on <= on).subquery()
    rows = session.scalars(select(UnitHeadCount).join(ranked, ranked.c.id == UnitHeadCount.id).where(ranked.c.place == 1))
    return {row.unit_id: row for row in rows}
