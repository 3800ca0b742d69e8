"""A moment at which no contest of the sample is open, so that nothing is frozen."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
