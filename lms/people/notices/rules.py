"""When a notice goes out on a way, and when it is tried again. Minutes are minutes of the day in the site's time zone."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = 24 * 60
CHANNELS = ("mail", "push", "hook")
PACES = ("off", "at_once", "daily", "weekly")
"""How often e-mail comes: what is not sent at once is gathered into one letter."""
RETRY_MINUTES = (1, 5, 30, 120, 720)
"""How long the next try waits after each that failed for now; after the last the notice stays in the site alone."""
MONDAY = 0


class Topic(StrEnum):
    """What a notice is about."""

    ACCOUNT = "account"
    TRAINING = "training"
    CERTIFICATE = "certificate"
    TEST = "test"
    CONTEST = "contest"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Quiet:
    """From which minute of the day to which nothing is sent; over midnight where `until` comes first; never where both are the same."""

    since: int
    until: int

    def holds(self, minute: int) -> bool:
        """Whether a minute is quiet; the minute `until` is not."""
        if self.since <= self.until:
            return self.since <= minute < self.until
        return minute >= self.since or minute < self.until


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants to get where."""

    quiet: Quiet
    mail: str = "daily"
    hook: bool = True
    muted: frozenset[Topic] = field(default=frozenset())

    def wants(self, channel: str, topic: Topic) -> bool:
        """Whether a topic goes out on a way. What concerns the own account cannot be muted, but e-mail can be off."""
        if topic in self.muted and topic is not Topic.ACCOUNT:
            return False
        return self.mail != "off" if channel == "mail" else self.hook if channel == "hook" else True


def due_at(choice: Choice, channel: str, topic: Topic, *, gather_at: int, now: datetime, zone: ZoneInfo) -> datetime:
    """When a notice goes out.

    What concerns the account at once, day or night; gathered letters at the minute `gather_at` of the next day (or Monday); the rest at once, or
    when the quiet hours end.
    """
    if topic is Topic.ACCOUNT:
        return now
    local = now.astimezone(zone)
    if channel == "mail" and choice.mail in ("daily", "weekly"):
        return _next(local, gather_at, monday=choice.mail == "weekly")
    if choice.quiet.holds(local.hour * 60 + local.minute):
        return _next(local, choice.quiet.until)
    return now


def _next(local: datetime, minute: int, *, monday: bool = False) -> datetime:
    """The first moment after this one at which it is this minute of the day, on a Monday if asked."""
    day = local.date()
    while True:
        found = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=local.tzinfo)
        if found > local and (not monday or day.weekday() == MONDAY):
            return found.astimezone(local.tzinfo)
        day += timedelta(days=1)


def next_try_at(tries: int, now: datetime) -> datetime | None:
    """When to try again after so many tries, from 1; None: never."""
    return now + timedelta(minutes=RETRY_MINUTES[tries - 1]) if tries <= len(RETRY_MINUTES) else None


def minute_of(clock: str) -> int | None:
    """The minute of the day of a time written 21:30; None for anything else."""
    hours, colon, minutes = clock.strip().partition(":")
    if not (colon and hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit() and len(minutes) == 2 and len(hours) <= 2):  # noqa: PLR2004
        return None
    found = int(hours) * 60 + int(minutes)
    return found if int(minutes) < 60 and found < DAY else None  # noqa: PLR2004


def clock_of(minute: int) -> str:
    """A minute of the day as people write it."""
    return f"{minute // 60:02}:{minute % 60:02}"
