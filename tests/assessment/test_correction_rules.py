"""Scoring with corrections: what each does, that nothing changes without one, and that nobody loses where nobody shall."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.assessment.rules.answers.judging import Accepted, Key
from lms.assessment.rules.answers.numbers import Wanted
from lms.assessment.rules.corrections import Amendment, Given, NoSuchAnswer, Step, accepted_key, is_lower, is_same, key_of_revision, score_paper
from lms.assessment.rules.rejudging import Letters, Unclear
from lms.assessment.rules.scoring import Keyed, by_topic, score_item, total
from lms.assessment.rules.terms import Terms

TERMS = Terms({}, 600, None, None, None, "never", "always", 50, (1, 0, 0), "/")
SINGLE = Key("single", "abcd", frozenset("b"))


def item(n: int, key: Key = SINGLE, **given_: Any) -> Keyed:
    usual: dict[str, Any] = {"item_id": f"i{n}", "digest": f"d{n}", "topic": "t", "key": key, "points": 1, "critical": False}
    return Keyed(**usual | given_)


def step(n: int, kind: Any, digest: str = "d1", *, key: Key | None = None, **given_: Any) -> Step:
    return Step(n, Amendment(digest, kind, key), **given_)


def shown(paper: list[Given], *steps: Step, terms: Terms = TERMS) -> list[tuple[str, int]]:
    return [(one.verdict, one.points) for one in score_paper(paper, terms, steps).items]


@pytest.mark.parametrize(
    ("answer", "steps", "expected"),
    [
        pytest.param("a", [step(1, "full")], ("right", 100), id="everybody has it right"),
        pytest.param("", [step(1, "full")], ("right", 100), id="who left it empty too"),
        pytest.param("b", [step(1, "drop")], ("void", 0), id="it leaves the paper"),
        pytest.param("c", [step(1, "accept", key=accepted_key(SINGLE, "c"))], ("right", 100), id="another answer is right too"),
        pytest.param("b", [step(1, "accept", key=accepted_key(SINGLE, "c"))], ("right", 100), id="the key's answer stays right"),
        pytest.param("d", [step(1, "accept", key=accepted_key(SINGLE, "c"))], ("wrong", 0), id="others stay wrong"),
        pytest.param("", [step(1, "accept", key=accepted_key(SINGLE, "c"))], ("blank", 0), id="no answer is none"),
        pytest.param("b", [step(1, "key", key=replace(SINGLE, right=frozenset("c")))], ("wrong", 0), id="the old key is right no more"),
        pytest.param("c", [step(1, "key", key=replace(SINGLE, right=frozenset("c")))], ("right", 100), id="the new key is"),
        pytest.param("a", [step(1, "full"), step(2, "full", takes_back=1)], ("wrong", 0), id="taken back"),
        pytest.param("a", [step(1, "full", "d9")], ("wrong", 0), id="another revision"),
        pytest.param("a", [step(1, "drop"), step(2, "full")], ("right", 100), id="of two the later counts"),
        pytest.param("a", [step(1, "drop", takes_back=7)], ("wrong", 0), id="nothing to take back"),
    ],
)
def test_what_a_correction_makes_of_an_item(answer: str, steps: list[Step], expected: tuple[str, int]) -> None:
    assert shown([Given(item(1), answer), Given(item(2), "b")], *steps) == [expected, ("right", 100)]


def test_a_dropped_item_counts_nowhere() -> None:
    paper = [Given(item(1, critical=True), "a"), Given(item(2), "b")]
    before, after = score_paper(paper, TERMS), score_paper(paper, TERMS, [step(1, "drop")])
    assert (before.score.passed, before.score.critical_wrong, before.score.item_count) == (False, 1, 2)
    assert (after.score.passed, after.score.critical_wrong, after.score.item_count, after.score.max_points, after.score.correct) == (True, 0, 1, 100, 1)
    assert [(topic.correct, topic.items) for topic in by_topic([("t", one.verdict) for one in after.items])] == [(1, 1)]


def test_who_would_lose_keeps_the_result_and_others_follow() -> None:
    turned = step(5, "key", key=replace(SINGLE, right=frozenset("c")), never_lower=True)
    loser, winner = [Given(item(1), "b")], [Given(item(1), "c")]
    assert (score_paper(loser, TERMS, [turned]).score.points, score_paper(loser, TERMS, [turned]).kept) == (100, (5,))
    assert (score_paper(winner, TERMS, [turned]).score.points, score_paper(winner, TERMS, [turned]).kept) == (100, ())


def test_a_mark_of_a_person_stays_a_mark_and_is_void_with_its_item() -> None:
    essay = item(1, Key("essay"), points=2, rubric=(60, 40))
    marked = [Given(essay, "text", (50, 100))]
    assert shown(marked) == [("part", 140)]
    assert shown(marked, step(1, "full")) == [("right", 200)]
    assert shown([Given(essay, "text")], step(1, "full")) == [("right", 200)]
    assert shown([Given(essay, "text")]) == [("unmarked", 0)]


KINDS: list[tuple[Key, str, str]] = [
    (Key("multiple", "abcd", frozenset("ab")), "ac", "ad"),
    (Key("multiple", "abcd", frozenset("ab"), {"a": 50, "b": 50, "c": -50}), "ac", "c"),
    (Key("hotspot", "abcd", frozenset("ab"), partial=True), "cd", "d"),
    (Key("ordering", "abc", order="abc"), "bac", "cab"),
    (Key("matching", "ab", pairs={"a": "x", "b": "y"}), "a:y b:x", "a:x b:x"),
    (Key("numeric", number=Wanted("85", "1")), "90,5", "80"),
    (Key("short", blanks=(Accepted(("ngắt",)),)), "cắt điện", "bật"),
    (Key("gaps", blanks=(Accepted(("ngắt",)), Accepted(("thẻ",)))), '["cắt","thẻ"]', '["x","thẻ"]'),
]


@pytest.mark.parametrize(("key", "accepted", "other"), KINDS, ids=[key.kind for key, _, _ in KINDS])
def test_another_answer_is_accepted_of_every_kind(key: Key, accepted: str, other: str) -> None:
    one = item(1, key)
    steps = [step(1, "accept", key=accepted_key(key, accepted))]
    plain = score_item(one, other, (1, 0, 0))
    assert shown([Given(one, accepted)], *steps) == [("right", 100)]
    assert shown([Given(one, other)], *steps) == [(plain.verdict, plain.points)]


def test_a_gap_accepted_pays_its_part() -> None:
    key = Key("gaps", blanks=(Accepted(("ngắt",)), Accepted(("thẻ",))), partial=True)
    steps = [step(1, "accept", key=accepted_key(key, '["cắt",""]'))]
    assert shown([Given(item(1, key), '["cắt","x"]')], *steps) == [("part", 50)]


@pytest.mark.parametrize(
    ("key", "answer"), [(Key("essay"), "x"), (SINGLE, ""), (Key("numeric", number=Wanted("8")), "tám"), (Key("numeric", number=Wanted("8")), "1.234")]
)
def test_what_says_nothing_cannot_be_accepted(key: Key, answer: str) -> None:
    with pytest.raises(NoSuchAnswer):
        accepted_key(key, answer)


def test_the_key_of_another_revision_in_the_letters_of_the_one_that_was_sat() -> None:
    new = Key("single", "abc", frozenset("a"), {"b": -25, "c": -50})
    made = key_of_revision(SINGLE, new, Letters({"a": "b", "c": "a", "d": "c"}, {}))
    assert (made.right, made.percents, made.letters) == (frozenset("c"), {"a": -25, "d": -50}, "abcd")
    order = key_of_revision(Key("ordering", "abc", order="abc"), Key("ordering", "abc", order="cab"), Letters({"a": "b", "b": "c", "c": "a"}, {}))
    assert order.order == "bca"
    pairs = Key("matching", "ab", pairs={"a": "x", "b": "y"})
    assert key_of_revision(pairs, pairs, Letters({"a": "b", "b": "a"}, {"x": "x", "y": "y"})).pairs == {"b": "x", "a": "y"}


@pytest.mark.parametrize(
    ("old", "new", "letters"),
    [
        pytest.param(SINGLE, Key("multiple", "abcd"), {}, id="another kind"),
        pytest.param(Key("essay"), Key("essay"), {}, id="an essay"),
        pytest.param(SINGLE, SINGLE, {"a": "a"}, id="the right one was not there"),
        pytest.param(Key("gaps", blanks=(Accepted(("a",)),)), Key("gaps"), {}, id="another number of gaps"),
        pytest.param(Key("ordering", "abc", order="abc"), Key("ordering", "ab", order="ab"), {"a": "a", "b": "b"}, id="fewer places"),
    ],
)
def test_a_key_that_says_nothing_of_these_answers_is_refused(old: Key, new: Key, letters: dict[str, str]) -> None:
    with pytest.raises(Unclear):
        key_of_revision(old, new, Letters(letters, {}))


MARKS = st.sampled_from([(1, 0, 0), (10, -5, 0), (3, -1, 1)])
KEYS = st.sampled_from([SINGLE, replace(SINGLE, percents={"a": -50, "c": 50}), KINDS[0][0], KINDS[1][0]])
PAPERS = st.lists(st.tuples(KEYS, st.sampled_from(["", "a", "b", "c", "d"]), st.booleans(), st.integers(1, 3)), min_size=1, max_size=6)
ANSWERS = st.sampled_from(["a", "b", "c", "d", "ab", "cd"])


@st.composite
def histories(draw: st.DrawFn, *, never_lower: bool | None = None) -> list[Step]:
    steps: list[Step] = []
    for n in range(1, draw(st.integers(0, 5)) + 1):
        kind = draw(st.sampled_from(["full", "drop", "accept", "key", "back"]))
        keeps = draw(st.booleans()) if never_lower is None else never_lower
        digest = f"d{draw(st.integers(0, 5))}"
        if kind == "back" and steps:
            former = draw(st.sampled_from(steps))
            steps.append(Step(n, former.amendment, takes_back=former.id, never_lower=keeps))
        elif kind != "back":
            key = replace(SINGLE, kind="multiple", right=frozenset(draw(ANSWERS))) if kind in ("accept", "key") else None
            steps.append(step(n, kind, digest, key=key, never_lower=keeps))
    return steps


def paper_of(rows: list[tuple[Key, str, bool, int]]) -> list[Given]:
    return [Given(item(n, key, critical=critical, points=points), answer) for n, (key, answer, critical, points) in enumerate(rows)]


@settings(max_examples=200, deadline=None)
@given(PAPERS, MARKS)
def test_without_a_correction_nothing_is_other(rows: list[tuple[Key, str, bool, int]], marks: tuple[int, int, int]) -> None:
    paper, terms = paper_of(rows), replace(TERMS, marks=marks)
    scored = score_paper(paper, terms)
    plain = [score_item(one.item, one.answer, marks) for one in paper]
    assert list(scored.items) == plain
    assert scored.score == total(plain, 50)
    assert is_same(plain, score_paper(paper, terms, [step(1, "full", "elsewhere")]).items)


@settings(max_examples=300, deadline=None)
@given(PAPERS, MARKS, histories(never_lower=True))
def test_never_lower_never_lowers(rows: list[tuple[Key, str, bool, int]], marks: tuple[int, int, int], steps: list[Step]) -> None:
    paper, terms = paper_of(rows), replace(TERMS, marks=marks)
    scores = [score_paper(paper, terms, steps[:count]).score for count in range(len(steps) + 1)]
    assert not any(is_lower(before, after) for before, after in pairwise(scores))


@settings(max_examples=300, deadline=None)
@given(PAPERS, MARKS, histories(), st.integers(0, 5))
def test_full_marks_for_all_lower_nobody(rows: list[tuple[Key, str, bool, int]], marks: tuple[int, int, int], steps: list[Step], place: int) -> None:
    paper, terms = paper_of(rows), replace(TERMS, marks=marks)
    before, after = score_paper(paper, terms, steps), score_paper(paper, terms, [*steps, step(99, "full", f"d{place}")])
    assert not is_lower(before.score, after.score)
    strict = score_paper(paper, terms, [*steps, step(99, "full", f"d{place}", never_lower=True)])
    assert strict.items == after.items


@settings(max_examples=200, deadline=None)
@given(PAPERS, histories())
def test_what_is_taken_back_leaves_no_trace(rows: list[tuple[Key, str, bool, int]], steps: list[Step]) -> None:
    paper = paper_of(rows)
    before = score_paper(paper, TERMS, steps)
    again = score_paper(paper, TERMS, [*steps, step(98, "drop", "d0"), step(99, "drop", "d0", takes_back=98)])
    assert again.items == before.items
