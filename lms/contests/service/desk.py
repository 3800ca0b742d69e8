"""What the organiser sees of a round: states of attempts, and the ranking as rows for a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.clock import to_ms
from lms.contests.models import Entry
from lms.contests.service.ranking import ORDER
from lms.contests.terms import key_of
from lms.people.models import Person, Unit
from lms.people.rules import covers
from lms.people.service.scope import EVERYWHERE, in_paths

BATCH = 1000
STATES = ("open", "submitted", "lapsed", "void")


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A row of the exported ranking. elapsed_ms and submitted_ms are exact."""

    place: int
    staff_code: str | None
    name: str
    unit_code: str | None
    unit: str | None
    correct: int
    item_count: int
    elapsed_ms: int
    submitted_ms: int
    attempts: int


def count_states(session: Session, *, contest: str, round_slug: str, paths: Sequence[str] = EVERYWHERE) -> dict[str, int]:
    """How many attempts are open, submitted, lapsed and void, within the subtrees."""
    counts = select(Attempt.state, func.count()).where(Attempt.offering == key_of(contest, round_slug)).group_by(Attempt.state)
    if "/" not in paths:
        counts = counts.join(Unit, Unit.id == Attempt.unit_id).where(in_paths(Unit.path, paths))
    found = {row[0]: row[1] for row in session.execute(counts)}
    return {state: found.get(state, 0) for state in STATES}


def export_rows(session: Session, *, contest: str, round_slug: str, paths: Sequence[str] = EVERYWHERE) -> Iterator[ExportRow]:
    """The whole ranking in order, in batches; within the subtrees, with the places of the whole ranking."""
    columns = (*ORDER, Entry.correct, Entry.item_count, Entry.elapsed_ms, Entry.submitted_at, Entry.attempts)
    named = select(*columns, Person.full_name, Person.staff_code, Unit.name.label("unit_name"), Unit.code, Unit.path)
    joined = named.join(Person, Person.id == Entry.person_id).outerjoin(Unit, Unit.id == Entry.unit_id)
    rows = session.execute(joined.where(Entry.contest == contest, Entry.round == round_slug).order_by(*ORDER).execution_options(yield_per=BATCH))
    before: tuple[int, int, int] | None = None
    place = 0
    for position, row in enumerate(rows, 1):
        values = (row.rank_1, row.rank_2, row.rank_3)
        place = place if values == before else position
        before = values
        if "/" in paths or (row.path and covers(paths, row.path)):
            yield _export_row(place, row)


def _export_row(place: int, row: Any) -> ExportRow:
    return ExportRow(
        place=place,
        staff_code=row.staff_code,
        name=row.full_name,
        unit_code=row.code,
        unit=row.unit_name,
        correct=row.correct,
        item_count=row.item_count,
        elapsed_ms=row.elapsed_ms,
        submitted_ms=to_ms(row.submitted_at),
        attempts=row.attempts,
    )
