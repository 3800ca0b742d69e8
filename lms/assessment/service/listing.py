"""The results of a test for whoever runs it: a page of them, and all of them for a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from lms.assessment.models import Attempt, Result
from lms.assessment.service.scope import Scope, within
from lms.people.models import Person, Unit

PAGE = 50
CHUNK = 500


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One attempt with its latest result; points in hundredths. version: 0 while it has none."""

    attempt_id: int
    name: str
    staff_code: str
    unit_code: str
    unit: str
    n: int
    period: str
    state: str
    started_at: datetime
    closed_at: datetime | None
    points: int | None
    max_points: int | None
    correct: int | None
    item_count: int | None
    unmarked: int
    passed: bool | None
    version: int


def list_results(session: Session, *, offering: str, scope: Scope, page: int = 1) -> tuple[list[ResultRow], bool]:
    """A page of the attempts of a test in the scope, the latest first, and whether there are more. One query."""
    rows = session.execute(_rows(offering, scope).order_by(Attempt.id.desc()).offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return [_row(row) for row in rows[:PAGE]], len(rows) > PAGE


def export_results(session: Session, *, offering: str, scope: Scope) -> Iterator[ResultRow]:
    """Every attempt of a test in the scope by id, 500 at a time."""
    after_id = 0
    while True:
        rows = session.execute(_rows(offering, scope).where(Attempt.id > after_id).order_by(Attempt.id).limit(CHUNK)).all()
        yield from map(_row, rows)
        if len(rows) < CHUNK:
            return
        after_id = rows[-1][0].id


def _rows(offering: str, scope: Scope) -> Select[*tuple[Any, ...]]:
    later = aliased(Result)
    latest = select(func.max(later.version)).where(later.attempt_id == Attempt.id).scalar_subquery()
    query = select(Attempt, Person, Unit, Result).join(Person, Person.id == Attempt.person_id).outerjoin(Unit, Unit.id == Attempt.unit_id)
    query = query.outerjoin(Result, and_(Result.attempt_id == Attempt.id, Result.version == latest))
    return query.where(Attempt.offering == offering, within(scope))


def _row(row: Any) -> ResultRow:
    attempt, person, unit, result = row
    return ResultRow(
        attempt_id=attempt.id,
        name=person.full_name,
        staff_code=person.staff_code or "",
        unit_code=unit.code if unit else "",
        unit=unit.name if unit else "",
        n=attempt.n,
        period=attempt.period,
        state=attempt.state,
        started_at=attempt.started_at,
        closed_at=attempt.closed_at,
        points=result.points if result else None,
        max_points=result.max_points if result else None,
        correct=result.correct if result else None,
        item_count=result.item_count if result else None,
        unmarked=result.unmarked if result else 0,
        passed=result.passed if result else None,
        version=result.version if result else 0,
    )
