"""Waivers: somebody need not have a scheme for some days, by a decision with a reason. A rule of the site; no law is known that sets it.

A waiver excuses from training that is missing; it proves nothing. Standing and fitness for work never ask about it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from lms.platform.rules import Phrase, phrase

MOST_DAYS = 366
"""A longer one has to be decided anew."""

WAIVABLE = frozenset({"none", "expired", "retrain_required"})
"""Standings in which training is missing. A suspension or revocation was decided about the person, and no waiver hides it."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """From a day until a day (both included). ended_on: from that day on it holds no more, whatever its last day."""

    from_on: date
    until_on: date
    ended_on: date | None = None

    @property
    def last_on(self) -> date:
        """The last day on which it holds; before `from_on` for one that was ended at once."""
        return self.until_on if self.ended_on is None else min(self.until_on, self.ended_on - timedelta(days=1))

    def holds(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.from_on <= on <= self.last_on


def waived_until(waivers: Iterable[Waiver], standing: str, on: date) -> date | None:
    """The last day of the waivers that hold on a day, for a standing in which training is missing; else None."""
    if standing not in WAIVABLE:
        return None
    return max((waiver.last_on for waiver in waivers if waiver.holds(on)), default=None)


def refuse_days(from_on: date, until_on: date, today: date) -> Phrase | None:
    """Why a waiver cannot be given for these days, if it cannot: one that begins in the past would rewrite what was reported."""
    if from_on < today:
        return phrase("A waiver cannot begin in the past.")
    if until_on < from_on:
        return phrase("The last day comes before the first.")
    if (until_on - from_on).days >= MOST_DAYS:
        return phrase("A waiver holds for at most %(days)s days.", days=MOST_DAYS)
    return None
