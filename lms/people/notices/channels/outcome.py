"""What became of something that was sent."""

from dataclasses import dataclass
from enum import Enum, auto


class Result(Enum):
    """Sent; not now, so try again; never; not tried at all, for want of time."""

    SENT = auto()
    LATER = auto()
    NEVER = auto()
    UNTRIED = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it. said: what the other side answered, without personal values."""

    result: Result
    said: str = ""


SENT = Outcome(Result.SENT)
"""Taken over by the other side."""
UNTRIED = Outcome(Result.UNTRIED)
"""The time has ended before it could be sent."""
