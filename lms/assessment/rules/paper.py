"""Drawing a paper: which items, in which order, with their choices in which order, all from one seed.

The algorithm, so that a paper can be drawn again anywhere: Python's `random.Random(seed)` (MT19937; the language promises the sequence
of `random()` for ever), an index below k is the whole part of `random() * k`, and a shuffle is Fisher-Yates from the last place down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal, TypeVar

T = TypeVar("T")
Place = Literal["", "first", "last"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a blueprint: how many items from which pool of digests."""

    pick: int
    pool: tuple[str, ...]


class PoolTooSmall(ValueError):
    """There are not enough different items for every line of the blueprint."""


def draw(lines: Sequence[Line], rng: Random) -> list[str]:
    """The digests of a paper, in the order of the lines; see `draw_lines`."""
    return [digest for line in draw_lines(lines, rng) for digest in line]


def draw_lines(lines: Sequence[Line], rng: Random) -> list[list[str]]:
    """The digests of a paper line by line, within a line in the order of its pool, none twice.

    Where pools overlap, a line takes what it likes first and gives it up only when another line cannot be filled otherwise
    (augmenting paths of a bipartite matching), so a paper is found whenever there is one. Raises PoolTooSmall.
    """
    pools = [shuffled(line.pool, rng) for line in lines]
    slots = [place for place, line in enumerate(lines) for _ in range(line.pick)]
    holder: dict[str, int] = {}
    for slot in range(len(slots)):
        if not _give(slot, slots, pools, holder, set()):
            raise PoolTooSmall
    taken = [{digest for digest, slot in holder.items() if slots[slot] == place} for place in range(len(lines))]
    return [[digest for digest in line.pool if digest in mine] for line, mine in zip(lines, taken, strict=True)]


def _give(slot: int, slots: Sequence[int], pools: Sequence[Sequence[str]], holder: dict[str, int], tried: set[str]) -> bool:
    pool = pools[slots[slot]]
    free = next((digest for digest in pool if digest not in holder), None)
    if free is not None:
        holder[free] = slot
        return True
    for digest in pool:
        if digest not in tried:
            tried.add(digest)
            if _give(holder[digest], slots, pools, holder, tried):
                holder[digest] = slot
                return True
    return False


@dataclass(frozen=True, slots=True)
class Sides:
    """What of an item can be shown in another order: its letters, those of them that stay last, and the right side of a matching.

    always: shuffled whatever the quiz says, because the order of the file would tell the key (an ordering) or lead the eye (a list of regions).
    never: the right order of an ordering, which is not shown: leaving the rows as they stand is no answer.
    """

    letters: str
    fixed: str = ""
    targets: str = ""
    always: bool = False
    never: str = ""


def ordered(lines: Sequence[tuple[Place, Sequence[Sequence[str]]]], rng: Random, *, items: bool) -> list[Sequence[str]]:
    """The entries of a section in the order shown: those of lines that stay first, the others, those that stay last; each group mixed if asked for."""
    places: tuple[Place, ...] = ("first", "", "last")
    groups = [[entry for place, entries in lines if place == wanted for entry in entries] for wanted in places]
    return [entry for group in groups for entry in (shuffled(group, rng) if items else group)]


def arrange(entries: Sequence[Sequence[str]], sides: Mapping[str, Sides], rng: Random, *, items: bool, choices: bool) -> list[tuple[str, str, str]]:
    """The items of the drawn entries as (digest, letters in shown order, right side in shown order), shuffled at the levels asked for.

    An entry is one item or those of a case, which stay together in their order.
    """
    places = shuffled(entries, rng) if items else entries
    return [(digest, *_sides(sides[digest], rng, choices=choices)) for entry in places for digest in entry]


def _sides(item: Sides, rng: Random, *, choices: bool) -> tuple[str, str]:
    letters = item.letters
    if choices or item.always:
        free = [letter for letter in letters if letter not in item.fixed]
        letters = "".join([*shuffled(free, rng), *(letter for letter in letters if letter in item.fixed)])
        while letters == item.never and len(free) > 1:
            letters = "".join(shuffled(free, rng))
    return letters, "".join(shuffled(item.targets, rng))


def shuffled(values: Sequence[T], rng: Random) -> list[T]:
    """The values in an order of the generator's choice, each order equally likely."""
    mixed = list(values)
    for last in range(len(mixed) - 1, 0, -1):
        other = int(rng.random() * (last + 1))
        mixed[last], mixed[other] = mixed[other], mixed[last]
    return mixed
