"""Places, and which of a person's attempts counts."""

from collections.abc import Callable, Sequence
from typing import Literal

from lms.contests.rules.values import Sat

Count = Literal["best", "first", "last"]


def competition_ranks(ordered: Sequence[Sequence[int]], *, before: int = 0, better: int | None = None) -> list[int]:
    """The places of entries that are already in order: equals share a place, and the next place counts them all (1-2-2-4).

    before: how many entries stand before the first of these in the whole order; better: how many of those are strictly better than it
    (all of them, if not given), so that a page may begin in the middle of a tie.
    """
    ranks: list[int] = []
    for position, values in enumerate(ordered):
        if position == 0:
            ranks.append(1 + (before if better is None else better))
        else:
            tied = tuple(values) == tuple(ordered[position - 1])
            ranks.append(ranks[-1] if tied else 1 + before + position)
    return ranks


def counted(count: Count, attempts: Sequence[Sat], values: Callable[[Sat], tuple[int, ...]]) -> Sat | None:
    """The attempt that counts, among the valid ones: the first, the last, or the best by the rank keys (of equals the earlier).

    None where there is no valid attempt. The order in which the attempts are given does not matter.
    """
    valid = sorted((one for one in attempts if one.valid), key=_begun)
    if not valid:
        return None
    if count == "best":
        return min(valid, key=values)
    return valid[0] if count == "first" else valid[-1]


def unit_at_first_start(attempts: Sequence[Sat]) -> int | None:
    """The unit a person counts in: that of the first start, even if that attempt was made void or the person has moved since."""
    return min(attempts, key=_begun).unit_id


def _begun(sat: Sat) -> tuple[int, int]:
    return sat.started_ms, sat.attempt_id
