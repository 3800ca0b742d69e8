"""Deadlines that a supervisor moves: never past the close, never into the past."""

from datetime import datetime, timedelta

from lms.assessment.rules.terms import deadline_of

MOST_S = 12 * 3600
"""More than half a day at a time is a slip of the hand."""
OFFLINE_AFTER_S = 150
"""A page that sends a sign of life every minute has missed two of them."""


def extra_until(start: datetime, limit_s: int, until: datetime) -> int:
    """The personal extra time, in whole seconds rounded up, with which an attempt runs until then: deadline = start + limit + extra.

    Negative where that is before the limit: somebody who had handed in early gets the minutes that the supervisor names, not the whole rest.
    """
    return -((start + timedelta(seconds=limit_s) - until) // timedelta(seconds=1))


def new_deadline(start: datetime, limit_s: int, extra_s: int, closes_at: datetime | None) -> datetime:
    """min(start + limit + extra, close); never before the start."""
    return max(deadline_of(start, limit_s + extra_s, closes_at), start + timedelta(milliseconds=1))


def is_offline(seen_at: datetime, now: datetime) -> bool:
    """Whether nothing has been heard of an open sitting for too long."""
    return now - seen_at > timedelta(seconds=OFFLINE_AFTER_S)
