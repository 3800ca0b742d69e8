"""Time and tries: the server's clock, the earlier of limit and close, the grace, what may be shown when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lms.assessment.rules.review import Shown, Why, review_of
from lms.assessment.rules.terms import Terms, closed_at, deadline_of, is_late, may_try_again, tries_left

START = datetime(2027, 5, 3, 1, 0, tzinfo=UTC)
CLOSE_MS = 1_000_000


def terms(**given: Any) -> Terms:
    usual: dict[str, Any] = {
        "title": {"vi": "Điện"},
        "limit_s": 600,
        "attempts_max": 3,
        "opens_ms": None,
        "closes_ms": None,
        "review": "after_submit",
        "review_keys": "when_no_tries_remain_or_passed",
        "pass_percent": 80,
        "marks": (1, 0, 0),
        "back_url": "/courses/dien",
    }
    return Terms(**usual | given)


def test_terms_come_back_as_they_were_stored() -> None:
    kept = terms(closes_ms=5, marks=(2, -1, 0))
    assert Terms.from_json(kept.to_json()) == kept


@pytest.mark.parametrize(
    ("closes_in_s", "lasts_s"),
    [pytest.param(None, 600, id="no close"), pytest.param(600, 600, id="close at the limit"), pytest.param(240, 240, id="who starts late has less time")],
)
def test_the_deadline_is_the_earlier_of_limit_and_close(closes_in_s: int | None, lasts_s: int) -> None:
    closes = None if closes_in_s is None else START + timedelta(seconds=closes_in_s)
    assert deadline_of(START, 600, closes) == START + timedelta(seconds=lasts_s)


@pytest.mark.parametrize(
    ("after_ms", "late"),
    [pytest.param(0, False, id="at the deadline"), pytest.param(10_000, False, id="last moment of the grace"), pytest.param(10_001, True, id="a moment after")],
)
def test_the_grace_is_for_saves_on_their_way(after_ms: int, late: bool) -> None:
    assert is_late(START, 10, START + timedelta(milliseconds=after_ms)) is late


def test_the_grace_is_never_new_time() -> None:
    assert closed_at(START, START + timedelta(seconds=5)) == START
    assert closed_at(START, START - timedelta(seconds=5)) == START - timedelta(seconds=5)


@pytest.mark.parametrize(
    ("given", "used", "now_ms", "left"),
    [
        pytest.param({}, 0, 0, 3, id="none used"),
        pytest.param({}, 3, 0, 0, id="all used"),
        pytest.param({}, 4, 0, 0, id="never below none"),
        pytest.param({"attempts_max": None}, 9, 0, None, id="as many as one likes"),
        pytest.param({"closes_ms": CLOSE_MS}, 0, CLOSE_MS - 1, 3, id="just before the close"),
        pytest.param({"closes_ms": CLOSE_MS, "attempts_max": None}, 0, CLOSE_MS, 0, id="at the close"),
    ],
)
def test_tries_left(given: dict[str, Any], used: int, now_ms: int, left: int | None) -> None:
    assert tries_left(terms(**given), used, now_ms=now_ms) == left


@pytest.mark.parametrize(
    ("given", "used", "period", "now_ms", "again"),
    [
        pytest.param({}, 2, "", 0, True, id="a try left"),
        pytest.param({}, 3, "", 0, False, id="no try left"),
        pytest.param({"attempts_max": None}, 30, "", 0, True, id="without limit"),
        pytest.param({}, 3, "2027-W18", 0, True, id="none left this week, but next week"),
        pytest.param({"closes_ms": CLOSE_MS}, 0, "2027-W18", CLOSE_MS, False, id="closed"),
    ],
)
def test_whether_another_try_is_still_to_come(given: dict[str, Any], used: int, period: str, now_ms: int, again: bool) -> None:
    assert may_try_again(terms(**given), used, period=period, now_ms=now_ms) is again


KEYS = (Shown.KEYS, Why.SHOWN)


@pytest.mark.parametrize(
    ("given", "passed", "again", "now_ms", "answer"),
    [
        pytest.param({"review": "never", "review_keys": "always"}, True, False, 0, (Shown.SCORE, Why.NEVER), id="never"),
        pytest.param({}, False, True, 0, (Shown.SCORE, Why.TRIES_REMAIN), id="failed with tries left: score and lessons only"),
        pytest.param({}, True, True, 0, KEYS, id="passed"),
        pytest.param({}, False, False, 0, KEYS, id="failed, no try left"),
        pytest.param({}, None, True, 0, (Shown.SCORE, Why.TRIES_REMAIN), id="nobody passes here, tries left"),
        pytest.param({"review_keys": "always"}, False, True, 0, KEYS, id="practice"),
        pytest.param({"review": "after_each", "review_keys": "always"}, False, True, 0, KEYS, id="after each, handed in"),
        pytest.param({"closes_ms": CLOSE_MS}, True, False, CLOSE_MS - 1, (Shown.SCORE, Why.AFTER_CLOSE), id="passed, but open to others"),
        pytest.param({"closes_ms": CLOSE_MS}, True, False, CLOSE_MS, KEYS, id="passed and closed"),
        pytest.param({"review": "after_close"}, True, False, 0, (Shown.SCORE, Why.AFTER_CLOSE), id="after a close that never comes"),
        pytest.param({"review": "after_close", "review_keys": "always", "closes_ms": 9}, False, True, 8, (Shown.SCORE, Why.AFTER_CLOSE), id="before the close"),
        pytest.param({"review": "after_close", "closes_ms": 9}, False, False, 9, KEYS, id="at the close"),
    ],
)
def test_what_may_be_shown_of_a_closed_attempt(given: dict[str, Any], passed: bool | None, again: bool, now_ms: int, answer: tuple[Shown, Why]) -> None:
    assert review_of(terms(**given), passed=passed, again=again, now_ms=now_ms) == answer
