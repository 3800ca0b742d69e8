"""The keys by which entries are ranked. Each key words itself, so that what is printed is what is computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.platform.rules import Phrase, phrase

MISSING = 2**62
"""The sort value of what is not there: after everything else."""
MOST_KEYS = 3
Tally = Mapping[str, int | None]
"""The exact value of each rank key; None where there is none."""


@dataclass(frozen=True, slots=True)
class RankKey:
    """One key. descending: more is better. words: the rule; same, better: how a tie at it and a lead by it are told."""

    name: str
    descending: bool
    words: Phrase
    same: Phrase
    better: Phrase

    def sort_value(self, value: int | None) -> int:
        """The value as a whole number that sorts the better first and the missing last."""
        if value is None:
            return MISSING
        return -value if self.descending else value


KEYS: Mapping[str, RankKey] = {
    key.name: key
    for key in (
        RankKey("correct", True, phrase("more right answers"), phrase("same number of right answers"), phrase("more right answers")),  # noqa: FBT003
        RankKey("elapsed", False, phrase("less time from start to handing in, to the millisecond"), phrase("same time"), phrase("less time")),  # noqa: FBT003
        RankKey("submitted", False, phrase("handed in earlier, to the millisecond"), phrase("handed in at the same moment"), phrase("handed in earlier")),  # noqa: FBT003
    )
}


def sort_values(names: Sequence[str], tally: Tally) -> tuple[int, ...]:
    """A tally as whole numbers to be compared one after the other, the smaller the better."""
    return tuple(KEYS[name].sort_value(tally[name]) for name in names)


def tie_words(names: Sequence[str], better: Sequence[int], worse: Sequence[int]) -> tuple[Phrase, ...]:
    """Why one entry stands before another with the same first value: what they share, then the very key that decided.

    Empty where the first key decides. Where every key is equal both share the place, and all that they share is told.
    """
    said: list[Phrase] = []
    for name, mine, other in zip(names, better, worse, strict=True):
        if mine != other:
            return (*said, KEYS[name].better) if said else ()
        said.append(KEYS[name].same)
    return (*said, phrase("shared place"))


def check_keys(names: Sequence[str]) -> list[Phrase]:
    """What is wrong with a list of rank keys."""
    wrong = [phrase("There is no rank key “%(name)s”.", name=name) for name in names if name not in KEYS]
    if not 1 <= len(names) <= MOST_KEYS or len(set(names)) != len(names):
        wrong.append(phrase("A ranking has one to three keys, each once."))
    return wrong
