"""How a quiz is sat beyond its blueprint, read from quiz.yml: sections, marks, review, what comes before another try."""

import re
from typing import Any

from lms.content.packages.quiz_shapes import QuizMarksShape, QuizShape, RetakeShape
from lms.content.packages.workspace import Workspace, words
from lms.content.policy import WHOLE_POINTS, Marks, Policy, Retake, Section
from lms.content.source.yamlish import Node
from lms.platform.rules import phrase

HUNDRED = 100
MOST = 100
DECIMAL = re.compile(r"([+-]?)(\d{1,3})(?:[.,](\d{1,2}))?")
FRACTION = re.compile(r"([+-]?)(\d{1,3})/(\d{1,3})")
KEYS = frozenset({"right", "explanation"})
"""The parts of a review that tell what is right."""


def read_policy(work: Workspace, node: Node, shape: QuizShape) -> Policy:
    """The policy of a quiz; what cannot be is noted at its line."""
    _check_sections(work, node, shape)
    lines = [line for section in shape.sections or () for line in section.draw] or shape.draw or ()
    places = tuple(line.place or "" for line in lines)
    return Policy(
        navigation=shape.navigation,
        sections=tuple(Section(one.id, words(one.title), len(one.draw), one.pass_percent, one.navigation == "sequential") for one in shape.sections or ()),
        places=places if any(places) else (),
        marks=_marks(work, node, shape.marks),
        below_zero=shape.marks.below_zero,
        show=tuple(dict.fromkeys(shape.review.show)),
        retake=_retake(work, node, shape),
        rehearsal=tuple(dict.fromkeys(shape.rehearsal)),
    )


def shows_keys(shape: QuizShape) -> bool:
    """Whether the review tells what is right."""
    return bool(KEYS & set(shape.review.show))


def _check_sections(work: Workspace, node: Node, shape: QuizShape) -> None:
    if shape.draw is None and shape.sections is None:
        work.found.error(node.place_of([]), "key-missing", phrase("The key %(key)s is missing.", key="draw"))
    if shape.draw is not None and shape.sections is not None:
        hint = phrase("Move the lines of the draw into the sections.")
        work.found.error(node.place_of(["draw"], key=True), "sections-draw", phrase("A quiz has a draw or sections, not both."), hint)
    seen: dict[str, int] = {}
    for number, section in enumerate(shape.sections or ()):
        place = node.place_of(["sections", number, "id"])
        if section.id in seen:
            message = phrase("The id %(id)s stands also in line %(line)s.", id=section.id, line=seen[section.id])
            work.found.error(place, "section-twice", message, phrase("Give this one an id of its own."))
        seen.setdefault(section.id, place.line)
        inner = inner_of(node, "sections", number)
        work.check_words(inner, ["title"], shape.source_lang)
        if section.navigation is not None and shape.navigation != "sections":
            hint = phrase("Write `navigation: sections` for the quiz, or leave it out here.")
            message = phrase("A section has a navigation of its own only where sections are closed one after the other.")
            work.found.error(inner.place_of(["navigation"]), "section-navigation", message, hint)
    if shape.navigation == "sections" and shape.sections is None:
        message = phrase("Sections are to be closed one after the other, and there are none.")
        work.found.error(node.place_of(["navigation"]), "section-navigation", message, phrase("Add `sections`, or write free or sequential."))


def inner_of(node: Node, key: str, number: int) -> Node:
    """The entry of a list below a key, which the shape has found to be there."""
    assert isinstance(node.value, dict)
    below: Any = node.value[key].value
    inner: Node = below[number]
    return inner


def _marks(work: Workspace, node: Node, shape: QuizMarksShape) -> Marks:
    found: dict[str, int] = {}
    for name, written in (("right", shape.right), ("wrong", shape.wrong), ("blank", shape.blank)):
        value = hundredths(written)
        place = node.place_of(["marks", name])
        if value is None:
            hint = phrase("Hundredths of a point can be written: -0.25 or -1/4. For a third write right: 3, wrong: -1.")
            work.found.error(place, "marks-inexact", phrase("“%(value)s” is no whole number of hundredths of a point.", value=written), hint)
            return WHOLE_POINTS
        if name == "right" and (value % HUNDRED or not HUNDRED <= value <= MOST * HUNDRED):
            hint = phrase("Items have points of their own, with `points=2` in their braces.")
            work.found.error(place, "marks-range", phrase("A right answer brings a whole number of points from 1 to 100."), hint)
            return WHOLE_POINTS
        found[name] = value
    right, wrong, blank = found["right"], found["wrong"], found["blank"]
    if wrong > 0 or wrong < -MOST * HUNDRED:
        message = phrase("A wrong answer brings nothing or takes points away, at most 100.")
        work.found.error(node.place_of(["marks", "wrong"]), "marks-range", message, phrase("Write 0, or a number with a minus."))
    elif not wrong <= blank < right:
        message = phrase("An empty answer brings less than a right one and no less than a wrong one.")
        work.found.error(node.place_of(["marks", "blank"]), "marks-range", message, phrase("Write 0, or leave it out."))
    whole = all(value % HUNDRED == 0 for value in found.values())
    return (right // HUNDRED, wrong // HUNDRED, blank // HUNDRED) if whole else (right, wrong, blank, HUNDRED)


def hundredths(written: str) -> int | None:
    """Points as authors write them, in hundredths; None for what is no whole number of them: '-1/4' is -25, '-1/3' none."""
    text = written.replace("−", "-").replace("\uff0d", "-").strip()
    if found := DECIMAL.fullmatch(text):
        sign, whole, part = found.groups()
        value = int(whole) * HUNDRED + int((part or "").ljust(2, "0"))
    elif (found := FRACTION.fullmatch(text)) and int(found[3]):
        sign, value, rest = found[1], *divmod(int(found[2]) * HUNDRED, int(found[3]))
        if rest:
            return None
    else:
        return None
    return -value if sign == "-" else value


def _retake(work: Workspace, node: Node, shape: QuizShape) -> Retake:
    retake: RetakeShape = shape.retake
    if retake == RetakeShape():
        return Retake()
    if shape.attempts == 1:
        message = phrase("There is one try only, so nothing comes before another.")
        work.found.error(node.place_of(["retake"], key=True), "retake-never", message, phrase("Allow more tries, or leave `retake` out."))
    if retake.wait is None and retake.after != 1:
        message = phrase("The wait after %(n)s tries has no length.", n=retake.after)
        work.found.error(node.place_of(["retake", "after"]), "retake-never", message, phrase("Add `wait: 1d` or `wait: 12h`."))
    number, unit = (int(retake.wait[:-1]), retake.wait[-1]) if retake.wait else (0, "")
    return Retake(number if unit == "h" else 0, number if unit == "d" else 0, retake.after, retake.lessons_first)
