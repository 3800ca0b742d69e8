"""Handing in and lapsing: scored at once from what was stored, once, and told to the rooms above."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from lms.assessment.events import AttemptScored
from lms.assessment.models import Attempt, Result
from lms.assessment.service import get_attempt, lapse_due, list_attempts
from lms.assessment.service.close import new_receipt
from lms.assessment.service.look import AttemptView, has_passed, items_of, list_recent
from lms.clock import MovableClock
from lms.errors import NotFound
from lms.platform.db import Database
from lms.platform.site import Site
from tests.assessment.acts import save, start, submit
from tests.assessment.conftest import KEY, People, Shelf
from tests.counting import count_queries

RIGHT = {"item0001": "b", "item0002": "b", "item0003": "b", "item0004": "b", "item0005": "bd", "item0006": "ac"}


def answer(db: Database, attempt: Attempt, clock: MovableClock, **given: str) -> None:
    for item_id, letters in given.items():
        save(db, attempt, item_id, letters, clock.now())


def seen(db: Database, attempt: Attempt) -> AttemptView:
    with db.reading() as session:
        return get_attempt(session, attempt_id=attempt.id, person_id=attempt.person_id)


def result_of(db: Database, attempt: Attempt) -> Result:
    result = seen(db, attempt).result
    assert result is not None
    return result


def test_a_paper_handed_in_is_scored_and_told(db: Database, the_site: Site, shelf: Shelf, people: People, clock: MovableClock) -> None:
    told: list[AttemptScored] = []
    the_site.events.subscribe(AttemptScored, lambda _session, event: told.append(event))
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    answer(db, attempt, clock, item0001="b", item0002="a", item0005="bd", item0006="ac")
    clock.move(seconds=90)
    closed = submit(db, attempt, clock.now())
    assert (closed.state, closed.closed_at) == ("submitted", clock.now())
    assert closed.receipt is not None
    result = result_of(db, attempt)
    assert (result.version, result.points, result.max_points, result.correct, result.item_count) == (1, 300, 600, 3, 6)
    assert (result.critical_wrong, result.passed, result.elapsed_ms) == (0, True, 90_000)
    assert [(item.item_id, item.answer, item.verdict) for item in items_of(result)][:3] == [
        ("item0001", "b", "right"),
        ("item0002", "a", "wrong"),
        ("item0003", "", "blank"),
    ]
    assert told == [
        AttemptScored(attempt.id, people.learner.id, KEY, "", 1, True, 300, 600, 3, 6, 0, 90_000, clock.now(), people.unit.id),
    ]


def test_handing_in_twice_scores_once(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    first = submit(db, attempt, clock.now())
    clock.move(seconds=5)
    second = submit(db, attempt, clock.now())
    assert (second.closed_at, second.receipt) == (first.closed_at, first.receipt)


def test_a_critical_item_left_empty_fails(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    answer(db, attempt, clock, **{key: value for key, value in RIGHT.items() if key != "item0006"})
    submit(db, attempt, clock.now())
    result = result_of(db, attempt)
    assert (result.correct, result.critical_wrong, result.passed) == (5, 1, False)


def test_marks_of_a_contest_and_no_pass_mark(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    shelf.change(marks=(10, -5, 0), pass_percent=None)
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    answer(db, attempt, clock, item0001="b", item0002="b", item0003="a")
    submit(db, attempt, clock.now())
    result = result_of(db, attempt)
    assert (result.points, result.max_points, result.passed) == (1500, 6000, None)


def test_handed_in_within_the_grace_counts_as_at_the_deadline(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    clock.set(attempt.deadline_at + timedelta(seconds=10))
    closed = submit(db, attempt, clock.now())
    assert (closed.state, closed.closed_at, result_of(db, attempt).elapsed_ms) == ("submitted", attempt.deadline_at, 600_000)


def test_handed_in_after_the_grace_is_lapsed(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    clock.set(attempt.deadline_at + timedelta(seconds=10, milliseconds=1))
    closed = submit(db, attempt, clock.now())
    assert (closed.state, closed.closed_at) == ("lapsed", attempt.deadline_at)


def test_the_job_scores_what_is_due_and_nothing_else(db: Database, the_site: Site, shelf: Shelf, people: People, clock: MovableClock) -> None:
    due = start(db, people.learner, shelf.offerings[KEY], clock.now())
    answer(db, due, clock, **RIGHT)
    clock.move(minutes=5)
    running = start(db, people.stranger, shelf.offerings[KEY], clock.now())
    clock.set(due.deadline_at + timedelta(seconds=10))
    assert the_site.jobs.tick(clock.now())["assessment.lapse"] == 0
    clock.move(milliseconds=1)
    assert lapse_due(db, clock.now()) == 1
    assert lapse_due(db, clock.now()) == 0
    assert (seen(db, due).attempt.state, result_of(db, due).correct) == ("lapsed", 6)
    assert seen(db, running).attempt.state == "open"


def test_an_attempt_closed_between_finding_and_locking_is_left_alone(db: Database, shelf: Shelf, people: People, clock: MovableClock, monkeypatch: Any) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    clock.set(attempt.deadline_at + timedelta(minutes=1))
    writing = db.writing
    hurried: list[bool] = []

    def faster() -> Any:
        if not hurried:
            hurried.append(True)
            submit(db, attempt, clock.now())
        return writing()

    monkeypatch.setattr(db, "writing", faster)
    assert lapse_due(db, clock.now()) == 0


def test_only_the_owner_hands_in(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    attempt.person_id = people.stranger.id
    with pytest.raises(NotFound):
        submit(db, attempt, clock.now())
    with pytest.raises(NotFound):
        seen(db, attempt)


def test_results_are_never_changed_or_deleted(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    submit(db, start(db, people.learner, shelf.offerings[KEY], clock.now()), clock.now())
    for statement in (update(Result).values(points=99), delete(Result)):
        with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
            session.execute(statement)


def test_the_highest_version_of_a_result_counts(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = submit(db, start(db, people.learner, shelf.offerings[KEY], clock.now()), clock.now())
    first = result_of(db, attempt)
    kept = {column.name: getattr(first, column.name) for column in Result.__table__.columns}
    with db.writing() as session:
        session.add(Result(**kept | {"version": 2, "points": 600, "passed": True, "reason": "item void"}))
    assert result_of(db, attempt).points == 600
    with db.reading() as session:
        assert [view.passed for view in list_attempts(session, person_id=attempt.person_id, offerings=[KEY])] == [True]
        assert has_passed(session, person_id=attempt.person_id, offering=KEY)
        assert [view.attempt.id for view in list_recent(session, person_id=attempt.person_id)] == [attempt.id]
    with db.writing() as session:
        session.execute(update(Attempt).filter_by(id=attempt.id).values(state="void"))
    with db.reading() as session:
        assert not has_passed(session, person_id=attempt.person_id, offering=KEY)
        assert not get_attempt(session, attempt_id=attempt.id, person_id=attempt.person_id).passed


def test_attempts_are_listed_in_one_query(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    for _ in range(3):
        submit(db, start(db, people.learner, shelf.offerings[KEY], clock.now()), clock.now())
        clock.move(seconds=1)
    with count_queries(db) as counted, db.reading() as session:
        views = list_attempts(session, person_id=people.learner.id, offerings=[KEY], limit=2)
    assert [view.attempt.n for view in views] == [3, 2]
    assert len(counted) == 1


def test_a_receipt_can_be_read_out() -> None:
    codes = {new_receipt() for _ in range(200)}
    assert len(codes) == 200
    assert not any(letter in code for code in codes for letter in "01ILOU")


def test_an_attempt_that_cannot_be_closed_keeps_no_other_waiting(db: Database, the_site: Site, shelf: Shelf, people: People, clock: MovableClock) -> None:
    first, second = (start(db, person, shelf.offerings[KEY], clock.now()) for person in (people.learner, people.stranger))

    def fail(_session: object, event: AttemptScored) -> None:
        if event.attempt_id == first.id:
            raise RuntimeError("a room above is broken")

    the_site.events.subscribe(AttemptScored, fail)
    clock.set(first.deadline_at + timedelta(minutes=1))
    assert lapse_due(db, clock.now()) == 1
    assert [seen(db, attempt).attempt.state for attempt in (first, second)] == ["open", "lapsed"]
