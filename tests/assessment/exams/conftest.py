"""An exam of the published sample quiz: opens in an hour, lasts two, for the people of a unit."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from lms.assessment.exams.models import Exam
from lms.assessment.exams.offerings import key_of
from lms.assessment.exams.service.making import Plan, make_exam
from lms.assessment.offerings import Offering, OfferingSources
from lms.clock import MovableClock
from lms.content.catalogue import Catalogue
from lms.content.service.loading import CatalogueHolder
from lms.errors import NotFound
from lms.people.models import Person, Unit
from lms.people.rules import Role
from lms.platform.db import Database
from lms.platform.site import Site
from tests.content.sample import publish_sample
from tests.make import make_learner, make_unit

QUIZ = "de-mau"
DAY = date(2026, 11, 22)


@dataclass
class Ground:
    """A plant with a workshop below it; who runs exams there, two who are to sit, and a stranger."""

    db: Database
    site: Site
    clock: MovableClock
    unit: Unit
    trainer: Person
    first: Person
    second: Person
    stranger: Person

    @property
    def catalogue(self) -> Catalogue:
        """What is published now."""
        return self.site.part(CatalogueHolder).current(self.clock.now())

    def plan(self, **given: Any) -> Plan:
        """An exam of everyone, as the form would ask for it."""
        now = self.clock.now()
        plan = Plan("Thi cuối khóa", QUIZ, self.unit.id, "", now + timedelta(hours=1), now + timedelta(hours=3))
        return replace(plan, **given)

    def make(self, **given: Any) -> Exam:
        """That exam, made by the trainer."""
        with self.db.writing() as session:
            return make_exam(
                session,
                catalogue=self.catalogue,
                plan=self.plan(**given),
                paths=(self.unit.path,),
                actor_id=self.trainer.id,
                today=DAY,
                now=self.clock.now(),
            )

    def find(self, exam: Exam, person: Person) -> Offering | None:
        """The exam as this person is offered it now."""
        with self.db.reading() as session:
            try:
                return self.site.part(OfferingSources).get(session, self.catalogue, key_of(exam.id), person_id=person.id, now=self.clock.now())
            except NotFound:
                return None


@pytest.fixture()
def ground(db: Database, the_site: Site, clock: MovableClock) -> Ground:
    """The sample content is published and people are there."""
    publish_sample(db, clock.now())
    with db.writing() as session:
        unit = make_unit(session)
        below = make_unit(session, parent=unit)
        trainer = make_learner(session, unit=unit, roles=(Role.TRAINER,))
        return Ground(db, the_site, clock, unit, trainer, make_learner(session, unit=unit), make_learner(session, unit=below), make_learner(session))
