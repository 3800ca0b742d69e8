"""Taking part, by unit: what the unit tab and the desk show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.contests.models import Entry
from lms.contests.rules.participation import Share, order_of, sum_up
from lms.errors import NotFound
from lms.people.models import Membership, Unit
from lms.people.rules import covers
from lms.people.service.scope import EVERYWHERE, works_on


@dataclass(frozen=True, slots=True)
class UnitShare:
    """A unit with everything below it, and how much of it takes part."""

    unit_id: int
    name: str
    share: Share
    has_below: bool


@dataclass(frozen=True, slots=True)
class Participation:
    """The units directly below one (or below nothing: the tops) by their rate, and the units from the top down to that one."""

    trail: tuple[UnitShare, ...]
    units: tuple[UnitShare, ...]


def list_participation(
    session: Session, *, contest: str, round_slug: str, on: date, above: int | None = None, paths: Sequence[str] = EVERYWHERE
) -> Participation:
    """How many distinct persons of how many members of each unit, by the unit above (the tops of `paths` if none): three queries.

    Where there is a single top that has units below it, those are shown at once.
    Persons count in the unit of their first start, members are those whose main unit it is on the day. A unit that is closed and has
    no persons is left out. Raises NotFound for a unit that is not there or not within `paths`.
    """
    units = {row.id: row for row in session.execute(select(Unit.id, Unit.parent_id, Unit.path, Unit.name, Unit.closed_on))}
    units = {unit_id: row for unit_id, row in units.items() if covers(paths, row.path)}
    if above is not None and above not in units:
        raise NotFound("There is no such unit.")
    tree = {unit_id: row.path for unit_id, row in units.items()}
    entries = select(Entry.unit_id, func.count()).where(Entry.contest == contest, Entry.round == round_slug, Entry.unit_id.is_not(None))
    persons = _sums(session, entries.group_by(Entry.unit_id), tree)
    members = _sums(session, select(Membership.unit_id, func.count()).where(works_on(on), Membership.main).group_by(Membership.unit_id), tree)
    parents = {row.parent_id for row in units.values()}
    tops = [unit_id for unit_id, row in units.items() if row.parent_id not in units]
    if above is None and len(tops) == 1 and tops[0] in parents:
        above = tops[0]
    shares = {unit_id: UnitShare(unit_id, row.name, Share(persons[unit_id], members[unit_id]), unit_id in parents) for unit_id, row in units.items()}

    def is_below(row: object) -> bool:
        parent = row.parent_id  # type: ignore[attr-defined]
        return parent == above if above is not None else parent not in units

    below = [shares[unit_id] for unit_id, row in units.items() if is_below(row) and not (row.closed_on and not persons[unit_id])]
    trail = [int(part) for part in units[above].path.strip("/").split("/")] if above is not None else []
    return Participation(
        trail=tuple(shares[unit_id] for unit_id in trail if unit_id in shares),
        units=tuple(sorted(below, key=lambda one: (order_of(one.share, one.name), one.unit_id))),
    )


def _sums(session: Session, counts: object, tree: dict[int, str]) -> dict[int, int]:
    found = {unit_id: count for unit_id, count in session.execute(counts) if unit_id in tree}  # type: ignore[call-overload]
    return sum_up(tree, found)
