"""Open and closed, and the period a try counts in: by the server's clock, in the site's time zone."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

Per = Literal["round", "day", "week"]


class Phase(StrEnum):
    """Where a round stands at a moment."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


def phase_of(opens_at: datetime, closes_at: datetime, now: datetime) -> Phase:
    """Open from the opening on (its millisecond included) until the close (its millisecond not)."""
    if now < opens_at:
        return Phase.COMING
    return Phase.OPEN if now < closes_at else Phase.CLOSED


def period_key(per: Per, at: datetime, zone: ZoneInfo) -> str:
    """What the tries are counted by: '' the whole round, '2027-05-04' a day, '2027-W18' a week from Monday to Sunday, all in the zone."""
    day = at.astimezone(zone).date()
    if per == "day":
        return day.isoformat()
    if per == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return ""
