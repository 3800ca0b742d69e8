"""Which items a trainer should look at, and how urgently."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

MIN_N = 30
"""Under so many sittings no figure is shown: it would say more of chance than of the item."""
TOO_EASY, TOO_HARD = 9_500, 3_000
POOR = 100
UNUSED = 100


class Flag(StrEnum):
    """Why an item should be looked at."""

    WRONG_KEY = "wrong_key"
    NO_DISCRIMINATION = "no_discrimination"
    TOO_HARD = "too_hard"
    UNUSED = "unused"
    TOO_EASY = "too_easy"


WEIGHTS = {Flag.WRONG_KEY: 16, Flag.NO_DISCRIMINATION: 8, Flag.TOO_HARD: 4, Flag.UNUSED: 2, Flag.TOO_EASY: 1}


@dataclass(frozen=True, slots=True)
class ChoiceUse:
    """How often a choice was taken: by how many, and the share of all, of the upper and of the lower group, in ten-thousandths."""

    letter: str
    count: int
    all: int
    upper: int
    lower: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of an item, rounded half up for display.

    Facility, index and shares in ten-thousandths, the correlation in thousandths, seconds whole.
    n: who had it; timed: of how many sittings the seconds are. What is None was not computed: too few, or nothing varies.
    """

    n: int
    blank: int
    facility: int | None = None
    correlation: int | None = None
    index: int | None = None
    choices: tuple[ChoiceUse, ...] = ()
    timed: int = 0
    seconds: int | None = None


def flags_of(figures: Figures, right: Collection[str]) -> tuple[Flag, ...]:
    """Why to look at it, the worst first; nothing under `MIN_N`. right: the letters of the key, empty where the kind has none.

    These are rules of the site: too easy from 95 % of the points (an item that all know tells nothing, but may be there on purpose), too hard
    up to 30 %; no discrimination where the corrected correlation is under 0.10 although not nearly all are right; possibly a wrong key where
    the best take a wrong choice more often than a right one, or the correlation is under -0.10; unused a wrong choice that less than one in a
    hundred takes.
    """
    if figures.n < MIN_N or figures.facility is None:
        return ()
    found = set()
    if figures.facility >= TOO_EASY:
        found.add(Flag.TOO_EASY)
    if figures.facility <= TOO_HARD:
        found.add(Flag.TOO_HARD)
    if figures.correlation is not None and figures.correlation < POOR and figures.facility < TOO_EASY:
        found.add(Flag.NO_DISCRIMINATION)
    if _wrong_key(figures, right):
        found.add(Flag.WRONG_KEY)
    if right and any(use.all < UNUSED for use in figures.choices if use.letter not in right):
        found.add(Flag.UNUSED)
    return tuple(flag for flag in WEIGHTS if flag in found)


def _wrong_key(figures: Figures, right: Collection[str]) -> bool:
    if figures.correlation is not None and figures.correlation < -POOR:
        return True
    key = [use.upper for use in figures.choices if use.letter in right]
    wrong = [use.upper for use in figures.choices if use.letter not in right]
    return bool(key and wrong) and max(wrong) > min(key)


def urgency(flags: Sequence[Flag]) -> int:
    """How far up in the list an item stands."""
    return sum(WEIGHTS[flag] for flag in flags)
