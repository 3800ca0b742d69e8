"""Taking part, by unit: what the unit tab and the desk show."""

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.contests.models import Entry
from lms.contests.rules.participation import Share, order_of, sum_up
from lms.errors import NotFound
from lms.people.models import Membership, Unit
from lms.people.rules import covers
from lms.people.service.scope import EVERYWHERE, works_on

LARGE = 300
"""Units from which on a tree is large."""
KEPT = timedelta(seconds=15)


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


@dataclass(frozen=True)
class Board:
    """How much of every unit takes part. below: the units directly below one (None: the tops) in their order, closed ones without persons left out."""

    read_at: datetime
    units: Mapping[int, UnitShare]
    paths: Mapping[int, str]
    below: Mapping[int | None, tuple[int, ...]]


def read_board(session: Session, *, contest: str, round_slug: str, on: date, now: datetime) -> Board:
    """Everything, by three queries.

    Persons count in the unit of their first start, members are those whose main unit it is on the day.
    """
    units = {row.id: row for row in session.execute(select(Unit.id, Unit.parent_id, Unit.path, Unit.name, Unit.closed_on))}
    tree = {unit_id: row.path for unit_id, row in units.items()}
    entries = select(Entry.unit_id, func.count()).where(Entry.contest == contest, Entry.round == round_slug, Entry.unit_id.is_not(None))
    persons = _sums(session, entries.group_by(Entry.unit_id), tree)
    members = _sums(session, select(Membership.unit_id, func.count()).where(works_on(on), Membership.main).group_by(Membership.unit_id), tree)
    parents = {row.parent_id for row in units.values()}
    shares = {unit_id: UnitShare(unit_id, row.name, Share(persons[unit_id], members[unit_id]), unit_id in parents) for unit_id, row in units.items()}
    listed: defaultdict[int | None, list[int]] = defaultdict(list)
    for unit_id, row in units.items():
        if not (row.closed_on and not persons[unit_id]):
            listed[row.parent_id if row.parent_id in units else None].append(unit_id)
    below = {parent: tuple(sorted(ids, key=lambda one: (order_of(shares[one].share, shares[one].name), one))) for parent, ids in listed.items()}
    return Board(now, shares, tree, below)


def list_participation(board: Board, *, above: int | None = None, paths: Sequence[str] = EVERYWHERE) -> Participation:
    """How many distinct persons of how many members of each unit, by the unit above (the tops of `paths` if none).

    Where there is a single top that has units below it, those are shown at once. Raises NotFound for a unit that is not there or not within `paths`.
    """

    def seen(unit_id: int) -> bool:
        return covers(paths, board.paths[unit_id])

    if above is not None and (above not in board.units or not seen(above)):
        raise NotFound("There is no such unit.")
    tops = board.below.get(None, ()) if "/" in paths else _tops(board, paths)
    if above is None and len(tops) == 1 and board.units[tops[0]].has_below:
        above = tops[0]
    shown = tops if above is None else board.below.get(above, ())
    trail = [int(part) for part in board.paths[above].strip("/").split("/")] if above is not None else []
    return Participation(tuple(board.units[one] for one in trail if one in board.units and seen(one)), tuple(board.units[one] for one in shown))


def _tops(board: Board, paths: Sequence[str]) -> tuple[int, ...]:
    """The highest units of some subtrees, in their order."""
    found = [one for one, path in board.paths.items() if covers(paths, path) and not covers(paths, path.rstrip("/").rpartition("/")[0] + "/")]
    kept = [one for one in found if any(one in ids for ids in board.below.values())]
    return tuple(sorted(kept, key=lambda one: (order_of(board.units[one].share, board.units[one].name), one)))


class Boards:
    """The boards of a process. Counting thousands of units costs as much as thirty pages, so one of a large tree is shown for some seconds."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, date], Board] = {}
        self._lock = threading.Lock()

    def get(self, session: Session, *, contest: str, round_slug: str, on: date, now: datetime) -> Board:
        """The board of a round: read anew, or of a large tree not older than `KEPT`. While one thread reads, the others show what there is."""
        key = (contest, round_slug, on)
        kept = self._kept.get(key)
        if kept is not None and abs(now - kept.read_at) < KEPT:
            return kept
        if kept is not None and not self._lock.acquire(blocking=False):
            return kept
        try:
            board = read_board(session, contest=contest, round_slug=round_slug, on=on, now=now)
        finally:
            if kept is not None:
                self._lock.release()
        if len(board.units) > LARGE:
            self._kept = {one: other for one, other in self._kept.items() if one[2] == on} | {key: board}
        return board


def _sums(session: Session, counts: object, tree: dict[int, str]) -> dict[int, int]:
    found = {unit_id: count for unit_id, count in session.execute(counts) if unit_id in tree}  # type: ignore[call-overload]
    return sum_up(tree, found)
