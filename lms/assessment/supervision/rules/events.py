"""What can befall an attempt, and the facts of a sitting in numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What befell an attempt. Acts are a person's decision and have a reason; the rest is noticed."""

    EXTRA_TIME = "extra_time"
    CLOSE_MOVED = "close_moved"
    REOPENED = "reopened"
    HANDED_IN = "handed_in"
    VOIDED = "voided"
    UNLOCKED = "unlocked"
    BOUND = "bound"
    REFUSED_DEVICE = "refused_device"
    LEFT = "left"
    BACK = "back"
    PASTED = "pasted"


ACTS = frozenset({Kind.EXTRA_TIME, Kind.CLOSE_MOVED, Kind.REOPENED, Kind.HANDED_IN, Kind.VOIDED, Kind.UNLOCKED})
SENT = frozenset({Kind.LEFT, Kind.BACK, Kind.PASTED})
"""What the page of a sitting may tell of itself, and only where the candidates were told so beforehand."""
SHOWN_TO_LEARNER = ACTS
"""What the person whose attempt it is sees, with the reason."""


@dataclass(frozen=True, slots=True)
class Facts:
    """How often the page was left, how long at most (seconds; 0 where it never came back), how often text was pasted, how many devices were refused."""

    left: int = 0
    longest_s: int = 0
    pasted: int = 0
    refused: int = 0

    @property
    def any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.left or self.pasted or self.refused)


def facts_of(rows: Iterable[tuple[str, int, int | None]]) -> Facts:
    """The facts of (kind, how often, the longest in seconds)."""
    found = {kind: (count, longest or 0) for kind, count, longest in rows}
    left, back, pasted, refused = (found.get(kind, (0, 0)) for kind in (Kind.LEFT, Kind.BACK, Kind.PASTED, Kind.REFUSED_DEVICE))
    return Facts(left[0], back[1], pasted[0], refused[0])
