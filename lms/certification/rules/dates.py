"""Counting calendar terms: in dates of the site's time zone, never in seconds."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

Counting = Literal["corresponding_day", "day_before"]
Starts = Literal["issue", "previous_until"]
DAY = timedelta(days=1)


def end_of_term(start: date, months: int, counting: Counting) -> date:
    """The last day of a term of calendar months.

    corresponding_day: the day of the start is not counted and the term ends with the end of the corresponding day of the last month,
    or on that month's last day where there is none (Vietnam, Civil Code 91/2015/QH13 Art. 147-148).
    day_before: the day of the start is counted, so the term ends the day before; where the month is too short, on its last day.
    """
    if counting == "corresponding_day":
        return _day_of(start, months, start.day)
    if start.day == 1:
        return _day_of(start, months, 1) - DAY
    return _day_of(start, months, start.day - 1)


def months_before(day: date, months: int) -> date:
    """The corresponding day so many calendar months earlier, the last day of the month where there is none."""
    return _day_of(day, -months, day.day)


def _day_of(start: date, months: int, day: int) -> date:
    month = start.year * 12 + start.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day, monthrange(year, month)[1]))


def period_dates(*, issued_on: date, previous_until: date | None, months: int | None, counting: Counting, starts: Starts) -> tuple[date, date | None]:
    """First and last day of a new period (no last day where the scheme knows no cycle).

    starts: `issue` counts from the day of issue, also for an early renewal; `previous_until` lets an early renewal follow the running
    period without a gap or overlap. A renewal after the end counts from its issue in either case.
    """
    if starts == "previous_until" and previous_until is not None and previous_until >= issued_on:
        first = previous_until + DAY
        counted_from = previous_until if counting == "corresponding_day" else first
    else:
        first = counted_from = issued_on
    return first, end_of_term(counted_from, months, counting) if months else None
