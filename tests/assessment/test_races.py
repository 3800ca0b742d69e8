"""Two at the same time, with real threads: the constraint or the lock decides, and nothing acknowledged is lost."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.assessment.models import Attempt, LateSave, Response
from lms.assessment.service import get_attempt
from lms.assessment.service.look import items_of
from lms.assessment.service.save import LOAD_TEXT, UPSERT_TEXT
from lms.clock import MovableClock, to_ms
from lms.errors import SiteError
from lms.platform.db import Database
from tests.assessment.acts import new_id, save, start, submit
from tests.assessment.conftest import ITEMS, KEY, People, Shelf

ROUNDS = 8


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that begin together; an error of ours is its result."""
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        ready.wait()
        try:
            return act()
        except SiteError as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_starts_for_the_last_try_give_one_attempt(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    shelf.change(attempts_max=2)
    submit(db, start(db, people.learner, shelf.offerings[KEY], clock.now()), clock.now())
    made = at_once(*[lambda: start(db, people.learner, shelf.offerings[KEY], clock.now())] * 6)
    assert sorted(type(each).__name__ for each in made) == ["Attempt", *["AttemptOpen"] * 5]
    with db.reading() as session:
        assert session.scalars(select(Attempt.n).order_by(Attempt.n)).all() == [1, 2]


def test_saves_against_a_submit_are_scored_or_refused_never_lost(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    shelf.change(attempts_max=None)
    for _ in range(ROUNDS):
        attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
        acts = [partial(save, db, attempt, item_id, "a", clock.now()) for item_id in ITEMS]
        *saved, _ = at_once(*acts, partial(submit, db, attempt, clock.now()))
        acknowledged = {item_id for item_id, outcome in zip(ITEMS, saved, strict=True) if outcome.outcome == "saved"}
        with db.reading() as session:
            result = get_attempt(session, attempt_id=attempt.id, person_id=people.learner.id).result
            late = set(session.scalars(select(LateSave.item_id).filter_by(attempt_id=attempt.id)))
        assert result is not None
        assert {item.item_id for item in items_of(result) if item.answer} == acknowledged
        assert late == set(ITEMS) - acknowledged


def test_of_two_saves_of_one_item_one_is_stored_and_the_other_told(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    shelf.change(attempts_max=None)
    for _ in range(ROUNDS):
        attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
        saved = at_once(*[partial(save, db, attempt, "item0001", letters, clock.now()) for letters in "abcd"])
        assert sorted(each.outcome for each in saved) == ["moved", "moved", "moved", "saved"]
        with db.reading() as session:
            row = session.execute(select(Response).filter_by(attempt_id=attempt.id)).scalar_one()
        [winner] = [each for each in saved if each.outcome == "saved"]
        assert (row.answer, row.seq, row.save_id) == (winner.answer, 1, winner.save_id)
        submit(db, attempt, clock.now())


def test_one_save_sent_twice_at_once_is_stored_once(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    save_id = new_id()
    saved = at_once(*[lambda: save(db, attempt, "item0001", "a", clock.now(), save_id=save_id)] * 4)
    assert sorted(each.outcome for each in saved) == ["replayed", "replayed", "replayed", "saved"]
    with db.reading() as session:
        assert session.execute(select(func.count()).select_from(Response)).scalar_one() == 1


@pytest.mark.parametrize(("same", "outcome"), [(False, "moved"), (True, "replayed")])
def test_a_save_that_waited_for_the_lock_sees_what_was_stored_meanwhile(
    db: Database, shelf: Shelf, people: People, clock: MovableClock, same: bool, outcome: str
) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    save(db, attempt, "item0002", "a", clock.now())
    save_id, other = new_id(), new_id()
    values = {"attempt_id": attempt.id, "item_id": "item0001", "answer": "c", "seq": 1, "save_id": save_id if same else other, "past_ids": ""}
    with ThreadPoolExecutor(1) as pool:
        with db.connection_writing() as connection:
            connection.exec_driver_sql(
                LOAD_TEXT[db.engine.dialect.name], {"attempt": attempt.id, "person": people.learner.id, "epoch": 1, "session": 0, "item": "item0001"}
            ).one()
            waiting = pool.submit(save, db, attempt, "item0001", "b", clock.now(), save_id=save_id)
            threading.Event().wait(0.3)
            connection.exec_driver_sql(UPSERT_TEXT[db.engine.dialect.name], values | {"saved_at": to_ms(clock.now()), "client_at": None})
        saved = waiting.result(10)
    assert (saved.outcome, saved.answer, saved.seq) == (outcome, "c", 1)
