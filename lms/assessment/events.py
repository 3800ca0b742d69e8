"""What this room tells the rooms above."""

from dataclasses import dataclass, field
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
    """An attempt was handed in or lapsed, and has a full result: at once, when the last of its essays has been marked, or by a correction.

    The same attempt is told again with every later version of its result; what rests on it follows the latest.

    points, max_points: in hundredths of a point. passed: None where the offering has no pass mark.
    critical_wrong: how many critical items were not fully right.
    submitted_at: when it was handed in, at the latest its deadline; elapsed_ms: from start to then.
    unit_id: the person's unit at the start of the attempt. version: of the result, from 1; scored_at: when that was made.
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
    version: int = field(default=1, compare=False)
    scored_at: datetime | None = field(default=None, compare=False)
