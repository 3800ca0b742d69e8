"""What somebody wishes to correct: checked against the item, before anything is looked at or changed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.correction_models import Correction
from lms.assessment.rules.answers.canonical import Refused, canonical
from lms.assessment.rules.answers.judging import FULL, judge
from lms.assessment.rules.corrections import NoSuchAnswer, accepted_key, key_of_revision
from lms.assessment.rules.rejudging import Letters, Unclear
from lms.assessment.service.keys import key_of
from lms.assessment.service.papers import asked_of
from lms.content.catalogue import Choice, Item
from lms.content.impact.letters import is_sure, letters_between
from lms.content.models import ItemLife
from lms.content.service.loading import load_items
from lms.errors import Conflict, Invalid, NotFound

GONE = "-"
"""What a person says of a former choice that the other revision has no more."""
REASON_MOST = 1000
KINDS = ("full", "drop", "accept", "key", "undo")


@dataclass(frozen=True)
class Wish:
    """A correction as it is asked for.

    offering: '' is every test in which the revision is sat. answer: to be accepted, as it was typed. letters: what the person said of choices that no
    program can tell, by 'choices.a' or 'targets.a' -> a letter of the published revision or `GONE`. undoes: the correction to be taken back.
    """

    offering: str
    digest: str
    kind: str
    answer: str = ""
    letters: Mapping[str, str] = field(default_factory=dict)
    undoes: int | None = None
    never_lower: bool = True


@dataclass(frozen=True, slots=True)
class Pairing:
    """A former choice (side: choices or targets), and which of the published revision it is. sure: by its name or its words; letter: '' where it seems gone."""

    side: str
    old: Choice
    letter: str
    sure: bool


def get_item(session: Session, digest: str) -> Item:
    """A revision that was published once. Raises NotFound."""
    return load_items(session, [digest])[digest]


def find_published(session: Session, item: Item) -> Item | None:
    """The revision of the item that is published now, if it is another one and the item lives."""
    life = session.get(ItemLife, item.id)
    if life is None or life.gone_at is not None or life.digest == item.digest:
        return None
    return get_item(session, life.digest)


def pair(old: Item, new: Item) -> list[Pairing]:
    """Every choice of the sat revision with what the published one seems to have for it."""
    return [*_side("choices", old.choices, new.choices), *_side("targets", old.targets, new.targets)]


def _side(side: str, old: Sequence[Choice], new: Sequence[Choice]) -> Iterator[Pairing]:
    known, by_letter = letters_between(old, new), {choice.letter: choice for choice in new}
    for choice in old:
        letter = known.get(choice.letter, "")
        yield Pairing(side, choice, letter, bool(letter) and is_sure(choice, by_letter[letter]))


def to_row(session: Session, wish: Wish) -> Correction:
    """The correction that a wish asks for, not stored yet and without who, when and why.

    Raises NotFound for a revision or a correction that is not there, Invalid where it cannot be, Conflict where it was taken back already.
    """
    if wish.kind not in KINDS:
        raise Invalid("Choose what to do with the question.")
    if wish.kind == "undo":
        return _undo(session, wish)
    item = get_item(session, wish.digest)
    row = Correction(offering=wish.offering, item_id=item.id, digest=item.digest, kind=wish.kind, never_lower=wish.never_lower, undoes=None)
    row.answer, row.to_digest, row.letters = "", "", "{}"
    if wish.kind == "accept":
        row.answer = _accepted(item, wish.answer)
    elif wish.kind == "key":
        new = find_published(session, item)
        if new is None:
            raise Invalid("No other revision of this question is published: mend it in its file and publish first.")
        row.to_digest, row.letters = new.digest, _letters(item, new, wish.letters)
    return row


def _undo(session: Session, wish: Wish) -> Correction:
    former = session.get(Correction, wish.undoes) if wish.undoes else None
    if former is None or former.kind == "undo":
        raise NotFound("There is no such correction.")
    if session.scalar(select(Correction.id).where(Correction.undoes == former.id)):
        raise Conflict("This correction has been taken back already.")
    row = Correction(offering=former.offering, item_id=former.item_id, digest=former.digest, kind="undo", undoes=former.id)
    row.answer, row.to_digest, row.letters, row.never_lower = "", "", "{}", wish.never_lower
    return row


def _accepted(item: Item, given: str) -> str:
    key = key_of(item)
    try:
        answer = canonical(asked_of(item), given)
        accepted_key(key, answer)
    except Refused as refused:
        raise Invalid(refused.words.message, **refused.words.params) from refused
    except NoSuchAnswer as none:
        raise Invalid("This answer cannot be accepted beside the key.") from none
    if judge(key, answer)[1] == FULL:
        raise Invalid("This answer is right by the key already.")
    return answer


def _letters(old: Item, new: Item, said: Mapping[str, str]) -> str:
    if old.kind != new.kind:
        raise Invalid("The published revision is a question of another kind: its key says nothing of these answers.")
    sides: dict[str, dict[str, str]] = {"choices": {}, "targets": {}}
    for one in pair(old, new):
        letter = one.letter if one.sure else said.get(f"{one.side}.{one.old.letter}", "")
        if not letter:
            raise Invalid("It is not clear which choice is which in the published revision: say it for each.")
        if letter != GONE:
            sides[one.side][one.old.letter] = letter
    for side, there in (("choices", new.choices), ("targets", new.targets)):
        named = list(sides[side].values())
        if len(set(named)) < len(named) or not set(named) <= {choice.letter for choice in there}:
            raise Invalid("Two choices cannot be the same one of the published revision.")
    try:
        key_of_revision(key_of(old), key_of(new), Letters(sides["choices"], sides["targets"]))
    except Unclear as unclear:
        raise Invalid("What is right now was not among the choices then: nobody could have chosen it. Void the question instead.") from unclear
    return json.dumps(sides, sort_keys=True)
