"""What may be shown after an attempt, and when: the key of an item reaches no browser before that."""

from enum import StrEnum

from lms.assessment.rules.terms import ReviewPart, Terms

KEYS: frozenset[ReviewPart] = frozenset({"right", "explanation"})
"""The parts of a review that tell what is right."""


class Shown(StrEnum):
    """How much of a closed attempt may be shown."""

    SCORE = "score"
    KEYS = "keys"


class Why(StrEnum):
    """Why the keys are not shown yet."""

    NEVER = "never"
    AFTER_CLOSE = "after_close"
    TRIES_REMAIN = "tries_remain"
    OPEN_ROUND = "open_round"
    SHOWN = "shown"


def review_of(terms: Terms, *, passed: bool | None, again: bool, now_ms: int, guarded: bool = False) -> tuple[Shown, Why]:
    """What the policy lets a person see of the own closed attempt, and why not more.

    never: the score only. after_close: keys from the close on. after_each, after_submit: keys once it is handed in.
    Unless the policy says `always` (practice), keys also wait until the person has passed or has no try left, and while the offering
    is open to others they are not shown to anyone. again: whether the person may try again. guarded: whether one of the items may come up in
    a round that is open, or is kept back for another reason; then no keys at all, whatever the policy.
    """
    if terms.review == "never":
        return Shown.SCORE, Why.NEVER
    open_yet = terms.closes_ms is not None and now_ms < terms.closes_ms
    conditional = terms.review_keys != "always"
    if (terms.review == "after_close" and (open_yet or terms.closes_ms is None)) or (conditional and open_yet):
        return Shown.SCORE, Why.AFTER_CLOSE
    if conditional and again and not passed:
        return Shown.SCORE, Why.TRIES_REMAIN
    return (Shown.SCORE, Why.OPEN_ROUND) if guarded else (Shown.KEYS, Why.SHOWN)


def parts_of(terms: Terms, *, passed: bool | None, again: bool, now_ms: int, guarded: bool = False) -> tuple[frozenset[ReviewPart], Why]:
    """Which parts of the own closed attempt may be shown, and why not more.

    The score is shown at once where the policy shows it at all. A policy without keys shows the own answers as soon as its time has come, also
    while tries remain, but not while they may help others in an open round.
    """
    score: frozenset[ReviewPart] = frozenset(part for part in terms.show if part == "score")
    shown, why = review_of(terms, passed=passed, again=again, now_ms=now_ms, guarded=guarded)
    if shown is Shown.KEYS:
        return frozenset(terms.show), why
    if KEYS.isdisjoint(terms.show) and why is Why.TRIES_REMAIN and not guarded:
        return frozenset(terms.show), Why.SHOWN
    return score, why


def may_check(terms: Terms, *, guarded: bool) -> bool:
    """Whether an answer may be checked in the middle of a sitting: in practice with a review after each answer, and no item that is kept back."""
    return terms.review == "after_each" and terms.review_keys == "always" and not KEYS.isdisjoint(terms.show) and not guarded
