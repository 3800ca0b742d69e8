"""The one source of time. Instants are aware and in UTC; dates are those of the site's time zone."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Anything that can tell the present instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved; for tests and rehearsals."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The instant last set."""
        return self._at

    def set(self, at: datetime) -> None:
        """Stand at this instant from now on."""
        self._at = at.astimezone(UTC)

    def move(self, **delta: float) -> None:
        """Go on by a timedelta given in keywords: `move(minutes=5)`."""
        self._at += timedelta(**delta)


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The calendar date of an instant in the site's time zone."""
    return at.astimezone(zone).date()


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970-01-01T00:00Z, exact."""
    delta = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return delta.days * 86_400_000 + delta.seconds * 1000 + delta.microseconds // 1000


def from_ms(ms: int) -> datetime:
    """The instant of a number of milliseconds since 1970-01-01T00:00Z."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
