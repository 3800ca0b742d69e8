"""A contest as its rules see it: plain values, without the catalogue and the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lms.contests.rules.prizes import Prize

Words = Mapping[str, str]
"""A text by language."""


@dataclass(frozen=True, slots=True)
class RoundRules:
    """One round. kind: a name in the registry of round types, which alone knows what `config` holds.

    opens_at is included, closes_at is not. rank: names of rank keys, the strongest first. appeals_days: how long one may appeal
    against a provisional result, at least; 0: the organiser says so when publishing.
    """

    slug: str
    title: Words
    kind: str
    opens_at: datetime
    closes_at: datetime
    rank: tuple[str, ...]
    ranking: Literal["live", "after_close"]
    config: object
    appeals_days: int = 0


@dataclass(frozen=True, slots=True)
class StageRules:
    """Rounds that follow one way of entering and ranking."""

    slug: str
    title: Words
    rounds: tuple[RoundRules, ...]


@dataclass(frozen=True, slots=True)
class PrizeRules:
    """A prize of a round as it is given, with the titles of the prize and, by name, of its tiers."""

    round: str
    prize: Prize
    title: Words
    tier_titles: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class ContestRules:
    """A contest. unique: what makes an entrant one person (names of `identity.IDENTITIES`). lot_seed: none until it is shown."""

    slug: str
    title: Words
    note: Words
    season: str
    unique: tuple[str, ...]
    stages: tuple[StageRules, ...]
    prizes: tuple[PrizeRules, ...] = ()
    lot_sha256: str = ""
    lot_seed: str | None = None

    def prizes_of(self, round_slug: str) -> tuple[PrizeRules, ...]:
        """The prizes of a round, in the order in which they are given."""
        return tuple(one for one in self.prizes if one.round == round_slug)

    @property
    def rounds(self) -> tuple[RoundRules, ...]:
        """All rounds, in the order of the file."""
        return tuple(one for stage in self.stages for one in stage.rounds)


@dataclass(frozen=True, slots=True)
class Sat:
    """A scored attempt as ranking sees it. Instants and lengths in milliseconds; valid: not void."""

    attempt_id: int
    unit_id: int | None
    valid: bool
    started_ms: int
    submitted_ms: int
    elapsed_ms: int
    correct: int
    item_count: int
