"""Starting: within the times and the tries, one open attempt, a paper of its own."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from lms.assessment.models import Attempt
from lms.assessment.service import AttemptOpen, NoAttemptsLeft, find_open, list_attempts, start_attempt, tries_used
from lms.clock import MovableClock
from lms.content.catalogue import Draw
from lms.errors import Conflict, NotAllowed
from lms.people.service import move_person
from lms.platform.db import Database
from tests.assessment.acts import start, submit
from tests.assessment.conftest import ITEMS, KEY, People, Shelf, make_offering, make_quiz
from tests.make import make_unit


def test_an_attempt_keeps_paper_rules_and_the_unit_of_its_start(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    assert (attempt.n, attempt.state, attempt.unit_id, attempt.quiz_digest) == (1, "open", people.unit.id, "quiz-digest")
    assert attempt.deadline_at == clock.now() + timedelta(minutes=10)
    assert json.loads(attempt.paper) == [[item.digest, item.id, "abcd"] for item in ITEMS.values()]
    assert start(db, people.stranger, shelf.offerings[KEY], clock.now()).unit_id is None


def test_a_late_starter_has_until_the_close_and_no_longer(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    shelf.change(closes_at=clock.now() + timedelta(minutes=3))
    assert start(db, people.learner, shelf.offerings[KEY], clock.now()).deadline_at == clock.now() + timedelta(minutes=3)


def test_two_people_get_the_same_items_in_their_own_order(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    shelf.change(quiz=make_quiz(shuffle_items=True, shuffle_choices=True))
    papers = [json.loads(start(db, person, shelf.offerings[KEY], clock.now()).paper) for person in (people.learner, people.stranger)]
    assert sorted(row[1] for row in papers[0]) == sorted(row[1] for row in papers[1])
    assert all(sorted(row[2]) == list("abcd") for paper in papers for row in paper)
    assert papers[0] != papers[1]


def test_it_opens_at_its_opening_and_is_closed_from_its_close_on(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    shelf.change(opens_at=clock.now() + timedelta(seconds=1), closes_at=clock.now() + timedelta(seconds=2))
    with pytest.raises(NotAllowed, match="not open yet"):
        start(db, people.learner, shelf.offerings[KEY], clock.now())
    clock.move(seconds=1)
    start(db, people.learner, shelf.offerings[KEY], clock.now())
    clock.move(seconds=1)
    with pytest.raises(NotAllowed, match="closed"):
        start(db, people.stranger, shelf.offerings[KEY], clock.now())


def test_an_open_attempt_is_gone_on_with(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    with pytest.raises(AttemptOpen):
        start(db, people.learner, shelf.offerings[KEY], clock.now())
    with db.reading() as session:
        found = find_open(session, person_id=people.learner.id, offering=KEY)
    assert found is not None
    assert found.id == attempt.id


def test_an_open_attempt_whose_time_is_over_is_scored_and_makes_room(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    first = start(db, people.learner, shelf.offerings[KEY], clock.now())
    clock.set(first.deadline_at + timedelta(seconds=10))
    with pytest.raises(AttemptOpen):
        start(db, people.learner, shelf.offerings[KEY], clock.now())
    clock.move(milliseconds=1)
    assert start(db, people.learner, shelf.offerings[KEY], clock.now()).n == 2
    with db.reading() as session:
        views = list_attempts(session, person_id=people.learner.id, offerings=[KEY])
    assert [(view.attempt.n, view.attempt.state, view.result is not None) for view in views] == [(2, "open", False), (1, "lapsed", True)]


def test_tries_are_counted_by_period_and_void_ones_are_given_back(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    shelf.change(attempts_max=1, period="2026-W47")
    first = start(db, people.learner, shelf.offerings[KEY], clock.now())
    submit(db, first, clock.now())
    with pytest.raises(NoAttemptsLeft):
        start(db, people.learner, shelf.offerings[KEY], clock.now())
    with db.writing() as session:
        session.execute(update(Attempt).filter_by(id=first.id).values(state="void"))
    second = start(db, people.learner, shelf.offerings[KEY], clock.now())
    assert second.n == 2
    submit(db, second, clock.now())
    shelf.change(period="2026-W48")
    assert start(db, people.learner, shelf.offerings[KEY], clock.now()).n == 1
    with db.reading() as session:
        assert tries_used(session, person_id=people.learner.id, offering=KEY, period="2026-W47") == 1


def test_as_many_tries_as_one_likes(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    shelf.change(attempts_max=None)
    for n in range(1, 6):
        attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
        assert attempt.n == n
        submit(db, attempt, clock.now())


def test_a_bank_that_has_become_too_small_uses_no_try(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    shelf.change(quiz=make_quiz(draws=(Draw("quiz/bank", 2, (), None, (ITEMS["item0001"].digest,)),)))
    with pytest.raises(Conflict, match="too small"):
        start(db, people.learner, shelf.offerings[KEY], clock.now())
    with db.reading() as session:
        assert list_attempts(session, person_id=people.learner.id, offerings=[KEY]) == []


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"n": 1, "state": "lapsed", "receipt": "X"}, id="the same number twice"),
        pytest.param({"n": 2, "state": "open", "closed_at": None}, id="a second open one"),
        pytest.param({"n": 2, "state": "asleep"}, id="an unknown state"),
        pytest.param({"n": 2, "state": "submitted", "closed_at": None}, id="closed without an instant"),
    ],
)
def test_the_database_itself_refuses(db: Database, shelf: Shelf, people: People, clock: MovableClock, values: dict[str, object]) -> None:
    first = start(db, people.learner, replace(shelf.offerings[KEY], grace_s=0), clock.now())
    kept = {column.name: getattr(first, column.name) for column in Attempt.__table__.columns if column.name != "id"}
    with pytest.raises(IntegrityError), db.writing() as session:
        session.add(Attempt(**kept | {"closed_at": clock.now()} | values))


def test_an_attempt_counts_in_the_unit_of_the_day_whatever_move_is_planned(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    today = clock.now().date()
    with db.writing() as session:
        elsewhere = make_unit(session)
        plan: dict[str, Any] = {"person_id": people.learner.id, "now": clock.now(), "actor_id": None}
        move_person(session, unit_id=elsewhere.id, on=today + timedelta(days=1), **plan)
    assert start(db, people.learner, shelf.offerings[KEY], clock.now()).unit_id == people.unit.id
    with db.writing() as session:
        offering = make_offering(key="test:other")
        tomorrow = start_attempt(session, person_id=people.learner.id, offering=offering, lang="vi", now=clock.now(), today=today + timedelta(days=1))
    assert tomorrow.unit_id == elsewhere.id
