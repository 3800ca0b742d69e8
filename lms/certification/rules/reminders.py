"""When somebody is reminded of a certificate that runs out. A rule of the site; no law is known that sets it."""

from datetime import date

BEFORE = (60, 30, 7)
"""Days before the last day of validity; the nearest that has come counts."""
AFTER = (1, 30)
"""Days after it."""
LATEST = AFTER[-1] + 15
"""Whoever is later still was reminded, or has been told by a person."""


def step_of(until_on: date, today: date) -> int | None:
    """The reminder that is due: how many days before (positive) or after (negative) the last day of validity; None where none is.

    A site that did not run on the day itself catches up with the latest only.
    """
    left = (until_on - today).days
    if left >= 0:
        return min((days for days in BEFORE if left <= days), default=None)
    late = -left
    return None if late > LATEST else -max(days for days in AFTER if late >= days)
