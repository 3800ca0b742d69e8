"""The clock, periods, participation, cells, identity, and the checks of a quiz round."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.catalogue import Draw
from lms.contests.rules.cells import safe_cell
from lms.contests.rules.identity import check_identity, missing_identity
from lms.contests.rules.participation import Share, order_of, sum_up
from lms.contests.rules.rounds import QuizConfig
from lms.contests.rules.rounds.quiz import QUIZ, DrawRules, length
from lms.contests.rules.schedule import Phase, period_key, phase_of
from lms.contests.rules.text import check_contest, round_text
from lms.contests.rules.values import ContestRules, RoundRules, Sat, StageRules
from lms.contests.terms import _bank_title
from lms.platform.rules import phrase

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OPENS = datetime(2027, 5, 4, 1, 0, tzinfo=UTC)
CLOSES = datetime(2027, 5, 10, 10, 0, tzinfo=UTC)
MS = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        pytest.param(OPENS - MS, Phase.COMING, id="one ms before the opening"),
        pytest.param(OPENS, Phase.OPEN, id="at the opening"),
        pytest.param(CLOSES - MS, Phase.OPEN, id="one ms before the close"),
        pytest.param(CLOSES, Phase.CLOSED, id="at the close"),
    ],
)
def test_a_round_is_open_from_its_opening_until_just_before_its_close(at: datetime, phase: Phase) -> None:
    assert phase_of(OPENS, CLOSES, at) is phase


@pytest.mark.parametrize(
    ("per", "at", "key"),
    [
        pytest.param("round", OPENS, "", id="the whole round"),
        pytest.param("day", datetime(2027, 5, 4, 16, 59, 59, 999_000, tzinfo=UTC), "2027-05-04", id="last ms of the day in Vietnam"),
        pytest.param("day", datetime(2027, 5, 4, 17, 0, tzinfo=UTC), "2027-05-05", id="midnight in Vietnam"),
        pytest.param("week", datetime(2027, 5, 9, 16, 59, 59, tzinfo=UTC), "2027-W18", id="Sunday"),
        pytest.param("week", datetime(2027, 5, 9, 17, 0, tzinfo=UTC), "2027-W19", id="Monday"),
        pytest.param("week", datetime(2027, 1, 1, tzinfo=UTC), "2026-W53", id="New Year's Day of 2027 is in the last week of 2026"),
    ],
)
def test_tries_are_counted_by_days_and_weeks_of_the_site(per: Any, at: datetime, key: str) -> None:
    assert period_key(per, at, ZONE) == key


@pytest.mark.parametrize(
    ("persons", "members", "rate", "percent"),
    [(0, 5, Fraction(0), 0), (1, 3, Fraction(1, 3), 33), (1, 8, Fraction(1, 8), 13), (5, 5, Fraction(1), 100), (6, 5, Fraction(1), 100), (2, 0, None, None)],
)
def test_a_rate_is_exact_at_most_all_and_rounded_half_up_on_display(persons: int, members: int, rate: Fraction | None, percent: int | None) -> None:
    assert Share(persons, members).rate == rate
    assert Share(persons, members).percent == percent


def test_units_stand_by_rate_then_persons_then_name_and_without_members_last() -> None:
    shares = {"a": Share(1, 2), "b": Share(2, 4), "c": Share(9, 9), "d": Share(3, 0), "e": Share(0, 4), "f": Share(1, 2)}
    assert sorted(shares, key=lambda name: order_of(shares[name], name)) == ["c", "b", "a", "f", "e", "d"]


def test_a_unit_counts_everything_below_it() -> None:
    paths = {1: "/1/", 4: "/1/4/", 9: "/1/4/9/", 5: "/1/5/"}
    assert sum_up(paths, {1: 1, 9: 2, 5: 10}) == {1: 13, 4: 2, 9: 2, 5: 10}
    assert sum_up(paths, {}) == {1: 0, 4: 0, 9: 0, 5: 0}


@pytest.mark.parametrize("text", ["=1+1", "+84", "-2", "@x", "\tx", "\rx", " =x", "＝x", "\ufeff=x", "\n=x"])
def test_no_cell_begins_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@given(st.text(alphabet="=+-@＝ \t\nax", max_size=6))
def test_whatever_is_typed_a_cell_never_begins_with_what_begins_a_formula(text: str) -> None:
    assert not safe_cell(text).lstrip(" ").startswith(("=", "+", "-", "@", "＝"))


def test_ordinary_cells_stay_as_they_are() -> None:
    assert [safe_cell(value) for value in ("Nguyễn Văn An", 12, -3, None, "")] == ["Nguyễn Văn An", "12", "-3", "", ""]


def test_an_entrant_has_every_mark_of_identity_the_contest_asks_for() -> None:
    assert missing_identity(["staff_code"], ["staff_code", "phone"]) == []
    assert [str(words) for words in missing_identity(["staff_code", "phone"], [])] == ["staff code", "phone number"]
    assert check_identity(["staff_code", "phone", "national_id"]) == []
    assert len(check_identity(["zodiac"])) == 1


CONFIG = QuizConfig(
    draws=(DrawRules(3, {"vi": "Luật"}, (), None),),
    limit_s=900,
    grace_s=5,
    tries_max=3,
    tries_per="round",
    count="best",
    marks=(1, 0, 0),
    pass_percent=None,
    mixed_items=True,
    mixed_choices=True,
    review="after_close",
    keys_always=True,
)
RULES = RoundRules("r", {"vi": "Vòng"}, "quiz", OPENS, CLOSES, ("correct", "elapsed", "submitted"), "live", CONFIG)


def said(rules: RoundRules) -> str:
    return "\n".join(f"{section.title}\n" + "\n".join(str(line) for line in section.lines) for section in round_text(rules))


def with_config(**given: Any) -> RoundRules:
    return replace(RULES, config=replace(CONFIG, **given))


@pytest.mark.parametrize(
    ("rules", "wrong"),
    [
        pytest.param(RULES, 0, id="nothing"),
        pytest.param(replace(RULES, closes_at=OPENS), 1, id="closes as it opens"),
        pytest.param(replace(RULES, closes_at=OPENS + timedelta(seconds=900)), 0, id="open just as long as a try"),
        pytest.param(replace(RULES, closes_at=OPENS + timedelta(seconds=899)), 1, id="open shorter than a try"),
        pytest.param(with_config(draws=()), 1, id="no questions"),
        pytest.param(with_config(tries_max=0), 1, id="no tries"),
        pytest.param(with_config(marks=(1, 1, 0)), 1, id="wrong is as good as right"),
        pytest.param(with_config(review="after_submit"), 1, id="keys while others sit"),
        pytest.param(with_config(review="after_submit", keys_always=False), 0, id="guarded keys wait for the close"),
        pytest.param(replace(RULES, rank=("luck",)), 1, id="unknown key"),
        pytest.param(replace(RULES, kind="dance"), 1, id="unknown type"),
    ],
)
def test_a_round_that_contradicts_itself_is_told(rules: RoundRules, wrong: int) -> None:
    contest = ContestRules("c", {}, {}, "", ("staff_code",), (StageRules("s", {}, (rules,)),))
    assert [found for found, _ in check_contest(contest)] == [rules] * wrong


def test_a_contest_with_an_id_twice_or_an_unknown_identity_is_told() -> None:
    contest = ContestRules("c", {}, {}, "", ("zodiac",), (StageRules("s", {}, (RULES,)), StageRules("t", {}, (RULES,))))
    assert [found.slug if found else None for found, _ in check_contest(contest)] == [None, "r", "r"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Tries per person in the whole round: at most 3."),
        ({"tries_per": "day", "tries_max": 2}, "Tries per person and day: at most 2."),
        ({"tries_per": "week"}, "Tries per person and week, from Monday to Sunday: at most 3."),
        ({"tries_per": "week"}, "A try counts for the day or week in which it is begun"),
        ({"count": "best"}, "the best counts"),
        ({"count": "first"}, "the first counts"),
        ({"count": "last"}, "the last counts, even if it is worse"),
        ({"limit_s": 900}, "A try lasts 15 min."),
        ({"limit_s": 95}, "A try lasts 1 min 35 s."),
        ({"grace_s": 7}, "up to 7 seconds after the end"),
        ({"marks": (2, -1, 0)}, "right 2, wrong -1, not answered 0"),
        ({"pass_percent": 80}, "A try is passed with 80% of the marks."),
        ({"mixed_choices": False}, "Each person gets the questions in a different order."),
        ({"mixed_items": False}, "Each person gets the answers in a different order."),
        ({"review": "never"}, "Right answers are not shown."),
        ({"review": "after_close"}, "Right answers and their reasons are shown from the close on"),
        ({"review": "after_submit", "keys_always": False}, "Right answers and their reasons are shown from the close on"),
        ({"review": "after_submit"}, "shown together with the score"),
        ({"draws": (DrawRules(2, {"vi": "B"}, ("loto",), 3),)}, "of difficulty 3 and marked loto"),
        ({"draws": (DrawRules(2, {"vi": "B"}, ("loto", "dien"), None),)}, "marked loto, dien"),
        ({"draws": (DrawRules(2, {"vi": "B"}, (), 1),)}, "of difficulty 1"),
    ],
)
def test_what_is_printed_is_what_is_computed(given: dict[str, Any], sentence: str) -> None:
    assert sentence in said(with_config(**given))


def test_what_does_not_hold_is_not_printed() -> None:
    text = said(with_config(mixed_items=False, mixed_choices=False))
    assert "another order" not in text
    assert "A try counts for the day" not in text
    assert "A try is passed" not in text
    assert "also while the round is open" in text
    assert "from the close on, not before" in said(replace(RULES, ranking="after_close"))


def test_short_limits_are_told_in_seconds() -> None:
    assert str(length(45)) == "45 s"


def test_time_ranks_up_to_the_limit() -> None:
    late = Sat(1, None, valid=True, started_ms=0, submitted_ms=901_000, elapsed_ms=901_000, correct=3, item_count=3)
    assert QUIZ.tally(RULES, late) == {"correct": 3, "elapsed": 900_000, "submitted": 901_000}


def test_a_bank_is_named_after_its_quiz_or_by_its_place() -> None:
    draw = Draw("de/luat", 1, (), None, ())
    quiz: Any = SimpleNamespace(title={"vi": "Đề", "zh": "卷"})
    assert _bank_title(draw, {"de": quiz}) == phrase("%(quiz)s: %(topic)s", quiz=quiz.title, topic=phrase("Law"))
    assert _bank_title(draw, {}) == {"vi": "de/luat"}
