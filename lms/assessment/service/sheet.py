"""What a person sees of a paper: while it is sat without any key, afterwards with as much as the policy allows."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, Response, Result
from lms.assessment.rules.scoring import Verdict
from lms.assessment.service.look import items_of, list_responses
from lms.assessment.service.papers import Placed, list_placed
from lms.content.catalogue import Basis, Choice, Words


@dataclass(frozen=True, slots=True)
class Option:
    """One answer as shown while sitting: nothing in it tells whether it is right."""

    letter: str
    html: Words


@dataclass(frozen=True, slots=True)
class Question:
    """One item as shown while sitting. letters: what is stored now; seq: how often it was changed."""

    n: int
    item_id: str
    single: bool
    critical: bool
    points: int
    prompt: Words
    options: tuple[Option, ...]
    letters: str
    seq: int
    flagged: bool

    @property
    def answered(self) -> bool:
        """Whether an answer is stored."""
        return bool(self.letters)


@dataclass(frozen=True, slots=True)
class ReviewedOption:
    """One answer after the review has been allowed. state: right, wrong, missed (right, but not chosen) or None."""

    letter: str
    html: Words
    chosen: bool
    state: str | None
    feedback: Words


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One item with the own answer, the right one and why."""

    n: int
    single: bool
    critical: bool
    prompt: Words
    verdict: Verdict
    points: int
    max_points: int
    options: tuple[ReviewedOption, ...]
    explanation: Words
    basis: Mapping[str, tuple[Basis, ...]]
    source: Words


def list_questions(session: Session, attempt: Attempt) -> tuple[list[Question], dict[str, Response]]:
    """The paper with the stored answers, and these by item id; two queries whatever its length."""
    responses = list_responses(session, attempt_id=attempt.id)
    flags = set(attempt.flags.split())
    return [_question(placed, responses.get(placed.item.id), flags) for placed in list_placed(session, attempt.paper)], responses


def _question(placed: Placed, response: Response | None, flags: set[str]) -> Question:
    item = placed.item
    by_letter = {choice.letter: choice for choice in item.choices}
    return Question(
        n=placed.n,
        item_id=item.id,
        single=item.kind == "single",
        critical=item.critical,
        points=item.points,
        prompt=item.prompt,
        options=tuple(Option(letter, by_letter[letter].html) for letter in placed.letters),
        letters=response.letters if response else "",
        seq=response.seq if response else 0,
        flagged=item.id in flags,
    )


def list_reviewed(session: Session, attempt: Attempt, result: Result) -> list[Reviewed]:
    """The paper with keys, feedback and explanations: call it only where `rules.review` says KEYS."""
    placed = list_placed(session, attempt.paper)
    reviewed = []
    for place, scored in zip(placed, items_of(result), strict=True):
        by_letter = {choice.letter: choice for choice in place.item.choices}
        options = tuple(_reviewed_option(by_letter[letter], chosen=letter in scored.letters) for letter in place.letters)
        reviewed.append(
            Reviewed(
                n=place.n,
                single=place.item.kind == "single",
                critical=place.item.critical,
                prompt=place.item.prompt,
                verdict=scored.verdict,
                points=scored.points,
                max_points=scored.max_points,
                options=options,
                explanation=place.item.explanation,
                basis=place.item.basis,
                source=place.item.source,
            )
        )
    return reviewed


def _reviewed_option(choice: Choice, *, chosen: bool) -> ReviewedOption:
    state = ("right" if chosen else "missed") if choice.correct else ("wrong" if chosen else None)
    return ReviewedOption(choice.letter, choice.html, chosen, state, choice.feedback if chosen else {})
