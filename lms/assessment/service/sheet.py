"""What a person sees of a paper while it is sat: nothing in it tells what is right."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, Response
from lms.assessment.rules.answers.parts import fields_of
from lms.assessment.service.look import list_responses
from lms.assessment.service.papers import Placed, list_placed
from lms.content.catalogue import PERFORMED, Case, Choice, Item, Region, Words


@dataclass(frozen=True, slots=True)
class Option:
    """One answer as shown while sitting: a choice, a row to put in order or to match, the right side of a matching, a region."""

    letter: str
    html: Words
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One item as shown while sitting.

    stored: the canonical answer as it is stored; answer: as it is shown (another only where one was just refused); fields: its parts by the
    name of their field (see `rules.answers.parts`); seq: how often it was changed. part: a partly right answer brings a part of the points;
    cost: a wrong choice takes points away.
    """

    n: int
    item_id: str
    digest: str
    kind: str
    critical: bool
    points: int
    prompt: Words
    options: tuple[Option, ...]
    targets: tuple[Option, ...]
    columns: tuple[Words, ...]
    unit: Words
    picture: Words
    picture_alt: Words
    picture_size: tuple[int, int] | None
    case: Case | None
    part: bool
    cost: bool
    stored: str
    answer: str
    fields: Mapping[str, str]
    seq: int
    flagged: bool

    @property
    def answered(self) -> bool:
        """Whether an answer is stored, or none is written at all."""
        return bool(self.stored) or self.kind == PERFORMED

    @property
    def rows(self) -> tuple[Option, ...]:
        """The rows of an ordering in the order given so far, or as they were shuffled."""
        return tuple(sorted(self.options, key=lambda option: int(place) if (place := self.fields.get(option.letter, "")).isdecimal() else len(self.options)))

    def as_sent(self, answer: str, fields: Mapping[str, str]) -> "Question":
        """The question with an answer that could not be stored, so that nobody has to write it again."""
        return replace(self, answer=answer, fields=fields)


def list_questions(session: Session, attempt: Attempt) -> tuple[list[Question], dict[str, Response]]:
    """The paper with the stored answers, and these by item id; two queries whatever its length."""
    responses = list_responses(session, attempt_id=attempt.id)
    flags = set(attempt.flags.split())
    return [question_of(placed, responses.get(placed.item.id), flags) for placed in list_placed(session, attempt.paper)], responses


def question_of(placed: Placed, response: Response | None, flags: Collection[str]) -> Question:
    """An item of a paper with its stored answer; flags: ids of the items that the person flagged."""
    item = placed.item
    stored = response.answer if response else ""
    return Question(
        n=placed.n,
        item_id=item.id,
        digest=item.digest,
        kind=item.shown_kind,
        critical=item.critical,
        points=item.points,
        prompt=item.prompt,
        options=shown(item.choices, placed.letters),
        targets=shown(item.targets, placed.targets),
        columns=item.columns,
        unit=item.number.unit if item.number else {},
        picture=item.picture,
        picture_alt=item.picture_alt,
        picture_size=item.picture_size,
        case=item.case,
        part=item.partial or pays_parts(item),
        cost=(item.kind == "multiple" and pays_parts(item)) or any(choice.percent < 0 for choice in item.choices),
        stored=stored,
        answer=stored,
        fields=fields_of(item.kind, stored),
        seq=response.seq if response else 0,
        flagged=item.id in flags,
    )


def pays_parts(item: Item) -> bool:
    """Whether choices bring shares of their own."""
    return item.kind in ("single", "multiple") and any(choice.percent > 0 and not (item.kind == "single" and choice.correct) for choice in item.choices)


def shown(choices: Sequence[Choice], letters: str) -> tuple[Option, ...]:
    """Choices in the order of a paper."""
    by_letter = {choice.letter: choice for choice in choices}
    return tuple(Option(letter, by_letter[letter].html, by_letter[letter].region) for letter in letters)
