"""The prizes of a contest, as its file says them. Titles are texts by language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PrizeTier:
    """So many prizes of one name: `number`, or that percentage of the ranked."""

    slug: str
    title: Mapping[str, str]
    number: int
    percent: bool


@dataclass(frozen=True, slots=True)
class ContestPrize:
    """A prize of a round: its tiers in their order, who may have it, and what a shared place does that crosses the last one of a tier."""

    slug: str
    title: Mapping[str, str]
    round: str
    tiers: tuple[PrizeTier, ...]
    shared: Literal["expand", "lot"]
    all_correct: bool = False
    best_of_unit: bool = False
    beside: bool = False
