"""The ranking of a round, a page at a time: a page is a range of the index, whose order is the order of the rank keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import Session

from lms.contests.models import Entry
from lms.contests.rules.keys import tie_words
from lms.contests.rules.ranking import competition_ranks
from lms.people.models import Person, Unit
from lms.platform.rules import Phrase

PAGE = 50
Cursor = tuple[int, int, int, int]
"""Where a row stands in the index: its three rank values and the person."""
Side = Literal["after", "before", "from"]
ORDER = (Entry.rank_1, Entry.rank_2, Entry.rank_3, Entry.person_id)


@dataclass(frozen=True, slots=True)
class Ranked:
    """One row of a ranking. tie: why it stands before the next row although the first key is equal, or that they share the place."""

    place: int
    person_id: int
    name: str
    unit: str | None
    correct: int
    item_count: int
    elapsed_ms: int
    submitted_at: datetime
    attempts: int
    cursor: Cursor
    tie: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in a row of the ranking, and whether there are more on either side."""

    rows: tuple[Ranked, ...]
    has_before: bool
    has_after: bool


def list_page(
    session: Session, *, contest: str, round_slug: str, rank: Sequence[str], side: Side = "after", cursor: Cursor | None = None, size: int = PAGE
) -> Page:
    """A page of the ranking after, before, or from a row on (from the first, without a cursor).

    One query by the index; a page that does not begin at the top needs one more, which counts who is better than its first row.
    """
    wanted = _rows(contest, round_slug)
    backwards = side == "before" and cursor is not None
    if cursor is not None:
        wanted = wanted.where(_beyond(side, cursor))
    order = [column.desc() for column in ORDER] if backwards else list(ORDER)
    found = list(session.execute(wanted.order_by(*order).limit(size + 1)))
    more, shown = len(found) > size, found[:size]
    if backwards:
        shown.reverse()
    following = found[size] if more and not backwards else None
    if not shown:
        return Page((), has_before=cursor is not None and not backwards, has_after=backwards)
    before, better = (0, 0) if cursor is None else _count_before(session, contest, round_slug, (*_values(shown[0]), shown[0].person_id))
    return Page(_ranked(shown, following, rank, before, better), has_before=before > 0, has_after=backwards or more)


def _beyond(side: Side, cursor: Cursor) -> ColumnElement[bool]:
    """The condition that a row stands after, before, or at or after a row: a range of the index."""
    here, there = tuple_(*ORDER), tuple_(*(literal(value, BigInteger) for value in cursor))
    return {"after": here > there, "before": here < there, "from": here >= there}[side]


def _count_before(session: Session, contest: str, round_slug: str, cursor: Cursor) -> tuple[int, int]:
    """How many entries stand before a row, and how many of them are strictly better, counted in the index."""
    better = tuple_(*ORDER[:3]) < tuple_(*(literal(value, BigInteger) for value in cursor[:3]))
    counts = select(func.count(), func.count().filter(better))
    before, strictly = session.execute(counts.where(Entry.contest == contest, Entry.round == round_slug, _beyond("before", cursor))).one()
    return before, strictly


def find_own(session: Session, *, contest: str, round_slug: str, person_id: int) -> Ranked | None:
    """The row of a person with the place, if the person has an entry. Who is level with others shares the place."""
    row = session.execute(_rows(contest, round_slug).where(Entry.person_id == person_id)).first()
    if row is None:
        return None
    before, better = _count_before(session, contest, round_slug, (*_values(row), person_id))
    return _ranked([row], None, (), before, better)[0]


def changed_at(session: Session, *, contest: str, round_slug: str) -> datetime | None:
    """When an entry of the round was last written: the end of an index."""
    return session.execute(select(func.max(Entry.changed_at)).where(Entry.contest == contest, Entry.round == round_slug)).scalar_one()


def _rows(contest: str, round_slug: str) -> Select[*tuple[Any, ...]]:
    columns = (*ORDER, Entry.correct, Entry.item_count, Entry.elapsed_ms, Entry.submitted_at, Entry.attempts)
    named = select(*columns, Person.full_name, Unit.name.label("unit_name")).join(Person, Person.id == Entry.person_id)
    return named.outerjoin(Unit, Unit.id == Entry.unit_id).where(Entry.contest == contest, Entry.round == round_slug)


def _values(row: Any) -> tuple[int, int, int]:
    return row.rank_1, row.rank_2, row.rank_3


def _ranked(rows: Sequence[Any], following: Any, rank: Sequence[str], before: int, better: int) -> tuple[Ranked, ...]:
    values = [_values(row) for row in rows]
    places = competition_ranks(values, before=before, better=better)
    next_values = [*values[1:], _values(following) if following is not None else None]
    return tuple(
        Ranked(
            place=place,
            person_id=row.person_id,
            name=row.full_name,
            unit=row.unit_name,
            correct=row.correct,
            item_count=row.item_count,
            elapsed_ms=row.elapsed_ms,
            submitted_at=row.submitted_at,
            attempts=row.attempts,
            cursor=(*own, row.person_id),
            tie=tie_words(rank, own[: len(rank)], other[: len(rank)]) if other else (),
        )
        for row, place, own, other in zip(rows, places, values, next_values, strict=True)
    )
