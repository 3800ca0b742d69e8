"""A closed paper with the own answers alone: nothing in it tells what is right."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, Result
from lms.assessment.rules.answers.parts import gaps_of, pairs_of
from lms.assessment.service.look import items_of
from lms.assessment.service.papers import Placed, list_placed
from lms.content.catalogue import Case, Choice, Words

DASH = "–"


@dataclass(frozen=True, slots=True)
class Own:
    """One item with what was answered. html: a list of clean inline HTML by language; texts: what was typed, to be escaped."""

    n: int
    kind: str
    case: Case | None
    critical: bool
    prompt: Words
    html: tuple[Words, ...]
    texts: tuple[str, ...]


def list_own(session: Session, attempt: Attempt, result: Result) -> list[Own]:
    """The paper with the own answers, in its order."""
    answers = {item.item_id: item.answer for item in items_of(result)}
    return [_own(place, answers.get(place.item.id, "")) for place in list_placed(session, attempt.paper)]


def _own(place: Placed, answer: str) -> Own:
    item = place.item
    by_letter = {choice.letter: choice for choice in item.choices}
    html: list[Words] = []
    texts: tuple[str, ...] = ()
    if item.kind in ("single", "multiple", "hotspot"):
        html = [by_letter[letter].html for letter in place.letters if letter in answer]
    elif item.kind == "ordering":
        html = [by_letter[letter].html for letter in answer]
    elif item.kind == "matching":
        targets = {target.letter: target for target in item.targets}
        html = [_pair(by_letter[left], targets[right]) for left, right in pairs_of(answer).items()]
    elif item.kind == "gaps":
        texts = tuple(text or DASH for text in gaps_of(answer)) if answer else ()
    elif answer:
        texts = (answer,)
    return Own(place.n, item.shown_kind, item.case, item.critical, item.prompt, tuple(html), texts)


def _pair(left: Choice, right: Choice) -> Words:
    return {lang: f"{text} → {right.html.get(lang) or right.html.get('vi', '')}" for lang, text in left.html.items()}
