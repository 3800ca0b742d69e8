"""The desk of those who run tests: what is in the own part of the organisation, counted once, in a constant number of queries."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from lms.assessment.models import Attempt
from lms.assessment.service.desk import get_test, list_tests
from lms.assessment.service.scope import Scope
from lms.clock import MovableClock
from lms.errors import NotFound
from lms.people.rules import Role
from lms.platform.db import Database
from tests.assessment.acts import save, start, submit
from tests.assessment.conftest import ITEMS, KEY, People, Shelf
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in


def _lines(db: Database, shelf: Shelf, *paths: str) -> dict[str, tuple[int, ...]]:
    with db.reading() as session:
        found = list_tests(session, scope=Scope(0, {"": paths}), listed=shelf.listed(session, None))  # type: ignore[arg-type]
    return {line.key: (line.people, line.running, line.closed, line.passed, line.waiting) for line in found}


def _pass(db: Database, attempt: Attempt, clock: MovableClock) -> None:
    for item in ITEMS.values():
        save(db, attempt, item.id, "".join(sorted(choice.letter for choice in item.choices if choice.correct)), clock.now())
    submit(db, attempt, clock.now())


def test_tries_people_and_passes_are_counted_in_the_own_subtree(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    offering = shelf.offerings[KEY]
    _pass(db, start(db, people.learner, offering, clock.now()), clock)
    submit(db, start(db, people.learner, offering, clock.now()), clock.now())
    start(db, people.learner, offering, clock.now())
    start(db, people.stranger, offering, clock.now())
    assert _lines(db, shelf, "/") == {KEY: (2, 2, 2, 1, 0)}
    assert _lines(db, shelf, people.unit.path) == {KEY: (1, 1, 2, 1, 0)}
    assert _lines(db, shelf) == {}


def test_a_void_try_is_not_counted(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    submit(db, attempt, clock.now())
    with db.writing() as session:
        session.execute(update(Attempt).where(Attempt.id == attempt.id).values(state="void"))
    assert _lines(db, shelf, "/") == {KEY: (0, 0, 0, 0, 0)}


def test_a_test_that_is_no_longer_offered_is_still_listed(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    start(db, people.learner, shelf.offerings[KEY], clock.now())
    shelf.offerings.clear()
    with db.reading() as session:
        line = get_test(session, key=KEY, scope=Scope(0, {"": ("/",)}), listed=[])
        assert (line.offered, line.running, line.title["vi"]) == (False, 1, "Thử")
        with pytest.raises(NotFound):
            get_test(session, key="test:other", scope=Scope(0, {"": ("/",)}), listed=[])


def test_the_page_in_every_language_at_a_constant_cost(db: Database, shelf: Shelf, people: People, clock: MovableClock, client: FlaskClient) -> None:
    with db.writing() as session:
        trainer = make_learner(session, unit=people.unit, roles=(Role.TRAINER,))
        others = [make_learner(session, unit=people.unit) for _ in range(5)]
    sign_in(client, trainer)
    start(db, people.learner, shelf.offerings[KEY], clock.now())
    page = client.get("/tests").text
    with count_queries(db) as few:
        client.get("/tests")
    assert f'href="/tests/{KEY}"' in page
    for person in others:
        start(db, person, shelf.offerings[KEY], clock.now())
    with count_queries(db) as many:
        client.get("/tests")
    assert len(many) == len(few)
    for lang, word in (("vi", "Bài kiểm tra"), ("zh", "测试"), ("en", "Tests")):
        client.set_cookie("lang", lang)
        assert word in client.get("/tests").text
        assert client.get(f"/tests/{KEY}").status_code == 200


def test_who_runs_nothing_there_sees_nothing(db: Database, shelf: Shelf, people: People, clock: MovableClock, client: FlaskClient) -> None:
    start(db, people.learner, shelf.offerings[KEY], clock.now())
    shelf.offerings.clear()
    with db.writing() as session:
        learner = make_learner(session)
        trainer = make_learner(session, unit=make_unit(session), roles=(Role.TRAINER,))
    sign_in(client, learner)
    assert client.get("/tests").status_code == 403
    assert client.get(f"/tests/{KEY}").status_code == 403
    client.post("/sign-out")
    sign_in(client, trainer)
    assert client.get(f"/tests/{KEY}").status_code == 404
