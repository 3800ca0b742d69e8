"""What learning tells the rooms above, in the transaction in which it happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class LessonDone:
    """A lesson was gone through to its end. May come again for the same lesson when more study time has been credited since.

    credited_s: seconds credited since the last such event (not the total); ref: unique per event, e.g. 'course/lesson#2'.
    """

    person_id: int
    course_slug: str
    lesson_slug: str
    part: str
    credited_s: int
    lesson_digest: str
    course_digest: str
    schemes: tuple[str, ...]
    on: date
    at: datetime
    ref: str


@dataclass(frozen=True, slots=True)
class AttendanceRecorded:
    """A person attended a class day. minutes: by part (law, management, theory, practice, test)."""

    person_id: int
    class_day_id: int
    schemes: tuple[str, ...]
    minutes: Mapping[str, int]
    on: date
    at: datetime
    recorded_by: int
