"""Sections of a paper: items keep within theirs, each may have a pass mark of its own; marks below zero; rules as pure values."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.rules.answers.judging import Key
from lms.assessment.rules.navigation import steps_of
from lms.assessment.rules.paper import ordered
from lms.assessment.rules.retaking import failed_topics, next_try_at
from lms.assessment.rules.scoring import ItemScore, Keyed, Marks, in_hundredths, score_item, total
from lms.assessment.rules.sections import SectionTerms
from lms.assessment.service.start import draw_paper, draw_sections
from lms.content.catalogue import Draw, Item, Quiz
from lms.content.policy import Policy, Section
from tests.assessment.conftest import ITEMS, make_quiz, words

DIGESTS = tuple(item.digest for item in ITEMS.values())


def load_known(digests: Sequence[str]) -> dict[str, Item]:
    """The items of these digests."""
    return {item.digest: item for item in ITEMS.values() if item.digest in set(digests)}


def sectioned(**given: object) -> Quiz:
    """Two sections of three items each, which may share a bank."""
    draws = (Draw("quiz/bank", 2, (), None, DIGESTS[:3]), Draw("quiz/bank", 1, (), None, DIGESTS[:3]), Draw("quiz/bank", 3, (), None, DIGESTS))
    policy = Policy(sections=(Section("mot", words("Một"), 2, 50), Section("hai", words("Hai"), 1)), **given)  # type: ignore[arg-type]
    return make_quiz(draws=draws, shuffle_items=True, policy=policy)


def scored(item_id: str, answer: str, marks: Marks = (1, 0, 0), points: int = 1) -> ItemScore:
    return score_item(Keyed(item_id, item_id, "luat", Key("single", "abcd", frozenset("a")), points, critical=False), answer, marks)


def section(id_: str, *items: str, percent: int | None = None, sequential: bool = False) -> SectionTerms:
    return SectionTerms(id_, {"vi": id_}, items, percent, sequential)


@pytest.mark.parametrize("seed", range(20))
def test_items_keep_within_their_section_and_none_is_drawn_for_two(seed: int) -> None:
    first, second = draw_sections(sectioned(), seed, load_known)
    assert (len(first), len(second)) == (3, 3)
    assert {row[0] for row in first} == set(DIGESTS[:3])
    assert {row[0] for row in second} == set(DIGESTS[3:])
    assert draw_paper(sectioned(), seed, load_known) == first + second
    assert draw_sections(sectioned(), seed, load_known) == [first, second]


def test_sections_are_mixed_inside() -> None:
    assert len({tuple(row[0] for row in draw_sections(sectioned(), seed, load_known)[1]) for seed in range(30)}) > 3


def test_a_paper_without_sections_is_drawn_as_before_there_were_any() -> None:
    """The seed of a stored attempt draws the same paper again: pinned from before the sections."""
    drawn = draw_paper(make_quiz(shuffle_items=True, shuffle_choices=True), 7, load_known)
    letters = {"item0002": "bcda", "item0004": "bcad", "item0005": "abdc", "item0006": "dacb", "item0001": "bcad", "item0003": "cbda"}
    assert [(row[1], row[2]) for row in drawn] == list(letters.items())


def test_lines_can_stay_first_and_last() -> None:
    lines = [("last", [("x",), ("y",)]), ("", [(str(n),) for n in range(5)]), ("first", [("a",)])]
    orders = {tuple(entry[0] for entry in ordered(lines, Random(seed), items=True)) for seed in range(40)}  # type: ignore[arg-type]
    assert {order[0] for order in orders} == {"a"}
    assert {frozenset(order[-2:]) for order in orders} == {frozenset("xy")}
    assert len(orders) > 10
    assert [entry[0] for entry in ordered(lines, Random(1), items=False)] == ["a", *"01234", "x", "y"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("right", "passed", "failed"),
    [
        pytest.param("abcd", True, (), id="all right"),
        pytest.param("bcd", True, (), id="section two without a mark may go wrong, one has its half"),
        pytest.param("cd", False, ("mot",), id="half of the paper, but nothing in section one"),
        pytest.param("a", False, (), id="section one has its half, the paper has not"),
    ],
)
def test_failing_one_section_fails_the_test(right: str, passed: bool, failed: tuple[str, ...]) -> None:
    items = [scored(name, "a" if name in right else "b") for name in "abcd"]
    score = total(items, 50, [section("mot", "a", "b", percent=50), section("hai", "c", "d")])
    assert score.passed is passed
    assert tuple(part.section.id for part in score.failed_sections) == failed


def test_a_section_that_a_correction_has_emptied_fails_nobody() -> None:
    """Tcexam #435: an item that is taken out of the count must not fail anybody by its absence."""
    assert total([scored("a", "a")], 50, [section("mot", "a", percent=50), section("hai", "b", percent=100)]).passed is True


def test_what_a_correction_has_dropped_is_not_counted_in_its_section() -> None:
    dropped = replace(scored("b", "a"), verdict="void", points=0, max_points=0)
    score = total([scored("a", "a"), dropped], 50, [section("mot", "a", percent=50), section("hai", "b", percent=100)])
    assert (score.passed, [part.item_count for part in score.sections]) == (True, [1, 0])


def test_an_essay_keeps_its_section_open() -> None:
    essay = score_item(Keyed("e", "e", "luat", Key("essay"), 1, critical=False), "text", (1, 0, 0))
    score = total([scored("a", "a"), essay], 50, [section("mot", "e", percent=50), section("hai", "a", percent=50)])
    assert (score.passed, [part.passed for part in score.sections]) == (None, [None, True])


@pytest.mark.parametrize(("marks", "hundredths"), [((3, -1, 0), (300, -100, 0)), ((100, -25, 0, 100), (100, -25, 0)), ((4, -1, 0, 4), (100, -25, 0))])
def test_marks_become_whole_hundredths(marks: Marks, hundredths: tuple[int, int, int]) -> None:
    assert in_hundredths(marks) == hundredths


def test_a_quarter_point_off_for_a_wrong_answer_is_exact() -> None:
    items = [scored("a", "a", (100, -25, 0, 100)), scored("b", "b", (100, -25, 0, 100), points=3), scored("c", "", (100, -25, 0, 100))]
    assert [item.points for item in items] == [100, -75, 0]
    assert total(items, 50).points == 25


@pytest.mark.parametrize(("below_zero", "points"), [(False, 0), (True, -200)])
def test_a_sum_falls_below_zero_only_where_the_policy_says_so(below_zero: bool, points: int) -> None:
    items = [scored("a", "b", (1, -1, 0)), scored("b", "b", (1, -1, 0))]
    score = total(items, 1, [section("mot", "a")], below_zero=below_zero)
    assert (score.points, score.sections[0].points, score.passed) == (points, points // 2, False)


MARKS = st.tuples(st.integers(1, 4), st.integers(-400, 0)).map(lambda pair: (pair[0] * 100, pair[1], 0, 100))
PAPERS = st.lists(st.tuples(st.sampled_from(["a", "b", ""]), st.integers(1, 5), st.integers(0, 2)), min_size=1, max_size=12)


def _made(paper: list[tuple[str, int, int]], marks: Marks, percents: tuple[int, int, int]) -> tuple[list[ItemScore], list[SectionTerms]]:
    items = [scored(f"i{n}", answer, marks, points) for n, (answer, points, _) in enumerate(paper)]
    sections = [section(f"s{k}", *(f"i{n}" for n, one in enumerate(paper) if one[2] == k), percent=percents[k]) for k in range(3)]
    return items, sections


PERCENTS = st.tuples(*(st.integers(1, 100) for _ in range(3)))


@given(PAPERS, MARKS, PERCENTS, st.integers(0, 100), st.booleans(), st.randoms())
def test_a_score_is_a_function_of_the_rows_whatever_their_order(
    paper: list[tuple[str, int, int]], marks: Marks, percents: tuple[int, int, int], percent: int, below_zero: bool, chance: Random
) -> None:
    """ClassQuiz #326: scores are computed from rows, never added up on the way."""
    items, sections = _made(paper, marks, percents)
    mixed = list(items)
    chance.shuffle(mixed)
    score = total(items, percent, sections, below_zero=below_zero)
    assert total(mixed, percent, sections, below_zero=below_zero) == score
    own = sum(Fraction({"a": marks[0], "b": marks[1], "": 0}[answer], 100) * points for answer, points, _ in paper)
    assert Fraction(score.points, 100) == (own if below_zero else max(Fraction(0), own))


@given(PAPERS, MARKS, PERCENTS, st.integers(0, 100), st.data())
def test_a_better_answer_never_lowers_a_score_nor_fails_a_paper(
    paper: list[tuple[str, int, int]], marks: Marks, percents: tuple[int, int, int], percent: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(paper) - 1))
    better = [*paper[:place], ({"b": "", "": "a", "a": "a"}[paper[place][0]], *paper[place][1:]), *paper[place + 1 :]]
    worse_score, better_score = (total(items, percent, sections) for items, sections in (_made(paper, marks, percents), _made(better, marks, percents)))
    assert better_score.points >= worse_score.points
    assert better_score.passed or not worse_score.passed
    assert all(after.points >= before.points for before, after in zip(worse_score.sections, better_score.sections, strict=True))


def test_a_paper_is_cut_into_steps() -> None:
    parts = [section("mot", "a", "b"), section("hai", "c", "d", sequential=True)]
    assert steps_of("free", "abcd", parts) == dict.fromkeys("abcd", 0)
    assert steps_of("sequential", "abcd", parts) == {"a": 0, "b": 1, "c": 2, "d": 3}
    assert steps_of("sections", "abcd", parts) == {"a": 0, "b": 0, "c": 1, "d": 2}


HANOI, LONDON = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("Europe/London")
FIRST = datetime(2027, 3, 27, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "days", "after", "zone", "wait"),
    [
        pytest.param(0, 0, 1, HANOI, None, id="no wait"),
        pytest.param(12, 0, 1, HANOI, timedelta(hours=12), id="hours"),
        pytest.param(0, 1, 1, HANOI, timedelta(hours=24), id="a day"),
        pytest.param(0, 1, 2, HANOI, timedelta(hours=24), id="from the second try on, and it was the second"),
        pytest.param(0, 1, 3, HANOI, None, id="from the third try on, and there were two"),
        pytest.param(0, 1, 1, LONDON, timedelta(hours=23), id="a day in which clocks go forward keeps the time of day"),
        pytest.param(24, 0, 1, LONDON, timedelta(hours=24), id="24 hours are 24 hours"),
    ],
)
def test_the_next_try_opens_after_the_wait(hours: int, days: int, after: int, zone: ZoneInfo, wait: timedelta | None) -> None:
    closed = [FIRST - timedelta(days=3), FIRST]
    assert next_try_at(closed, hours=hours, days=days, after=after, zone=zone) == (FIRST + wait if wait else None)


def test_topics_that_went_wrong_are_named_once() -> None:
    assert failed_topics([("luat", "right"), ("dien", "wrong"), ("luat", "blank"), ("dien", "part")]) == ["dien", "luat"]
