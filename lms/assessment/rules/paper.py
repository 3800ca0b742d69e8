"""Drawing a paper: which items, in which order, with their choices in which order, all from one seed.

The algorithm, so that a paper can be drawn again anywhere: Python's `random.Random(seed)` (MT19937; the language promises the sequence
of `random()` for ever), an index below k is the whole part of `random() * k`, and a shuffle is Fisher-Yates from the last place down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a blueprint: how many items from which pool of digests."""

    pick: int
    pool: tuple[str, ...]


class PoolTooSmall(ValueError):
    """There are not enough different items for every line of the blueprint."""


def draw(lines: Sequence[Line], rng: Random) -> list[str]:
    """The digests of a paper, in the order of the lines and within a line in that of its pool, none twice.

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
    return [digest for line, mine in zip(lines, taken, strict=True) for digest in line.pool if digest in mine]


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


def arrange(digests: Sequence[str], letters: Mapping[str, Sequence[str]], rng: Random, *, items: bool, choices: bool) -> list[tuple[str, str]]:
    """The drawn items as (digest, letters in shown order), shuffled at the levels asked for."""
    ordered = shuffled(digests, rng) if items else list(digests)
    return [(digest, "".join(shuffled(letters[digest], rng) if choices else letters[digest])) for digest in ordered]


def shuffled(values: Sequence[str], rng: Random) -> list[str]:
    """The values in an order of the generator's choice, each order equally likely."""
    mixed = list(values)
    for last in range(len(mixed) - 1, 0, -1):
        other = int(rng.random() * (last + 1))
        mixed[last], mixed[other] = mixed[other], mixed[last]
    return mixed
