"""Study time: min(gap, 60 s) between signs, one lesson at a time, at most twice the declared minutes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.learning.rules import Sign, credit_ms, credit_unscripted_ms, next_lesson

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LAST = Sign("c", "l", AT)


@pytest.mark.parametrize(
    ("last", "after_s", "already_s", "expected_s"),
    [
        pytest.param(None, 30, 0, 0, id="the first sign credits nothing"),
        pytest.param(LAST, 20, 0, 20, id="the gap"),
        pytest.param(LAST, 60, 0, 60, id="a gap of exactly a minute"),
        pytest.param(LAST, 61, 0, 60, id="idle beyond a minute is left out"),
        pytest.param(Sign("c", "other", AT), 20, 5, 5, id="time of another lesson"),
        pytest.param(Sign("other", "l", AT), 20, 5, 5, id="time of a lesson of the same name in another course"),
        pytest.param(LAST, 30, 940, 960, id="capped at twice the declared minutes"),
        pytest.param(LAST, 30, 1000, 1000, id="what was credited before a lesson was shortened stays"),
        pytest.param(LAST, -30, 7, 7, id="a clock that went back credits nothing"),
    ],
)
def test_a_sign_credits_the_gap(last: Sign | None, after_s: int, already_s: int, expected_s: int) -> None:
    got = credit_ms(last=last, course="c", lesson="l", at=AT + timedelta(seconds=after_s), credited_ms=already_s * 1000, declared_minutes=8)
    assert got == expected_s * 1000


@pytest.mark.parametrize(
    ("last", "stay_s", "expected_s"),
    [
        pytest.param(None, 300, 300, id="the stay"),
        pytest.param(None, 481, 480, id="at most the declared minutes"),
        pytest.param(Sign("c", "other", AT + timedelta(seconds=100)), 300, 200, id="not the time that a sign elsewhere has used"),
        pytest.param(Sign("c", "other", AT + timedelta(seconds=400)), 300, 0, id="a sign after the end leaves nothing"),
    ],
)
def test_a_stay_without_script_counts_up_to_the_declared_minutes(last: Sign | None, stay_s: int, expected_s: int) -> None:
    got = credit_unscripted_ms(last=last, opened_at=AT, at=AT + timedelta(seconds=stay_s), credited_ms=0, declared_minutes=8)
    assert got == expected_s * 1000


@given(st.lists(st.integers(0, 200), max_size=60), st.integers(1, 12))
def test_credit_never_shrinks_nor_passes_wall_time_and_cap(gaps: list[int], minutes: int) -> None:
    credited, at, last = 0, AT, None
    for gap in gaps:
        at += timedelta(seconds=gap)
        after = credit_ms(last=last, course="c", lesson="l", at=at, credited_ms=credited, declared_minutes=minutes)
        assert credited <= after <= min(credited + min(gap, 60) * 1000, 2 * minutes * 60_000)
        credited, last = after, Sign("c", "l", at)
    assert credited <= (at - AT).total_seconds() * 1000


def test_the_next_lesson_is_the_first_not_done() -> None:
    assert next_lesson(["a", "b", "c"], {"a": True}) == "b"
    assert next_lesson(["a", "b", "c"], {"b": True}) == "a"
    assert next_lesson(["a"], {"a": True}) is None
