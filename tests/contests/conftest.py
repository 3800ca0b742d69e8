"""The sample contest (round vong-1: 4 questions, 10 minutes, 3 tries, best counts), published; people who sit it, and how they do."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, Response
from lms.assessment.offerings import Offering, OfferingSources
from lms.assessment.service import start_attempt, submit_attempt
from lms.clock import MovableClock
from lms.content.catalogue import Catalogue, Contest, Stage
from lms.content.service.loading import CatalogueHolder, load_items
from lms.contests.rules.values import RoundRules
from lms.contests.terms import get_rules, key_of
from lms.people.models import Person
from lms.platform.db import Database
from lms.platform.site import Site
from tests.content.sample import CONTEST, ROUND, publish_sample
from tests.make import make_learner

KEY = key_of(CONTEST, ROUND)
RANKING = f"/contests/{CONTEST}/{ROUND}/ranking"


@dataclass
class Hall:
    """Where the contest takes place."""

    site: Site
    clock: MovableClock
    catalogue: Catalogue

    @property
    def db(self) -> Database:
        """The database of the site."""
        return self.site.db

    @property
    def rules(self) -> RoundRules:
        """The rules of the round as the file has them now."""
        return get_rules(self.catalogue, CONTEST, ROUND)

    @property
    def contest(self) -> Contest:
        """The contest as the file has it now."""
        return self.catalogue.contests[CONTEST]

    def offering(self, person: Person, now: datetime | None = None) -> Offering:
        """The round as it is offered to a person."""
        with self.db.reading() as session:
            sources = self.site.part(OfferingSources)
            return sources.get(session, self.catalogue, KEY, person_id=person.id, now=now or self.clock.now())

    def person(self, **given: Any) -> Person:
        """A person with an account."""
        with self.db.writing() as session:
            return make_learner(session, **given)

    def start(self, person: Person) -> Attempt:
        """An attempt just started."""
        offering = self.offering(person)
        with self.db.writing() as session:
            return start_attempt(session, person_id=person.id, offering=offering, lang="vi", now=self.clock.now())

    def sit(self, person: Person, right: int, ms: int) -> Attempt:
        """A whole sitting: so many right answers, handed in after so many milliseconds."""
        attempt = self.start(person)
        with self.db.writing() as session:
            self._answer(session, attempt, right)
        self.clock.move(milliseconds=ms)
        with self.db.writing() as session:
            return submit_attempt(session, attempt_id=attempt.id, person_id=person.id, now=self.clock.now())

    def _answer(self, session: Session, attempt: Attempt, right: int) -> None:
        rows = json.loads(attempt.paper)
        items = load_items(session, [row[0] for row in rows])
        for place, (digest, item_id, _) in enumerate(rows):
            item = items[digest]
            wrong = next(choice.letter for choice in item.choices if not choice.correct)
            letters = "".join(sorted(item.key)) if place < right else wrong
            values = {"seq": 1, "save_id": f"{attempt.id}-{place}", "saved_at": self.clock.now()}
            session.add(Response(attempt_id=attempt.id, item_id=item_id, answer=letters, **values))

    def change(self, stage: dict[str, Any] | None = None, contest: dict[str, Any] | None = None, quiz: dict[str, Any] | None = None, **round_: Any) -> None:
        """Let the contest's file say something else, as if it were published so."""
        old = self.contest.stages[0]
        one = replace(old.rounds[0], quiz=replace(old.rounds[0].quiz, **quiz or {}), **round_)
        changed = replace(self.contest, **{"stages": (self._stage(old, one, stage or {}),)} | (contest or {}))
        self.catalogue = replace(self.catalogue, contests={CONTEST: changed})
        self.site.parts[CatalogueHolder]._catalogue = self.catalogue

    @staticmethod
    def _stage(old: Stage, one: Any, given: dict[str, Any]) -> Stage:
        return replace(old, rounds=(one,), **given)


@pytest.fixture()
def hall(the_site: Site, clock: MovableClock) -> Hall:
    """The sample contest on each kind of database."""
    publish_sample(the_site.db, clock.now())
    holder = the_site.part(CatalogueHolder)
    return Hall(the_site, clock, holder.current(clock.now()))


def after(at: datetime, **delta: float) -> datetime:
    """An instant a little later."""
    return at + timedelta(**delta)
