"""Who gets which prize: tiers by quota, in their order, and what happens where a shared place crosses the last one of a tier."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

Crossing = Literal["expand", "lot"]
TierKey = tuple[str, str]
"""Slug of the prize and name of the tier."""


@dataclass(frozen=True, slots=True)
class Tier:
    """So many prizes of one name: `number` of them, or that percentage of the ranked if `percent` is set."""

    name: str
    number: int
    percent: bool = False

    def quota(self, ranked: int) -> int:
        """How many there are to give: a percentage is rounded down, and is at least 1."""
        return max(1, ranked * self.number // 100) if self.percent else self.number


@dataclass(frozen=True, slots=True)
class Prize:
    """Tiers that are given one after another, the highest first.

    all_correct: only to entrants with every answer right. best_of_unit: only to the best placed of each unit among those.
    beside: a side prize, which winners of other prizes may have too, and which keeps nobody from another.
    """

    slug: str
    tiers: tuple[Tier, ...]
    crossing: Crossing
    all_correct: bool = False
    best_of_unit: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entrant with a place. code: what tells entrants apart in public, and what lots are drawn by."""

    code: str
    place: int
    unit_id: int | None
    all_correct: bool


@dataclass(frozen=True, slots=True)
class Award:
    """An entrant gets a prize of this tier."""

    key: TierKey
    code: str
    place: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Entrants on one place, of whom so many (`seats`) get the tier by lot: its seed has yet to be shown."""

    key: TierKey
    codes: tuple[str, ...]
    seats: int


@dataclass(frozen=True, slots=True)
class Allotment:
    """The awards in the order of the tiers. waiting: the decision without which nothing that comes after it can be given."""

    awards: tuple[Award, ...]
    waiting: Waiting | None = None


def allot(prizes: Sequence[Prize], ranked: Collection[Ranked], *, seed: str | None = None) -> Allotment:
    """Give the prizes in their order; who has one passes the later ones down, side prizes apart. The order of `ranked` does not matter.

    seed: of the lots, once it is shown.
    """
    awards: list[Award] = []
    served: set[str] = set()
    for prize in prizes:
        here: set[str] = set()
        fit = _fit(prize, ranked)
        for tier in prize.tiers:
            key = (prize.slug, tier.name)
            left = [one for one in fit if one.code not in here and (prize.beside or one.code not in served)]
            winners, waiting = _tier(prize.crossing, left, tier.quota(len(ranked)), key, seed)
            awards += [Award(key, one.code, one.place) for one in winners]
            here |= {one.code for one in winners}
            if waiting:
                return Allotment(tuple(awards), waiting)
        if not prize.beside:
            served |= here
    return Allotment(tuple(awards))


def commitment(seed: str) -> str:
    """What is published of a seed before the close: its SHA-256, in hexadecimal."""
    return hashlib.sha256(seed.encode()).hexdigest()


def lot(seed: str, code: str) -> str:
    """The lot of an entrant; the smaller goes first. Anyone can recompute it: the SHA-256 of the seed, a line feed and the entrant's code."""
    return commitment(f"{seed}\n{code}")


def _fit(prize: Prize, ranked: Collection[Ranked]) -> list[Ranked]:
    """Who may have the prize, by place. Those who share the best place of their unit all stand for it; without a unit each stands alone."""
    fit = sorted((one for one in ranked if one.all_correct or not prize.all_correct), key=lambda one: (one.place, one.code))
    if not prize.best_of_unit:
        return fit
    best: dict[int, int] = {}
    for one in fit:
        if one.unit_id is not None:
            best.setdefault(one.unit_id, one.place)
    return [one for one in fit if one.unit_id is None or one.place == best[one.unit_id]]


def _tier(crossing: Crossing, left: Sequence[Ranked], quota: int, key: TierKey, seed: str | None) -> tuple[list[Ranked], Waiting | None]:
    """The winners of one tier, and what it waits for. Without a shared place across the last one they are simply the first."""
    first = list(left[:quota])
    if not first or len(left) <= quota or left[quota].place != first[-1].place:
        return first, None
    clear = [one for one in first if one.place != first[-1].place]
    tied = [one for one in left if one.place == first[-1].place]
    if crossing == "expand":
        return clear + tied, None
    seats = quota - len(clear)
    if seed is None:
        return clear, Waiting(key, tuple(one.code for one in tied), seats)
    return clear + sorted(tied, key=lambda one: lot(seed, one.code))[:seats], None
