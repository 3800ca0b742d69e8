"""The terms of an attempt: what it needs, once started, to be timed, scored and shown without the content's files."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from lms.assessment.rules.navigation import Navigation
from lms.assessment.rules.scoring import Marks
from lms.assessment.rules.sections import SectionTerms

Review = Literal["never", "after_each", "after_submit", "after_close"]
ReviewKeys = Literal["always", "when_no_tries_remain_or_passed"]
ReviewPart = Literal["score", "own", "right", "explanation"]
PARTS: tuple[ReviewPart, ...] = ("score", "own", "right", "explanation")


@dataclass(frozen=True, slots=True)
class Terms:
    """Fixed at the start of an attempt. opens_ms and closes_ms: milliseconds since 1970, None where it is always open.

    show: what a review shows; practice: nothing depends on it, so there is no result to keep.
    markers: how many people mark each essay, without seeing each other.
    """

    title: Mapping[str, str]
    limit_s: int
    attempts_max: int | None
    opens_ms: int | None
    closes_ms: int | None
    review: Review
    review_keys: ReviewKeys
    pass_percent: int | None
    marks: Marks
    back_url: str
    navigation: Navigation = "free"
    sections: tuple[SectionTerms, ...] = ()
    below_zero: bool = False
    show: tuple[ReviewPart, ...] = PARTS
    practice: bool = False
    markers: int = 1

    def to_json(self) -> str:
        """As it is stored with the attempt."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, stored: str) -> "Terms":
        """Read back what `to_json` wrote."""
        values: dict[str, Any] = json.loads(stored)
        sections = tuple(SectionTerms(**{**one, "items": tuple(one["items"])}) for one in values.get("sections", ()))
        show = tuple(values.get("show", PARTS))
        return cls(**{**values, "marks": tuple(values["marks"]), "sections": sections, "show": show})


def deadline_of(start: datetime, limit_s: int, closes_at: datetime | None) -> datetime:
    """The limit after the start, but never past the close: who starts late has less time, and is told before."""
    end = start + timedelta(seconds=limit_s)
    return end if closes_at is None else min(end, closes_at)


def closed_at(deadline: datetime, now: datetime) -> datetime:
    """When an attempt counts as handed in: now, at the latest its deadline, so that grace is never new time."""
    return min(deadline, now)


def is_late(deadline: datetime, grace_s: int, now: datetime) -> bool:
    """Whether a save received now comes after the deadline and its grace; the last millisecond of the grace is in time."""
    return now > deadline + timedelta(seconds=grace_s)


def tries_left(terms: Terms, used: int, *, now_ms: int) -> int | None:
    """How many more attempts there are: None for as many as one likes; none once it has closed.

    used: attempts of the present period that are not void. A new period brings new tries; see `may_try_again`.
    """
    if terms.closes_ms is not None and now_ms >= terms.closes_ms:
        return 0
    return None if terms.attempts_max is None else max(0, terms.attempts_max - used)


def may_try_again(terms: Terms, used: int, *, period: str, now_ms: int) -> bool:
    """Whether another attempt is still to come, now or in a later period of an offering that counts by day or week."""
    if terms.closes_ms is not None and now_ms >= terms.closes_ms:
        return False
    return bool(period) or terms.attempts_max is None or used < terms.attempts_max
