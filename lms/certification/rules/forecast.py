"""What runs out when, and how long the line for training gets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """A month that is named by its first day (of the present one: what is left of it).

    due: how many run out in it; trained: how many of those who wait are trained in it, at most the capacity; waiting: who waits at its end.
    """

    first: date
    due: int
    trained: int
    waiting: int


def first_days(today: date) -> tuple[date, ...]:
    """The first days of the present month and of the eleven after it."""
    months = (today.year * 12 + today.month - 1 + n for n in range(MONTHS))
    return tuple(date(month // 12, month % 12 + 1, 1) for month in months)


def due_by_month(today: date, ends: Iterable[tuple[date, int]]) -> tuple[int, ...]:
    """How many run out in each month, from last days in force with how many have them; what ended before today or ends after the months is left out."""
    index = {(first.year, first.month): n for n, first in enumerate(first_days(today))}
    due = [0] * MONTHS
    for end, n in ends:
        at = index.get((end.year, end.month))
        if end >= today and at is not None:
            due[at] += n
    return tuple(due)


def plan(today: date, waiting: int, due: Sequence[int], capacity: int) -> tuple[Month, ...]:
    """The months ahead where `waiting` wait now, `due` more come in each month, and `capacity` at most can be trained in one."""
    months = []
    for first, new in zip(first_days(today), due, strict=True):
        trained = min(capacity, waiting + new)
        waiting += new - trained
        months.append(Month(first, new, trained, waiting))
    return tuple(months)
