"""While a round is open its questions keep their keys everywhere, it does not change, and it is not sat in a stale translation."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.assessment.rules.review import Shown, Why, review_of
from lms.assessment.rules.terms import Terms
from lms.clock import MovableClock
from lms.content.packages.compiler import compile_tree
from lms.content.service.loading import CatalogueHolder
from lms.content.service.publishing import publish_compiled
from lms.content.source.tree import ContentTree
from lms.people.rules import Role
from lms.platform.db import Database
from tests.content.sample import publish_sample
from tests.content.trees import BANK, FILES
from tests.make import make_learner, sign_in

BEFORE_OPENING = datetime(2026, 11, 1, tzinfo=UTC)
CLOSE = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)
CHANGED = ContentTree(FILES | {BANK: FILES[BANK].replace("Tháo che chắn".encode(), "Tháo tấm che chắn".encode())}, "x")


def put(db: Database, now: datetime, tree: ContentTree = CHANGED) -> set[str]:
    with db.writing() as session:
        return set(publish_compiled(session, compile_tree(tree), tree, now=now, actor_id=None).held)


@pytest.fixture()
def learner(app: Flask, client: FlaskClient, db: Database) -> FlaskClient:
    with db.writing() as session:
        person = make_learner(session)
    sign_in(client, person)
    return client


def test_a_guarded_item_keeps_its_key_whatever_the_policy() -> None:
    terms = Terms({}, 60, 1, None, None, "after_submit", "always", 50, (1, 0, 0), "")
    assert review_of(terms, passed=True, again=False, now_ms=0, guarded=True) == (Shown.SCORE, Why.OPEN_ROUND)
    assert review_of(terms, passed=True, again=False, now_ms=0) == (Shown.KEYS, Why.SHOWN)


def test_the_review_of_a_course_waits_for_the_close_of_a_round_that_draws_the_same_items(learner: FlaskClient, db: Database, clock: MovableClock) -> None:
    publish_sample(db, clock.now())
    for _ in range(3):
        sitting = learner.post("/offerings/course:khoa-mau").location
        learner.post(f"{sitting}/submit")
    page = learner.get(f"{sitting}/result?lang=en").text
    assert "in a contest or an exam that is open now" in page
    assert "admonition-title" not in page
    clock.set(CLOSE)
    page = learner.get(f"{sitting}/result?lang=en").text
    assert "in a contest or an exam that is open now" not in page
    assert "admonition-title" in page


def test_an_open_contest_is_frozen_on_the_site(app: Flask, db: Database, clock: MovableClock) -> None:
    publish_sample(db, clock.now())
    assert put(db, clock.now()) == {"quizzes/de-mau", "courses/khoa-mau", "contests/hoi-thi-mau"}
    assert put(db, CLOSE) == set()


def test_a_round_is_not_sat_in_a_stale_translation(learner: FlaskClient, db: Database, clock: MovableClock) -> None:
    publish_sample(db, BEFORE_OPENING)
    assert put(db, BEFORE_OPENING) == set()
    key = "/offerings/round:hoi-thi-mau/vong-1"
    assert "Choose another language" in learner.get(f"{key}?lang=en").text
    assert learner.post(f"{key}?lang=en").status_code == 403
    assert "Choose another language" not in learner.get(f"{key}?lang=vi").text
    assert learner.post(f"{key}?lang=vi").status_code == 303
    course = learner.get("/offerings/course:khoa-mau?lang=en").text
    assert "since they were translated" in course
    assert "Choose another language" not in course
    assert learner.post("/offerings/course:khoa-mau?lang=en").status_code == 303


def test_the_organiser_sees_the_languages_in_which_nobody_can_start(client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        organiser = make_learner(session, roles=(Role.ORGANISER,))
    sign_in(client, organiser)
    publish_sample(db, BEFORE_OPENING)
    assert "Nobody can start this round" not in client.get("/contests/hoi-thi-mau/desk?lang=en").text
    put(db, BEFORE_OPENING)
    client.application.extensions["site"].part(CatalogueHolder).forget()
    assert "since they were translated: en, zh." in client.get("/contests/hoi-thi-mau/desk?lang=en").text
