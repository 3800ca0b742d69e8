"""Instants are aware and in UTC; dates are those of the site's time zone."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.clock import MovableClock, SystemClock, from_ms, local_date, to_ms

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def test_the_machine_s_clock_is_aware_and_in_utc() -> None:
    at = SystemClock().now()
    assert at.tzinfo is UTC
    assert abs((datetime.now(UTC) - at).total_seconds()) < 5


def test_a_movable_clock_stands_still_until_it_is_moved() -> None:
    clock = MovableClock(datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=7))))
    assert clock.now() == clock.now() == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    clock.move(minutes=5, seconds=1)
    assert clock.now() == datetime(2026, 11, 22, 2, 5, 1, tzinfo=UTC)
    clock.set(datetime(2027, 1, 1, tzinfo=VIETNAM))
    assert clock.now() == datetime(2026, 12, 31, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(datetime(2026, 11, 21, 16, 59, 59, tzinfo=UTC), date(2026, 11, 21), id="last second of the day in Vietnam"),
        pytest.param(datetime(2026, 11, 21, 17, 0, tzinfo=UTC), date(2026, 11, 22), id="first second of the next"),
    ],
)
def test_a_date_is_that_of_the_zone(at: datetime, expected: date) -> None:
    assert local_date(at, VIETNAM) == expected


@given(st.integers(min_value=-(10**12), max_value=10**13))
def test_milliseconds_go_round_exactly(ms: int) -> None:
    assert to_ms(from_ms(ms)) == ms


def test_milliseconds_are_counted_from_1970_in_any_zone() -> None:
    assert to_ms(datetime(1970, 1, 1, 7, 0, 1, tzinfo=VIETNAM)) == 1000 - 3_600_000 * 1  # Saigon stood at +8 then
    assert to_ms(datetime(2026, 11, 22, 9, 0, tzinfo=VIETNAM)) == to_ms(datetime(2026, 11, 22, 2, 0, tzinfo=UTC))
