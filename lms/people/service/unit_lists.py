"""Units by level, found by words or tags, and as they were on a day: for organisations of thousands of units."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lms.people.models import Membership, Unit, UnitHeadCount, UnitPast
from lms.people.rules import covers, fold, read_tags, unit_sort_key
from lms.people.service.scope import in_paths, works_on
from lms.people.service.unit_heads import head_counts_on

PAGE = 50
WHOLE_TREE = 150
"""A tree of so many units is shown whole, and offered as a list; in a larger one units are looked for."""


@dataclass(frozen=True, slots=True)
class Level:
    """A unit in a list: the names above it from the root of the scope down, how many units hang below, people here and with all below."""

    unit: Unit
    trail: tuple[str, ...]
    units: int
    own: int
    below: int
    approved: UnitHeadCount | None


@dataclass(frozen=True, slots=True)
class AsOf:
    """A unit as it was at the end of a day. depth: below the highest unit shown; own, below: people at their main work of that day."""

    unit_id: int
    parent_id: int | None
    path: str
    kind: str
    code: str
    name: str
    tags: tuple[str, ...]
    closed_on: date | None
    depth: int
    own: int
    below: int
    approved: UnitHeadCount | None


def find_units(session: Session, *, paths: Sequence[str], words: str, limit: int = 20) -> Sequence[Unit]:
    """The open units of the subtrees whose name or code holds all the words, in order of their names."""
    wanted = [Unit.search_text.contains(word, autoescape=True) for word in fold(words).split()]
    return session.scalars(
        select(Unit).where(in_paths(Unit.path, paths), Unit.closed_on.is_(None), *wanted).order_by(Unit.sort_key, Unit.id).limit(limit)
    ).all()


def list_level(
    session: Session, *, paths: Sequence[str], on: date, under: Unit | None = None, words: str = "", tag: str = "", page: int = 1
) -> tuple[list[Level], int]:
    """A page of units, and how many there are: those directly below `under`, else the highest of the scope; with words or a tag all that match.

    Six queries, whatever the tree holds.
    """
    where: list[ColumnElement[bool]] = [in_paths(Unit.path, (under.path,) if under else paths)]
    where += [Unit.search_text.contains(word, autoescape=True) for word in fold(words).split()]
    if tag:
        where.append(Unit.tags.contains(f",{tag},", autoescape=True))
    if not (words or tag):
        where.append(Unit.parent_id == under.id if under else Unit.path.in_(_tops(session, paths)))
    total = session.scalar(select(func.count()).select_from(Unit).where(*where)) or 0
    units = session.scalars(select(Unit).where(*where).order_by(Unit.sort_key, Unit.id).limit(PAGE).offset((page - 1) * PAGE)).all()
    below = _paths_below(session, units)
    heads = _heads(session, list(below), on)
    approved = head_counts_on(session, unit_ids=[unit.id for unit in units], on=on)
    names = _names_above(session, units, paths)
    return [_level(unit, below, heads, approved, names) for unit in units], total


def _level(unit: Unit, below: Mapping[int, str], heads: Mapping[int, int], approved: Mapping[int, UnitHeadCount], names: Mapping[int, str]) -> Level:
    inside = [one for one, path in below.items() if path.startswith(unit.path)]
    trail = tuple(names[one] for one in map(int, unit.path.strip("/").split("/")) if one in names and one != unit.id)
    return Level(unit, trail, len(inside) - 1, heads.get(unit.id, 0), sum(heads.get(one, 0) for one in inside), approved.get(unit.id))


def _tops(session: Session, paths: Sequence[str]) -> list[str]:
    """The paths of the highest units of a scope."""
    return list(session.scalars(select(Unit.path).where(Unit.parent_id.is_(None)))) if "/" in paths else list(paths)


def _paths_below(session: Session, units: Sequence[Unit]) -> dict[int, str]:
    """The paths of units and of everything below them."""
    return dict(session.execute(select(Unit.id, Unit.path).where(in_paths(Unit.path, [unit.path for unit in units]))).all())


def _heads(session: Session, unit_ids: Sequence[int], on: date) -> dict[int, int]:
    """How many people have their main work of a day in each unit."""
    grouped = select(Membership.unit_id, func.count(func.distinct(Membership.person_id))).where(Membership.main, works_on(on)).group_by(Membership.unit_id)
    return {unit_id: n for unit_id, n in session.execute(grouped) if unit_id in set(unit_ids)} if unit_ids else {}


def _names_above(session: Session, units: Sequence[Unit], paths: Sequence[str]) -> dict[int, str]:
    above = {int(one) for unit in units for one in unit.path.strip("/").split("/")}
    return dict(session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(above), in_paths(Unit.path, paths))).all())


def list_as_of(session: Session, *, paths: Sequence[str], on: date, end: datetime) -> list[AsOf]:
    """The units of a scope as they were at the end of a day, each after the one above it; four queries.

    end: the instant at which the day ends where the site is. A unit is shown to whom it lies in the subtrees now.
    """
    units = session.scalars(select(Unit).where(in_paths(Unit.path, paths), Unit.created_at < end)).all()
    first = select(UnitPast.unit_id, func.min(UnitPast.id).label("id")).where(UnitPast.until_at >= end).group_by(UnitPast.unit_id).subquery()
    past = {row.unit_id: row for row in session.scalars(select(UnitPast).join(first, first.c.id == UnitPast.id))}
    states: list[Unit | UnitPast] = [past.get(unit.id, unit) for unit in units]
    ids = [unit.id for unit in units]
    heads = _heads(session, ids, on)
    approved = head_counts_on(session, unit_ids=ids, on=on)
    return _in_order({unit.id: state for unit, state in zip(units, states, strict=True)}, heads, approved)


def _in_order(states: Mapping[int, Unit | UnitPast], heads: Mapping[int, int], approved: Mapping[int, UnitHeadCount]) -> list[AsOf]:
    children: defaultdict[int | None, list[int]] = defaultdict(list)
    for unit_id, state in sorted(states.items(), key=lambda pair: (unit_sort_key(pair[1].name), pair[0])):
        children[state.parent_id if state.parent_id in states else None].append(unit_id)
    totals: dict[int, int] = {}
    for unit_id in sorted(states, key=lambda one: -states[one].path.count("/")):
        totals[unit_id] = heads.get(unit_id, 0) + sum(totals[child] for child in children[unit_id])
    made: list[AsOf] = []
    waiting = [(unit_id, 0) for unit_id in reversed(children[None])]
    while waiting:
        unit_id, depth = waiting.pop()
        one = states[unit_id]
        facts = (unit_id, one.parent_id, one.path, one.kind, one.code, one.name, read_tags(one.tags), one.closed_on)
        made.append(AsOf(*facts, depth, heads.get(unit_id, 0), totals[unit_id], approved.get(unit_id)))
        waiting.extend((child, depth + 1) for child in reversed(children[unit_id]))
    return made


def trail_of(session: Session, unit: Unit, *, paths: Sequence[str]) -> list[Unit]:
    """The units above one, from the highest of the scope down."""
    above = [int(one) for one in unit.path.strip("/").split("/")][:-1]
    found = {one.id: one for one in session.scalars(select(Unit).where(Unit.id.in_(above)))}
    return [found[one] for one in above if one in found and covers(paths, found[one].path)]


def paths_matching(session: Session, *, paths: Sequence[str], words: str) -> list[str]:
    """The paths of the units whose code is what was typed, else of those whose name holds all the words."""
    found = find_units(session, paths=paths, words=words, limit=200)
    exact = [unit.path for unit in found if fold(unit.code) == fold(words)]
    return exact or [unit.path for unit in found]
