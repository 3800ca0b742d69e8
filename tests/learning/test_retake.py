"""Between two tries: a wait by the server's clock, and lessons that a failed one sends back to; each edge of time."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from lms.clock import MovableClock
from lms.people.models import Person
from lms.platform.db import Database
from tests.learning.rehearsing import BEFORE_OPENING, hand_in, publish
from tests.make import make_learner, sign_in

KEY = "course:khoa-mau"
PAGE = f"/offerings/{KEY}"
FIRST, SECOND = "/courses/khoa-mau/10-mo-dau", "/courses/khoa-mau/20-quy-trinh"
RIGHT = {"qaaaaaa2": "b", "qaaaaaa3": "a", "qaaaaaa4": "ac", "qaaaaaa5": "b", "qaaaaaa6": "b", "qaaaaaa7": "ab"}


@pytest.fixture()
def person(db: Database) -> Person:
    with db.writing() as session:
        return make_learner(session)


@pytest.fixture()
def learner(client: FlaskClient, person: Person, clock: MovableClock) -> FlaskClient:
    clock.set(BEFORE_OPENING)
    sign_in(client, person)
    client.set_cookie("lang", "en")
    return client


def test_the_next_try_opens_at_the_instant_that_is_shown(learner: FlaskClient, db: Database, clock: MovableClock) -> None:
    """canvas-lms #1769: times are told before, and hold."""
    publish(db, clock.now(), "retake: {wait: 1d}")
    assert "Between tries" in learner.get(PAGE).text
    assert "1 day" in learner.get(PAGE).text
    sitting = hand_in(learner, KEY)
    said = "The next try opens at 2 Nov 2026, 07:00."
    assert said in learner.get(PAGE).text
    assert "Start now" not in learner.get(PAGE).text
    assert said in learner.get(f"{sitting}/result").text
    clock.set(BEFORE_OPENING + timedelta(days=1, milliseconds=-1))
    refused = learner.post(PAGE)
    assert refused.status_code == 403
    assert said in refused.text
    clock.set(BEFORE_OPENING + timedelta(days=1))
    assert "Start now" in learner.get(PAGE).text
    assert learner.post(PAGE).status_code == 303


def test_the_wait_begins_with_the_try_that_the_rule_names(learner: FlaskClient, db: Database, clock: MovableClock) -> None:
    publish(db, clock.now(), "retake: {wait: 12h, after: 2}")
    assert "from try 2 on" in learner.get(PAGE).text
    hand_in(learner, KEY)
    hand_in(learner, KEY)
    assert learner.post(PAGE).status_code == 403
    clock.move(hours=12)
    assert learner.post(PAGE).status_code == 303


def test_a_lapsed_try_waits_from_its_deadline(learner: FlaskClient, db: Database, clock: MovableClock) -> None:
    publish(db, clock.now(), "retake: {wait: 1h}")
    learner.post(PAGE)
    clock.move(hours=1, minutes=9, seconds=59)
    assert "The next try opens at 1 Nov 2026, 08:10." in learner.get(PAGE).text
    clock.move(seconds=1)
    assert learner.post(PAGE).status_code == 303


def test_after_a_failure_the_lessons_on_it_are_read_before_the_next_try(learner: FlaskClient, db: Database, clock: MovableClock) -> None:
    publish(db, clock.now(), "retake: {lessons_first: yes}")
    learner.post(f"{FIRST}/done")
    assert "Start now" in learner.get(PAGE).text
    clock.move(minutes=1)
    hand_in(learner, KEY)
    page = learner.get(PAGE).text
    assert "Read these lessons to their end before the next one." in page
    assert page.count("to read") == 2
    assert f'href="{FIRST}"' in page
    assert learner.post(PAGE).status_code == 403
    learner.post(f"{FIRST}/done")
    assert learner.get(PAGE).text.count("to read</span>") == 2, "reading in the very moment of the hand-in is not after it"
    clock.move(milliseconds=1)
    learner.get(SECOND)
    assert learner.post(PAGE).status_code == 403
    learner.post(f"{FIRST}/done")
    page = learner.get(PAGE).text
    assert page.count("to read</span>") == 1
    assert "Start now" not in page
    learner.post(f"{SECOND}/done")
    assert "Start now" in learner.get(PAGE).text
    assert learner.post(PAGE).status_code == 303


def test_only_lessons_on_topics_that_went_wrong_are_asked_for(learner: FlaskClient, db: Database, clock: MovableClock) -> None:
    publish(db, clock.now(), "retake: {lessons_first: failed_topics}", ("courses/khoa-mau/20-quy-trinh.vi.md", "topic: loto", "topic: chay-no"))
    hand_in(learner, KEY, {"qaaaaaa5": "b"})
    page = learner.get(PAGE).text
    assert f'href="{FIRST}"' in page
    assert f'href="{SECOND}"' not in page.split("Read first")[1].split("</ul>")[0]
    clock.move(minutes=1)
    learner.post(f"{FIRST}/done")
    assert learner.post(PAGE).status_code == 303


def test_who_has_passed_is_sent_back_to_nothing(learner: FlaskClient, db: Database, clock: MovableClock) -> None:
    publish(db, clock.now(), "retake: {lessons_first: yes}")
    hand_in(learner, KEY, RIGHT)
    assert "Read first" not in learner.get(PAGE).text
    assert learner.post(PAGE).status_code == 303


def test_practice_and_mock_exams_wait_for_nothing(learner: FlaskClient, db: Database, clock: MovableClock) -> None:
    publish(db, clock.now(), "retake: {wait: 1d, lessons_first: yes}\nrehearsal: [practice, mock]")
    hand_in(learner, KEY)
    hand_in(learner, "mock:khoa-mau")
    assert hand_in(learner, "mock:khoa-mau")
