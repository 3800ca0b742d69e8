"""The times of an exam, and what may still be changed when."""

from datetime import datetime, timedelta
from enum import StrEnum

SOON = timedelta(days=14)


class Phase(StrEnum):
    """Where an exam stands: computed from the present instant, never set."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


def phase_of(opens_at: datetime, closes_at: datetime, now: datetime) -> Phase:
    """The opening is included, the close is not."""
    if now < opens_at:
        return Phase.COMING
    return Phase.OPEN if now < closes_at else Phase.CLOSED


def is_due(opens_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """Whether a learner is told: open now, or to open within a fortnight."""
    return now < closes_at and opens_at <= now + SOON
