"""The unit tree as pages show it: in order, with head counts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.people.models import Membership, Unit
from lms.people.service.scope import in_paths, works_on


@dataclass(frozen=True, slots=True)
class Node:
    """A unit in its place. depth: 0 for a root of the reader's scope; own: people whose main work is here; below: with all units under it."""

    unit: Unit
    depth: int
    own: int
    below: int

    @property
    def indented(self) -> str:
        """The name with its depth, for a list of choices."""
        return "\u2007\u2007" * self.depth + self.unit.name


def list_tree(session: Session, *, paths: Sequence[str], on: date, counted: bool = False, closed: bool = True, most: int = 0) -> list[Node]:
    """The units of the subtrees, each after the one above it, brothers by name; one query, or two with head counts.

    A person counts once, at the main work of the day. most: where there are more units than so many, nothing is given (0: no limit).
    """
    wanted = select(Unit).where(in_paths(Unit.path, paths))
    wanted = wanted if closed else wanted.where(Unit.closed_on.is_(None) | (Unit.closed_on > on))
    units = session.scalars(wanted.limit(most + 1) if most else wanted).all()
    if most and len(units) > most:
        return []
    heads: dict[int, int] = {}
    if counted:
        grouped = select(Membership.unit_id, func.count(func.distinct(Membership.person_id))).where(Membership.main, works_on(on)).group_by(Membership.unit_id)
        heads = dict(session.execute(grouped).all())
    return in_order(units, heads)


def in_order(units: Sequence[Unit], heads: dict[int, int]) -> list[Node]:
    """Depth first; a unit whose parent is not among them is a root."""
    known = {unit.id for unit in units}
    children: defaultdict[int | None, list[Unit]] = defaultdict(list)
    for unit in sorted(units, key=lambda one: (one.sort_key, one.id)):
        children[unit.parent_id if unit.parent_id in known else None].append(unit)
    below: dict[int, int] = {}
    for unit in sorted(units, key=lambda one: -len(one.path.split("/"))):
        below[unit.id] = heads.get(unit.id, 0) + sum(below[child.id] for child in children[unit.id])
    ordered: list[Node] = []
    waiting = [(unit, 0) for unit in reversed(children[None])]
    while waiting:
        unit, depth = waiting.pop()
        ordered.append(Node(unit, depth, heads.get(unit.id, 0), below[unit.id]))
        waiting.extend((child, depth + 1) for child in reversed(children[unit.id]))
    return ordered
