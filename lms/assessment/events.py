"""What this room tells the rooms above."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AttemptVoided:
    """An attempt counts no more, whatever its result was: by a person, with a reason. What rested on it must follow."""

    attempt_id: int
    person_id: int
    offering: str
    by_person_id: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AttemptScored:
    """An attempt was handed in or lapsed, and has its first full result: at once, or when the last of its essays has been marked.

    points, max_points: in hundredths of a point. passed: None where the offering has no pass mark.
    critical_wrong: how many critical items were not fully right.
    submitted_at: when it was handed in, at the latest its deadline; elapsed_ms: from start to then.
    unit_id: the person's unit at the start of the attempt.
    """

    attempt_id: int
    person_id: int
    offering: str
    period: str
    n: int
    passed: bool | None
    points: int
    max_points: int
    correct: int
    item_count: int
    critical_wrong: int
    elapsed_ms: int
    submitted_at: datetime
    unit_id: int | None
