"""What an answer is worth: for each kind a whole percent of the item's points, and a verdict in one word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lms.assessment.rules.answers.folding import fold
from lms.assessment.rules.answers.numbers import Wanted, is_near
from lms.assessment.rules.answers.parts import gaps_of, pairs_of

Verdict = Literal["right", "part", "wrong", "blank", "unmarked", "void"]
"""void: the item was dropped from the paper by a correction; it brings nothing, and nothing of it counts."""
FULL = 100


@dataclass(frozen=True, slots=True)
class Accepted:
    """The texts that fill a blank, and whether accents and case count."""

    texts: tuple[str, ...]
    keep_accents: bool = False
    keep_case: bool = False

    def has(self, text: str) -> bool:
        """Whether a text is one of them."""
        return self._fold(text) in {self._fold(known) for known in self.texts}

    def _fold(self, text: str) -> str:
        return fold(text, keep_accents=self.keep_accents, keep_case=self.keep_case)


@dataclass(frozen=True, slots=True)
class Key:
    """What is right, as scoring sees it. letters: of all choices; right: of those to choose; percents: what choosing one brings, where the item says so.

    order, pairs, number, blanks: of the kinds that have them; partial: a share for a share; accept: any answer is right.
    """

    kind: str
    letters: str = ""
    right: frozenset[str] = frozenset()
    percents: Mapping[str, int] = field(default_factory=dict)
    order: str = ""
    pairs: Mapping[str, str] = field(default_factory=dict)
    number: Wanted | None = None
    blanks: tuple[Accepted, ...] = ()
    partial: bool = False
    accept: bool = False
    performed: bool = False


def judge(key: Key, answer: str) -> tuple[Verdict, int]:
    """The verdict on a canonical answer and its percent of the points: 100 right, between them a part, 0 and below wrong (a choice may cost).

    A blank answer is blank whatever is accepted; an essay is unmarked until a person has marked it, and so is what was performed, for which
    nothing is written.
    """
    if key.performed:
        return ("right", FULL) if key.accept else ("unmarked", 0)
    if not answer:
        return "blank", 0
    if key.accept:
        return "right", FULL
    if key.kind == "essay":
        return "unmarked", 0
    percent = SHARES[key.kind](key, answer)
    return ("right" if percent == FULL else "part" if percent > 0 else "wrong"), percent


def _one(key: Key, answer: str) -> int:
    return FULL if answer in key.right else min(key.percents.get(answer, 0), FULL - 1)


def _several(key: Key, answer: str) -> int:
    """Exactly the right choices bring all. Else nothing; or, where choices have percents, their sum, never all.

    A wrong choice costs its percent; one without a percent of its own costs an even share of all, so that ticking everything earns nothing.
    """
    chosen = frozenset(answer)
    if chosen == key.right:
        return FULL
    if not any(key.percents.values()):
        return 0
    even = -(-FULL // max(1, len(key.letters) - len(key.right)))
    brought = sum(key.percents.get(letter, 0) if letter in key.right else key.percents.get(letter, 0) or -even for letter in chosen)
    return max(-FULL, min(brought, FULL - 1))


def _order(key: Key, answer: str) -> int:
    return _shared(key, sum(mine == right for mine, right in zip(answer, key.order, strict=True)), len(key.order))


def _pairs(key: Key, answer: str) -> int:
    given = pairs_of(answer)
    return _shared(key, sum(given.get(left) == right for left, right in key.pairs.items()), len(key.pairs))


def _gaps(key: Key, answer: str) -> int:
    return _shared(key, sum(blank.has(text) for blank, text in zip(key.blanks, gaps_of(answer), strict=True)), len(key.blanks))


def _hotspot(key: Key, answer: str) -> int:
    """What was found less what was marked wrongly, of what there is to find: marking everything earns nothing."""
    chosen = frozenset(answer)
    found = len(chosen & key.right) - len(chosen - key.right)
    return _shared(key, max(0, found), len(key.right))


def _numeric(key: Key, answer: str) -> int:
    return FULL if key.number is not None and is_near(key.number, answer) else 0


def _short(key: Key, answer: str) -> int:
    return FULL if any(blank.has(answer) for blank in key.blanks) else 0


def _shared(key: Key, good: int, of: int) -> int:
    """All or nothing, or with `partial` the share in whole percent, rounded down: only all is all."""
    return FULL if good == of else FULL * good // of if key.partial else 0


SHARES: Mapping[str, Callable[[Key, str], int]] = {
    "single": _one,
    "multiple": _several,
    "ordering": _order,
    "matching": _pairs,
    "gaps": _gaps,
    "hotspot": _hotspot,
    "numeric": _numeric,
    "short": _short,
}
