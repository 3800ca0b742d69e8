"""A closed paper with its keys: own answer, right answer, why. Nothing here may be shown before `rules.review` says KEYS."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, EssayMark, Result
from lms.assessment.rules.answers.parts import gaps_of, pairs_of
from lms.assessment.rules.scoring import Verdict
from lms.assessment.service.keys import accepted_of
from lms.assessment.service.look import ItemResult, items_of
from lms.assessment.service.papers import Placed, list_placed
from lms.assessment.service.scoring import marks_of
from lms.content.catalogue import Blank, Choice, Criterion, Item, Region, Words


@dataclass(frozen=True, slots=True)
class ReviewedOption:
    """One choice. state: right, wrong, missed (right, but not chosen) or None."""

    letter: str
    html: Words
    chosen: bool
    state: str | None
    feedback: Words
    region: Region | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of an ordering (where it was put, where it belongs) or of a matching (what was put beside it, what belongs there)."""

    html: Words
    own: Words | None
    right: Words
    state: str


@dataclass(frozen=True, slots=True)
class Filled:
    """One gap, or the whole of a short answer: what was written, and what is accepted."""

    own: str
    blank: Blank
    state: str


@dataclass(frozen=True, slots=True)
class Marked:
    """One criterion of an essay; given: the percent that the marker gave, None while it waits."""

    criterion: Criterion
    given: int | None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One item with the own answer, the right one and why. Points are in hundredths."""

    n: int
    item: Item
    own: str
    verdict: Verdict
    points: int
    max_points: int
    options: tuple[ReviewedOption, ...]
    rows: tuple[Compared, ...]
    filled: tuple[Filled, ...]
    criteria: tuple[Marked, ...]
    comment: str


def list_reviewed(session: Session, attempt: Attempt, result: Result) -> list[Reviewed]:
    """The paper with keys, feedback and explanations: call it only where `rules.review` says KEYS. Two queries whatever its length."""
    placed = list_placed(session, attempt.paper)
    marks = marks_of(session, [attempt.id]).get(attempt.id, {})
    return [reviewed_of(place, scored, marks.get(place.item.id)) for place, scored in zip(placed, items_of(result), strict=True)]


def reviewed_of(place: Placed, scored: ItemResult, mark: EssayMark | None) -> Reviewed:
    """An item with its key, as one answer to it was scored."""
    item = place.item
    by_letter = {choice.letter: choice for choice in item.choices}
    ticked = item.kind in ("single", "multiple", "hotspot")
    given = json.loads(mark.percents) if mark else [None] * len(item.rubric)
    return Reviewed(
        n=place.n,
        item=item,
        own=scored.answer,
        verdict=scored.verdict,
        points=scored.points,
        max_points=scored.max_points,
        options=tuple(_option(by_letter[letter], chosen=letter in scored.answer) for letter in place.letters) if ticked else (),
        rows=ROWS[item.kind](item, scored.answer) if item.kind in ROWS else (),
        filled=_filled(item, scored.answer),
        criteria=tuple(Marked(criterion, percent) for criterion, percent in zip(item.rubric, given, strict=True)),
        comment=mark.comment if mark else "",
    )


def _option(choice: Choice, *, chosen: bool) -> ReviewedOption:
    state = ("right" if chosen else "missed") if choice.correct else ("wrong" if chosen else None)
    return ReviewedOption(choice.letter, choice.html, chosen, state, choice.feedback if chosen else {}, choice.region)


def _order(item: Item, answer: str) -> tuple[Compared, ...]:
    """The rows in the right order, each with the place it was given."""
    html = {choice.letter: choice.html for choice in item.choices}
    rows = []
    for place, letter in enumerate(item.order, 1):
        own = answer.index(letter) + 1 if answer else None
        rows.append(Compared(html[letter], _number(own) if own else None, _number(place), _state(own, place)))
    return tuple(rows)


def _pairs(item: Item, answer: str) -> tuple[Compared, ...]:
    given = pairs_of(answer)
    html = {target.letter: target.html for target in item.targets}
    rows = []
    for choice in item.choices:
        own, right = given.get(choice.letter), item.pairs[choice.letter]
        rows.append(Compared(choice.html, html[own] if own else None, html[right], _state(own, right)))
    return tuple(rows)


def _filled(item: Item, answer: str) -> tuple[Filled, ...]:
    if item.kind not in ("gaps", "short"):
        return ()
    texts = gaps_of(answer) if item.kind == "gaps" else [answer]
    own = texts or [""] * len(item.blanks)
    return tuple(Filled(text, blank, _text_state(blank, text)) for text, blank in zip(own, item.blanks, strict=True))


def _text_state(blank: Blank, text: str) -> str:
    return "missed" if not text else "right" if accepted_of(blank).has(text) else "wrong"


def _state(own: object, right: object) -> str:
    return "missed" if own is None else "right" if own == right else "wrong"


def _number(place: int) -> Mapping[str, str]:
    return {"vi": str(place)}


ROWS = {"ordering": _order, "matching": _pairs}
