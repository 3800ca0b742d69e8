"""A hand-made quiz of six items, offered under `test:quiz`; its items are stored as publishing stores them."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lms.assessment.offerings import Listed, Offering, OfferingSources
from lms.content.bodies import to_body
from lms.content.catalogue import Basis, Catalogue, Choice, Draw, Item, Quiz
from lms.content.models import ItemRevision
from lms.content.service.loading import CatalogueHolder
from lms.people.models import Person, Unit
from lms.platform.db import Database
from lms.platform.site import Site
from tests.assessment.kinds import ALL_KINDS, make_kinds_offering, store_items
from tests.make import make_learner, make_unit

KEY = "test:quiz"


def words(text: str) -> dict[str, str]:
    return {"vi": text, "zh": f"{text} (zh)", "en": f"{text} (en)"}


def make_item(n: int, key: str = "b", **given: Any) -> Item:
    """An item with choices a-d, of which those in `key` are right."""
    choices = tuple(Choice(letter, words(f"<p>choice {n}{letter}</p>"), words(f"<p>SECRET-feedback {n}{letter}</p>"), letter in key) for letter in "abcd")
    usual: dict[str, Any] = {
        "id": f"item{n:04}",
        "digest": f"digest{n:058}",
        "presentation_digest": f"p{n}",
        "key_digest": f"k{n}",
        "kind": "single" if len(key) == 1 else "multiple",
        "points": 1,
        "critical": False,
        "difficulty": 1,
        "topic": "luat" if n % 2 else "dien",
        "tags": (),
        "prompt": words(f"<p>prompt {n}</p>"),
        "choices": choices,
        "explanation": words(f"<p>SECRET-explanation {n}</p>"),
        "basis": {"vi": (Basis("SECRET-basis", "S"),)},
        "source": words("SECRET-source"),
        "bank": "quiz/bank",
        "place": "quizzes/quiz/bank.vi.md:1",
    }
    return Item(**usual | given)


ITEMS = {item.id: item for item in [*(make_item(n) for n in range(1, 5)), make_item(5, "bd"), make_item(6, "ac", critical=True)]}


def make_quiz(**given: Any) -> Quiz:
    """A quiz that asks all six items, in the order of the file unless it is told to shuffle."""
    pool = tuple(item.digest for item in ITEMS.values())
    usual: dict[str, Any] = {
        "slug": "quiz",
        "digest": "quiz-digest",
        "title": words("Thử"),
        "pass_percent": 50,
        "time_limit_s": 600,
        "attempts": 3,
        "draws": (Draw("quiz/bank", len(pool), (), None, pool),),
        "shuffle_items": False,
        "shuffle_choices": False,
        "review": "after_submit",
        "review_keys": "when_no_tries_remain_or_passed",
        "opens_at": None,
        "closes_at": None,
    }
    return Quiz(**usual | given)


def make_offering(quiz: Quiz | None = None, **given: Any) -> Offering:
    """The quiz as offered: three tries, half the points pass."""
    usual: dict[str, Any] = {"key": KEY, "title": words("Thử"), "quiz": quiz or make_quiz(), "attempts_max": 3, "pass_percent": 50, "back_url": "/"}
    return Offering(**usual | given)


@dataclass
class Shelf:
    """A source of offerings that holds what a test puts on it."""

    offerings: dict[str, Offering] = field(default_factory=dict)

    def find(self, session: Session, catalogue: Catalogue, key: str, person_id: int, now: datetime) -> Offering | None:  # noqa: ARG002
        """The offering of that key, for everybody at any time."""
        return self.offerings.get(key)

    def listed(self, session: Session, catalogue: Catalogue) -> list[Listed]:  # noqa: ARG002
        """All that is on it."""
        return [Listed(offering.key, offering.title) for offering in self.offerings.values()]

    def put(self, offering: Offering) -> None:
        """Offer this."""
        self.offerings[offering.key] = offering

    def change(self, **given: Any) -> None:
        """Offer `test:quiz` with other values."""
        self.put(replace(self.offerings[KEY], **given))


@pytest.fixture()
def shelf(the_site: Site, db: Database) -> Shelf:
    """The offering `test:quiz`, with its items published."""
    the_site.parts.setdefault(CatalogueHolder, CatalogueHolder(db))
    made = Shelf({KEY: make_offering()})
    the_site.part(OfferingSources).add("test", made)
    with db.writing() as session:
        for item in ITEMS.values():
            values = {"digest": item.digest, "item_id": item.id, "kind": item.kind, "body": to_body(item)}
            session.add(ItemRevision(**values, presentation_digest=item.presentation_digest, key_digest=item.key_digest))
    return made


@dataclass
class People:
    """A unit, a learner of it, and a stranger."""

    unit: Unit
    learner: Person
    stranger: Person


@pytest.fixture()
def people(db: Database) -> People:
    """Who sits, and who must not see it."""
    with db.writing() as session:
        unit = make_unit(session)
        return People(unit, make_learner(session, unit=unit), make_learner(session))


@pytest.fixture()
def kinds(shelf: Shelf, db: Database) -> Shelf:
    """The shelf with the paper of every kind on it."""
    with db.writing() as session:
        store_items(session, *ALL_KINDS)
    shelf.put(make_kinds_offering())
    return shelf
