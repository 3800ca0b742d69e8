"""Sittings of many people at `test:quiz`, made as rows: an open test of six items with known answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, Response, Result
from lms.assessment.rules.scoring import score_item, total
from lms.assessment.service.keys import keyed
from lms.assessment.service.papers import dump_paper
from lms.assessment.service.results import dump_items
from lms.assessment.service.start import terms_of
from lms.content.catalogue import Item
from lms.people.models import Person
from lms.platform.db import Database
from tests.assessment.conftest import ITEMS, KEY, make_offering
from tests.make import make_learner

KEYS = {item.id: "".join(sorted(item.key)) for item in ITEMS.values()}
PAPER: tuple[Item, ...] = tuple(ITEMS.values())


def make_sitting(
    session: Session, person: Person, answers: Sequence[str], at: datetime, *, items: Sequence[Item] = PAPER, offering: str = KEY, n: int = 1, every_s: int = 10
) -> Attempt:
    """A sitting handed in with these answers, one saved every `every_s` seconds, scored by the rules as closing scores it."""
    rules = terms_of(make_offering())
    paper = dump_paper([(item.digest, item.id, "abcd") for item in items])
    values = {"quiz": "quiz", "quiz_digest": "q", "seed": n, "lang": "vi", "paper": paper, "rules": rules.to_json(), "grace_s": 10}
    attempt = Attempt(person_id=person.id, offering=offering, n=n, **values)
    attempt.started_at, attempt.deadline_at = at, at + timedelta(minutes=10)
    attempt.state, attempt.closed_at = "submitted", at + timedelta(minutes=5)
    session.add(attempt)
    session.flush()
    for place, (item, answer) in enumerate(zip(items, answers, strict=True), 1):
        if answer:
            saved_at = at + timedelta(seconds=every_s * place)
            session.add(Response(attempt_id=attempt.id, item_id=item.id, answer=answer, seq=1, save_id=f"s{place}", saved_at=saved_at))
    add_version(session, attempt, answers, version=1, items=items)
    return attempt


def add_version(session: Session, attempt: Attempt, answers: Sequence[str], *, version: int, items: Sequence[Item] = PAPER) -> None:
    """A result of the sitting with these answers."""
    scored = [score_item(keyed(item), answer, (1, 0, 0)) for item, answer in zip(items, answers, strict=True)]
    score = total(scored, 50)
    values = {name: getattr(score, name) for name in ("points", "max_points", "correct", "item_count", "critical_wrong", "unmarked", "passed")}
    assert attempt.closed_at is not None
    session.add(Result(attempt_id=attempt.id, version=version, **values, elapsed_ms=1, items=dump_items(scored), scored_at=attempt.closed_at))
    session.flush()


def answers_of(right: int, wrong: str = "c") -> list[str]:
    """The first `right` items by the key, the others wrongly."""
    keys = list(KEYS.values())
    return [key if place < right else wrong for place, key in enumerate(keys)]


@pytest.fixture()
def crowd(db: Database, clock_at: datetime) -> list[Person]:
    """Forty people, whose papers have from none to all right, evenly; without the fixture `shelf` there are no items."""
    with db.writing() as session:
        people = [make_learner(session) for _ in range(40)]
        for place, person in enumerate(people):
            make_sitting(session, person, answers_of(place % 7), clock_at)
    return people


@pytest.fixture()
def clock_at() -> datetime:
    """When everybody sat."""
    return datetime.fromisoformat("2026-11-20T01:00:00+00:00")


def revised(item: Item, mark: str) -> Item:
    """Another revision of an item."""
    return replace(item, digest=f"{mark}{item.digest[len(mark) :]}")
