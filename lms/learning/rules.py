"""How study time is credited and how far a course is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

GAP = timedelta(seconds=60)
"""Between two signs of activity at most this much is credited."""

CAP_FACTOR = 2
"""A lesson is credited at most this many times its declared minutes."""


@dataclass(frozen=True, slots=True)
class Sign:
    """The last sign of activity of a person: in which lesson, and when."""

    course: str
    lesson: str
    at: datetime


def credit_ms(*, last: Sign | None, course: str, lesson: str, at: datetime, credited_ms: int, declared_minutes: int) -> int:
    """Credited milliseconds of a lesson after a sign of activity at `at`.

    A sign adds the time since the last one, at most 60 s, if that was in the same lesson: one lesson at a time per person.
    """
    if last is None or (last.course, last.lesson) != (course, lesson):
        return credited_ms
    gap = min(max(at - last.at, timedelta()), GAP)
    return _capped(credited_ms + gap // timedelta(milliseconds=1), declared_minutes, credited_ms)


def credit_unscripted_ms(*, last: Sign | None, opened_at: datetime, at: datetime, credited_ms: int, declared_minutes: int) -> int:
    """Credited milliseconds of a lesson that was read without JavaScript, from the page's opening to its end.

    The page sends no signs, so the whole stay counts, up to the declared minutes, and never time that a sign elsewhere has used.
    """
    begun = max(opened_at, last.at) if last else opened_at
    stay = min(max(at - begun, timedelta()), timedelta(minutes=declared_minutes))
    return _capped(credited_ms + stay // timedelta(milliseconds=1), declared_minutes, credited_ms)


def _capped(wanted_ms: int, declared_minutes: int, credited_ms: int) -> int:
    return max(credited_ms, min(wanted_ms, CAP_FACTOR * declared_minutes * 60_000))


def next_lesson(lessons: Iterable[str], done: Mapping[str, bool]) -> str | None:
    """The first lesson, in the order of the course, that is not done; none if all are."""
    return next((slug for slug in lessons if not done.get(slug)), None)
