"""When a notice goes out, and when it is tried again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people.notices.rules import RETRY_MINUTES, Choice, Quiet, Topic, clock_of, due_at, minute_of, next_try_at

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT = Quiet(21 * 60, 6 * 60)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def due(now: datetime, *, mail: str = "at_once", channel: str = "mail", topic: Topic = Topic.CERTIFICATE, quiet: Quiet = NIGHT) -> datetime:
    return due_at(Choice(quiet, mail), channel, topic, gather_at=7 * 60, now=now, zone=ZONE)


@pytest.mark.parametrize(
    ("now", "mail", "expected"),
    [
        pytest.param(at(22, 9), "at_once", at(22, 9), id="by day at once"),
        pytest.param(at(22, 20, 59), "at_once", at(22, 20, 59), id="the last minute before quiet"),
        pytest.param(at(22, 21), "at_once", at(23, 6), id="the first quiet minute waits until morning"),
        pytest.param(at(23, 5, 59), "at_once", at(23, 6), id="the last quiet minute"),
        pytest.param(at(23, 6), "at_once", at(23, 6), id="the first minute after"),
        pytest.param(at(22, 6, 59), "daily", at(22, 7), id="gathered letter of today"),
        pytest.param(at(22, 7), "daily", at(23, 7), id="what comes at the minute itself waits a day"),
        pytest.param(at(22, 9), "weekly", at(23, 7), id="22/11/2026 is a Sunday: tomorrow"),
        pytest.param(at(23, 7), "weekly", at(30, 7), id="on Monday after the letter"),
    ],
)
def test_when_a_letter_goes_out(now: datetime, mail: str, expected: datetime) -> None:
    assert due(now, mail=mail) == expected


def test_messages_to_a_phone_are_never_gathered_but_keep_quiet() -> None:
    assert due(at(22, 9), mail="weekly", channel="push") == at(22, 9)
    assert due(at(22, 23), mail="weekly", channel="push") == at(23, 6)


def test_what_concerns_the_account_comes_at_once_day_and_night() -> None:
    assert due(at(22, 23), mail="weekly", topic=Topic.ACCOUNT) == at(22, 23)


def test_what_is_muted_or_off_does_not_go_out_but_the_account_cannot_be_muted() -> None:
    choice = Choice(NIGHT, "daily", hook=False, muted=frozenset({Topic.CONTEST, Topic.ACCOUNT}))
    assert not choice.wants("push", Topic.CONTEST)
    assert choice.wants("mail", Topic.ACCOUNT)
    assert not choice.wants("hook", Topic.CERTIFICATE)
    assert not Choice(NIGHT, "off").wants("mail", Topic.ACCOUNT)


@given(st.integers(0, 1439), st.integers(0, 1439), st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_nothing_goes_out_in_quiet_hours_and_nothing_waits_longer_than_a_day(since: int, until: int, now: datetime) -> None:
    quiet = Quiet(since, until)
    found = due(now, quiet=quiet)
    local = found.astimezone(ZONE)
    assert timedelta(0) <= found - now <= timedelta(days=1)
    assert not quiet.holds(local.hour * 60 + local.minute)


def test_tries_end() -> None:
    now = at(22, 9)
    assert [next_try_at(n, now) for n in range(1, 7)] == [now + timedelta(minutes=m) for m in RETRY_MINUTES] + [None]


@pytest.mark.parametrize(
    ("text", "minute"), [("00:00", 0), ("7:05", 425), ("23:59", 1439), ("24:00", None), ("12:60", None), ("7.30", None), ("", None), ("٧:٠٠", None)]
)
def test_times_of_the_day(text: str, minute: int | None) -> None:
    assert minute_of(text) == minute
    if minute is not None:
        assert minute_of(clock_of(minute)) == minute
