"""Two states of the content beside each other: pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import pytest

from lms.content.catalogue import Blank, Change, Choice, Course, Criterion, Item, Lesson, Number
from lms.content.impact.comparing import Side, Stamp, change_of, compare, course_change
from lms.content.impact.letters import is_key_flipped, letters_between
from lms.platform.rules import phrase
from tests.assessment.kinds import ESSAY, GAPS, HOTSPOT, MATCHING, MULTIPLE, NUMERIC, ORDERING, SINGLE


def choices(*texts: str, right: str = "", names: str = "") -> tuple[Choice, ...]:
    """Choices with these words; `names` gives each a name by its place, '-' none."""
    named = names.ljust(len(texts), "-")
    return tuple(
        Choice(letter, {"vi": text}, {}, letter in right, name=named[n].strip("-")) for n, (letter, text) in enumerate(zip("abcdef", texts, strict=False))
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(choices("A", "B", "C"), choices("A", "B", "C"), "abc", id="the same"),
        pytest.param(choices("A", "B", "C"), choices("C", "A", "B"), "bca", id="in another order, by their words"),
        pytest.param(choices("A", "B"), choices("A", "Better"), "ab", id="one reworded, by what is left"),
        pytest.param(choices("A", "B", names="xy"), choices("Q", "R", names="yx"), "ba", id="by name before anything else"),
        pytest.param(choices("A", "B", "C"), choices("A", "C"), "a-b", id="one gone"),
        pytest.param(choices("A", "B"), choices("A", "B2", "C"), "a-", id="reworded and one more: nobody knows which"),
        pytest.param(choices("A", "A"), choices("A", "A"), "ab", id="twins stay apart"),
        pytest.param((), (), "", id="none"),
    ],
)
def test_a_choice_is_known_again_by_name_words_or_place(old: tuple[Choice, ...], new: tuple[Choice, ...], expected: str) -> None:
    known = letters_between(old, new)
    assert "".join(known.get(choice.letter, "-") for choice in old) == expected


TURNED = replace(MATCHING, targets=tuple(replace(c, letter=b) for c, b in zip(MATCHING.targets, "bca", strict=True)), pairs={"a": "a", "b": "b"})
TICKED = replace(SINGLE, choices=choices("A", "B", "C", right="b"))


@pytest.mark.parametrize(
    ("old", "new", "flipped"),
    [
        pytest.param(TICKED, replace(TICKED, choices=choices("B", "A", "C", right="a")), False, id="reordered choices flip nothing"),
        pytest.param(TICKED, replace(TICKED, choices=choices("A", "B", "C", right="a")), True, id="another is right"),
        pytest.param(TICKED, replace(TICKED, choices=choices("A", "C", right="b")), True, id="the right one is gone"),
        pytest.param(TICKED, replace(TICKED, choices=tuple(replace(c, percent=100 if c.correct else 0) for c in TICKED.choices)), False, id="all is all"),
        pytest.param(MULTIPLE, replace(MULTIPLE, choices=tuple(replace(c, percent=0) for c in MULTIPLE.choices)), True, id="other shares"),
        pytest.param(TICKED, replace(TICKED, kind="multiple"), True, id="another kind"),
        pytest.param(ORDERING, replace(ORDERING, order="abcd"), True, id="another order"),
        pytest.param(ORDERING, ORDERING, False, id="the same order"),
        pytest.param(MATCHING, replace(MATCHING, pairs={"a": "a", "b": "c"}), True, id="other pairs"),
        pytest.param(MATCHING, TURNED, False, id="right side reordered"),
        pytest.param(NUMERIC, replace(NUMERIC, number=Number("90", "0.5", relative=False, unit={})), True, id="another number"),
        pytest.param(GAPS, replace(GAPS, blanks=(Blank({"vi": ("x",)}), GAPS.blanks[1])), True, id="other texts"),
        pytest.param(ESSAY, replace(ESSAY, rubric=(Criterion({"vi": "x"}, 100),)), True, id="another rubric"),
        pytest.param(ESSAY, replace(ESSAY, rubric=tuple(replace(one, text={"vi": "x"}) for one in ESSAY.rubric)), False, id="words of the rubric"),
        pytest.param(HOTSPOT, HOTSPOT, False, id="the same spots"),
    ],
)  # fmt: skip
def test_a_key_is_flipped_where_another_answer_is_right(old: Item, new: Item, flipped: bool) -> None:
    assert is_key_flipped(old, new) is flipped


@pytest.mark.parametrize(
    ("given", "what"),
    [
        pytest.param({}, ("other",), id="an explanation, or nothing that a sitting shows"),
        pytest.param({"presentation_digest": "x"}, ("wording",), id="wording"),
        pytest.param({"key_digest": "x", "choices": choices("A", "B", "C", right="c")}, ("key",), id="key"),
        pytest.param({"key_digest": "x", "presentation_digest": "x", "choices": choices("C", "B", "A", right="b")}, ("wording",), id="another order"),
        pytest.param({"key_digest": "x", "accept": True}, ("accept",), id="accept is no other key"),
        pytest.param({"points": 9, "critical": False, "void": True, "partial": True}, ("points", "critical", "void", "partial"), id="what scores"),
    ],
)
def test_a_change_says_in_which_respects(given: dict[str, object], what: tuple[str, ...]) -> None:
    change = change_of("quizzes/q", TICKED, replace(TICKED, digest="new", **given))  # type: ignore[arg-type]
    assert change.what == what
    assert change.is_scored is (what not in (("other",), ("wording",)))


def lesson(slug: str, digest: str = "d") -> Lesson:
    return Lesson(slug, {}, 1, "law", "", {}, {}, {}, digest)


def course(*lessons: Lesson, version: int = 1, changes: tuple[Change, ...] = (), digest: str = "c1") -> Course:
    return Course("khoa", digest, {}, {}, (), None, lessons, None, (), version, "rev", changes=changes)


def test_a_retrain_change_counts_only_above_the_published_version() -> None:
    changes = (Change(1, "retrain", "old"), Change(2, "minor", "typo"), Change(3, "retrain", "new law"))
    made = course_change(course(lesson("a"), lesson("b"), lesson("c")), course(lesson("b", "e"), lesson("c"), lesson("d"), version=3, changes=changes))
    assert (made.added, made.removed, made.changed) == (("d",), ("a",), ("b",))
    assert made.retrain == (Change(3, "retrain", "new law"),)


def stamps(**digests: str) -> Mapping[str, Stamp]:
    return {id_: Stamp(id_, digest, f"quizzes/{id_[0]}") for id_, digest in digests.items()}


def asked(*items: Item) -> Callable[[Collection[str]], Mapping[str, Item]]:
    return lambda _digests: {item.digest: item for item in items}


def test_what_is_held_stays_as_it_is_with_its_items() -> None:
    old, new = replace(TICKED, id="k1", digest="k1-old"), replace(TICKED, id="k1", digest="k1-new", points=5)
    before = Side({"quizzes/k": course(digest="1"), "quizzes/h": course(digest="1"), "quizzes/r": course(digest="1")}, stamps(k1="k1-old", h1="h1", r1="r1"))
    after = Side({"quizzes/k": course(digest="2"), "quizzes/n": course(digest="1")}, stamps(k1="k1-new", n1="n1"))
    made = compare(before, after, {"quizzes/h": phrase("why"), "quizzes/x": phrase("broken")}, asked(old, new))
    assert (made.added, made.updated, made.removed) == (("quizzes/n",), ("quizzes/k",), ("quizzes/r",))
    assert list(made.held) == ["quizzes/h", "quizzes/x"]
    assert ([one.id for one in made.items_added], [one.id for one in made.items_removed]) == (["n1"], ["r1"])
    assert [(one.package, one.what) for one in made.items] == [("quizzes/k", ("points",))]
    assert (made.count("points"), made.count("key"), made.is_empty) == (1, 0, False)


def test_the_same_state_changes_nothing() -> None:
    side = Side({"courses/khoa": course(lesson("a"))}, stamps(k1="d"))
    made = compare(side, side, {}, asked())
    assert made.is_empty
    assert made.courses == ()


def test_a_course_that_changes_is_told_with_its_lessons_a_quiz_is_not() -> None:
    before = Side({"courses/khoa": course(lesson("a")), "quizzes/q": object(), "courses/same": course()}, {})
    after = Side({"courses/khoa": course(lesson("a", "e"), digest="c2"), "quizzes/q": object(), "courses/same": course()}, {})
    made = compare(before, after, {}, asked())
    assert [(one.slug, one.changed) for one in made.courses] == [("khoa", ("a",))]
