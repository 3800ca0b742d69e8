"""Two at the same time: a save against a forced hand-in, two supervisors, a reopening against a new try."""

from functools import partial

from sqlalchemy import select

from lms.assessment.models import Attempt, LateSave
from lms.assessment.service import get_attempt
from lms.assessment.service.look import items_of
from lms.assessment.supervision.models import AttemptEvent
from lms.assessment.supervision.service.acts import Window, give_time, hand_in, reopen
from lms.assessment.supervision.service.taking import Act
from lms.clock import MovableClock
from lms.people.models import Person
from lms.people.rules import Role
from lms.platform.db import Database
from tests.assessment.acts import save, start, submit
from tests.assessment.conftest import ITEMS, KEY, People, Shelf
from tests.assessment.supervision.acts import act_on, again
from tests.assessment.test_races import at_once
from tests.make import make_learner

ROUNDS = 6


def _hand_in(db: Database, act: Act) -> Attempt:
    with db.writing() as session:
        return hand_in(session, act)


def _give(db: Database, act: Act) -> Attempt:
    with db.writing() as session:
        return give_time(session, act, minutes=5, window=Window(None))


def _reopen(db: Database, act: Act) -> Attempt:
    with db.writing() as session:
        return reopen(session, act, minutes=5, window=Window(None))


def test_saves_against_a_forced_hand_in_are_scored_or_kept_apart(db: Database, shelf: Shelf, people: People, supervisor: Person, clock: MovableClock) -> None:
    shelf.change(attempts_max=None)
    for _ in range(ROUNDS):
        attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
        acts = [partial(save, db, attempt, item_id, "a", clock.now()) for item_id in ITEMS]
        *saved, _ = at_once(*acts, partial(_hand_in, db, act_on(db, attempt, supervisor, clock)))
        acknowledged = {item_id for item_id, outcome in zip(ITEMS, saved, strict=True) if outcome.outcome == "saved"}
        with db.reading() as session:
            result = get_attempt(session, attempt_id=attempt.id, person_id=people.learner.id).result
            late = set(session.scalars(select(LateSave.item_id).filter_by(attempt_id=attempt.id)))
        assert result is not None
        assert {item.item_id for item in items_of(result) if item.answer} == acknowledged
        assert late == set(ITEMS) - acknowledged


def test_of_two_supervisors_at_once_one_gives_the_time(db: Database, attempt: Attempt, people: People, supervisor: Person, clock: MovableClock) -> None:
    with db.writing() as session:
        second = make_learner(session, unit=people.unit, roles=(Role.TRAINER,))
    acts = [act_on(db, attempt, person, clock) for person in (supervisor, second)]
    done = at_once(*[partial(_give, db, act) for act in acts])
    assert sorted(type(each).__name__ for each in done) == ["Attempt", "Conflict"]
    assert again(db, attempt).extra_s == 300
    with db.reading() as session:
        assert len(session.scalars(select(AttemptEvent)).all()) == 1


def test_a_reopening_against_a_new_try_leaves_one_open(db: Database, shelf: Shelf, people: People, supervisor: Person, clock: MovableClock) -> None:
    shelf.change(attempts_max=None)
    for _ in range(ROUNDS):
        attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
        submit(db, attempt, clock.now())
        act = act_on(db, attempt, supervisor, clock)
        at_once(partial(_reopen, db, act), partial(start, db, people.learner, shelf.offerings[KEY], clock.now()))
        with db.reading() as session:
            opened = session.scalars(select(Attempt).where(Attempt.state == "open")).all()
        assert len(opened) == 1
        submit(db, opened[0], clock.now())
