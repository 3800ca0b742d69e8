"""Scoring: exact whole numbers, all or nothing, critical items."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.rules.answers.judging import Key
from lms.assessment.rules.scoring import Keyed, TopicScore, by_topic, points_to_pass, score_item, total


def item(key: str = "a", points: int = 1, critical: bool = False) -> Keyed:
    return Keyed("q-1", "d1", "luat", Key("multiple", "abcd", frozenset(key)), points, critical)


@pytest.mark.parametrize(("answer", "points"), [("a", 600), ("b", -200), ("", 0)])
def test_marks_are_times_the_points_of_the_item(answer: str, points: int) -> None:
    scored = score_item(item(points=2), answer, (3, -1, 0))
    assert (scored.points, scored.max_points) == (points, 600)


@pytest.mark.parametrize(
    ("right", "of", "passed"),
    [pytest.param(8, 10, True, id="just the mark"), pytest.param(7, 10, False, id="one below"), pytest.param(10, 10, True, id="all")],
)
def test_the_pass_mark_is_included(right: int, of: int, passed: bool) -> None:
    scored = [score_item(item(), "a" if n < right else "b", (1, 0, 0)) for n in range(of)]
    score = total(scored, 80)
    assert (score.points, score.max_points, score.correct, score.item_count, score.passed) == (100 * right, 100 * of, right, of, passed)


@pytest.mark.parametrize("answer", [pytest.param("b", id="wrong"), pytest.param("", id="left empty")])
def test_a_critical_item_that_is_not_right_fails_the_paper_whatever_the_sum(answer: str) -> None:
    scored = [score_item(item(), "a", (1, 0, 0)) for _ in range(99)] + [score_item(item(critical=True), answer, (1, 0, 0))]
    score = total(scored, 80)
    assert (score.points, score.critical_wrong, score.passed) == (9900, 1, False)


def test_without_a_pass_mark_nobody_passes_or_fails() -> None:
    assert total([score_item(item(), "a", (1, 0, 0))], None).passed is None


def test_an_empty_paper_is_failed() -> None:
    assert total([], 0).passed is False


def test_a_sum_is_never_below_zero() -> None:
    assert total([score_item(item(), "b", (1, -1, 0))], 50).points == 0


@pytest.mark.parametrize(("percent", "max_points", "need"), [(80, 20, 16), (80, 12, 10), (0, 7, 0), (100, 7, 7), (33, 100, 33)])
def test_the_points_to_pass_are_rounded_up(percent: int, max_points: int, need: int) -> None:
    assert points_to_pass(percent, max_points) == need


def test_topics_stand_in_the_order_of_the_paper() -> None:
    rows = by_topic([("dien", "right"), ("luat", "blank"), ("dien", "wrong")])
    assert rows == [TopicScore("dien", 1, 2), TopicScore("luat", 0, 1)]


papers = st.lists(st.tuples(st.sets(st.sampled_from("abcd"), min_size=1), st.sets(st.sampled_from("abcd")), st.integers(1, 5), st.booleans()), min_size=1)


@given(papers, st.integers(0, 100))
def test_passing_is_exactly_the_fraction_and_no_critical_item_missed(paper: list[tuple[set[str], set[str], int, bool]], percent: int) -> None:
    scored = [score_item(item("".join(key), points, critical), "".join(sorted(given)), (1, 0, 0)) for key, given, points, critical in paper]
    score = total(scored, percent)
    earned = sum(points for key, given, points, _ in paper if key == given)
    whole = sum(points for *_, points, _ in paper)
    missed = any(critical and key != given for key, given, _, critical in paper)
    assert score.points == 100 * earned
    assert score.passed == (Fraction(earned, whole) >= Fraction(percent, 100) and not missed)
    assert (score.points >= points_to_pass(percent, score.max_points)) == (Fraction(earned, whole) >= Fraction(percent, 100))


@given(papers)
def test_the_order_of_the_items_does_not_matter(paper: list[tuple[set[str], set[str], int, bool]]) -> None:
    scored = [score_item(item("".join(key), points, critical), "".join(sorted(given)), (2, -1, 0)) for key, given, points, critical in paper]
    assert total(scored, 70) == total(list(reversed(scored)), 70)
