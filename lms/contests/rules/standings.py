"""From a person's tries to an entry, and from entries to places: what the site and the auditor's tool compute alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.contests.rules.keys import MOST_KEYS, sort_values
from lms.contests.rules.ranking import competition_ranks, unit_at_first_start
from lms.contests.rules.rounds import REGISTRY
from lms.contests.rules.values import RoundRules, Sat


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a person's tries counts. ranks: the values of the rank keys, 0 past the last; elapsed_ms: as it is ranked by."""

    sat: Sat
    unit_id: int | None
    tries: int
    elapsed_ms: int
    ranks: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """An entrant with a place. who: the number that stands for the person."""

    place: int
    who: int
    counted: Counted


def count_tries(rules: RoundRules, sats: Sequence[Sat]) -> Counted | None:
    """The entry that a person's tries make; None without a valid one."""
    kind = REGISTRY[rules.kind]
    chosen = kind.choose(rules, sats)
    if chosen is None:
        return None
    tally = kind.tally(rules, chosen)
    first, second, third = (*sort_values(rules.rank, tally), *([0] * MOST_KEYS))[:MOST_KEYS]
    return Counted(chosen, unit_at_first_start(sats), sum(sat.valid for sat in sats), tally["elapsed"] or 0, (first, second, third))


def place_all(rules: RoundRules, tries: Iterable[tuple[int, Sequence[Sat]]]) -> list[Placed]:
    """Everybody with a valid try, by place; who shares one stands in the order of their numbers. The order of `tries` does not matter."""
    entries = [(counted.ranks, who, counted) for who, sats in tries if (counted := count_tries(rules, sats)) is not None]
    entries.sort(key=lambda one: one[:2])
    places = competition_ranks([ranks for ranks, _, _ in entries])
    return [Placed(place, who, counted) for place, (_, who, counted) in zip(places, entries, strict=True)]
