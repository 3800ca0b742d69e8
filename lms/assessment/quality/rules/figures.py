"""From what was counted to the figures of an item."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor

from lms.assessment.quality.rules import classical
from lms.assessment.quality.rules.counting import SHARE, ItemSums
from lms.assessment.quality.rules.looking import MIN_N, ChoiceUse, Figures

THOUSAND = 1000


def figures_of(sums: ItemSums, letters: Sequence[str] = (), seconds: Mapping[int, int] | None = None) -> Figures:
    """The figures of an item; under `MIN_N` only how many there are. letters: of the choices that can be ticked; seconds: count of times taken."""
    counts = seconds or {}
    timed = sum(counts.values())
    middle = classical.median(counts) if timed >= MIN_N else None
    if sums.n < MIN_N:
        return Figures(sums.n, sums.blank, timed=timed, seconds=_half_up(middle))
    reached = classical.facility(sums)
    together = classical.correlation(sums.pairs) if sums.pairs.n >= MIN_N else None
    upper, lower = classical.groups(sums.levels)
    apart = classical.index(upper, lower)
    return Figures(
        n=sums.n,
        blank=sums.blank,
        facility=None if reached is None else _half_up(reached * SHARE),
        correlation=None if together is None else floor(together * THOUSAND + 0.5),
        index=None if apart is None else _half_up(apart * SHARE),
        choices=tuple(_use(letter, sums, upper, lower) for letter in letters),
        timed=timed,
        seconds=_half_up(middle),
    )


def _use(letter: str, sums: ItemSums, upper: classical.Group, lower: classical.Group) -> ChoiceUse:
    count = sum(level.letters.get(letter, 0) for level in sums.levels.values())
    return ChoiceUse(
        letter, count, _part(Fraction(count), Fraction(sums.n)), *(_part(group.letters.get(letter, Fraction(0)), group.n) for group in (upper, lower))
    )


def _part(count: Fraction, of: Fraction) -> int:
    return floor(SHARE * count / of + Fraction(1, 2)) if of else 0


def _half_up(value: Fraction | None) -> int | None:
    return None if value is None else floor(value + Fraction(1, 2))
