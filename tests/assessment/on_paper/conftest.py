"""Batches of `test:kinds` and `test:quiz`, and who enters their sheets."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from lms.assessment.models import Attempt
from lms.assessment.on_paper.models import PaperBatch, PaperVariant
from lms.assessment.on_paper.service.entering import enter_sheet, get_sitter
from lms.assessment.on_paper.service.variants import get_batch, make_batch
from lms.assessment.service.scope import Scope
from lms.clock import MovableClock
from lms.people.models import Person
from lms.people.rules import Role
from lms.platform.db import Database
from tests.assessment.conftest import KEY, People, Shelf
from tests.assessment.kinds import KIND_KEY
from tests.make import make_learner


@dataclass
class Desk:
    """The officer who runs tests in the learner's unit, and what is done there."""

    db: Database
    shelf: Shelf
    officer: Person
    scope: Scope
    now: datetime

    def make(self, key: str = KEY, **given: Any) -> tuple[PaperBatch, list[PaperVariant]]:
        """A batch of two variants in Vietnamese unless told otherwise."""
        values: dict[str, Any] = {"lang": "vi", "count": 2, "mixed": "order", "place": "Phân xưởng 1", "held_on": None} | given
        with self.db.writing() as session:
            batch = make_batch(session, offering=self.shelf.offerings[key], actor_id=self.officer.id, now=self.now, **values)
        with self.db.reading() as session:
            return get_batch(session, batch_id=batch.id)

    def enter(self, batch: PaperBatch, variant: PaperVariant, person: Person, answers: dict[str, str], **given: Any) -> Attempt:
        """A sheet sat an hour ago."""
        held_at = given.pop("held_at", self.now - timedelta(hours=1))
        values: dict[str, Any] = {"scope": self.scope, "way": "hand", "twice": False, "now": self.now} | given
        with self.db.writing() as session:
            sitter = get_sitter(session, code=str(person.staff_code), scope=values["scope"], batch=batch, on=held_at.date())
            offering = self.shelf.offerings[batch.offering]
            return enter_sheet(session, batch=batch, variant=variant, sitter=sitter, offering=offering, answers=answers, held_at=held_at, **values)


@pytest.fixture()
def desk(db: Database, kinds: Shelf, people: People, clock: MovableClock) -> Desk:
    """An officer of the learner's unit."""
    with db.writing() as session:
        officer = make_learner(session, unit=people.unit, roles=(Role.OFFICER,))
    assert {KEY, KIND_KEY} <= set(kinds.offerings)
    return Desk(db, kinds, officer, Scope(officer.id, {"": (people.unit.path,)}), clock.now())
