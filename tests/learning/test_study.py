"""Studying lessons: progress, credited time, what the rooms above are told."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.clock import MovableClock, local_date
from lms.content.catalogue import Catalogue, Course
from lms.learning.events import LessonDone
from lms.learning.models import LessonProgress
from lms.learning.service.study import find_next, finish_lesson, list_progress, note_sign
from lms.people.models import Person
from lms.platform.db import Database
from lms.platform.site import Site
from tests.conftest import NOW
from tests.content.sample import publish_sample
from tests.counting import count_queries
from tests.make import make_learner, sign_in


@pytest.fixture()
def catalogue(db: Database) -> Catalogue:
    return publish_sample(db, NOW)


@pytest.fixture()
def course(catalogue: Catalogue) -> Course:
    return next(iter(catalogue.courses.values()))


@pytest.fixture()
def learner(db: Database) -> Person:
    with db.writing() as session:
        return make_learner(session)


def study(db: Database, learner: Person, course: Course, number: int, clock: MovableClock) -> int:
    with db.writing() as session:
        return note_sign(session, person_id=learner.id, course=course, lesson=course.lessons[number], now=clock.now())


def test_time_is_credited_in_one_lesson_at_a_time(db: Database, learner: Person, course: Course, clock: MovableClock) -> None:
    assert study(db, learner, course, 0, clock) == 0
    clock.move(seconds=20)
    assert study(db, learner, course, 0, clock) == 20
    clock.move(seconds=20)
    assert study(db, learner, course, 1, clock) == 0, "two windows: the minute belongs to neither twice"
    clock.move(seconds=20)
    assert study(db, learner, course, 0, clock) == 20
    clock.move(seconds=300)
    assert study(db, learner, course, 0, clock) == 80


def test_a_sign_that_was_overtaken_does_not_turn_the_clock_back(db: Database, learner: Person, course: Course, clock: MovableClock) -> None:
    study(db, learner, course, 0, clock)
    clock.move(seconds=40)
    assert study(db, learner, course, 0, clock) == 40
    clock.move(seconds=-30)
    assert study(db, learner, course, 0, clock) == 40
    clock.move(seconds=40)
    assert study(db, learner, course, 0, clock) == 50


def test_done_is_told_once_with_what_was_credited_since(the_site: Site, db: Database, learner: Person, course: Course, clock: MovableClock) -> None:
    heard: list[LessonDone] = []
    the_site.events.subscribe(LessonDone, lambda _session, event: heard.append(event))

    def done() -> None:
        with db.writing() as session:
            finish_lesson(
                session,
                person_id=learner.id,
                course=course,
                lesson=course.lessons[0],
                opened_at=None,
                today=local_date(clock.now(), the_site.settings.zone),
                now=clock.now(),
            )

    study(db, learner, course, 0, clock)
    clock.move(seconds=45)
    done()
    done()
    clock.move(seconds=30)
    done()
    assert [(event.credited_s, event.ref) for event in heard] == [
        (45, f"{course.slug}/{course.lessons[0].slug}#1"),
        (30, f"{course.slug}/{course.lessons[0].slug}#2"),
    ]
    assert heard[0].schemes == course.schemes
    assert heard[0].lesson_digest == course.lessons[0].digest


def test_what_cannot_be_told_is_not_stored(the_site: Site, db: Database, learner: Person, course: Course) -> None:
    def refuse(_session: object, _event: object) -> None:
        raise RuntimeError("evidence cannot be stored")

    the_site.events.subscribe(LessonDone, refuse)
    with pytest.raises(RuntimeError), db.writing() as session:
        finish_lesson(session, person_id=learner.id, course=course, lesson=course.lessons[0], opened_at=None, today=NOW.date(), now=NOW)
    with db.reading() as session:
        assert session.execute(select(LessonProgress)).first() is None


def test_the_pages_lead_through_the_course(client: FlaskClient, db: Database, learner: Person, course: Course, clock: MovableClock) -> None:
    sign_in(client, learner)
    first, second = course.lessons[0], course.lessons[1]
    page = client.get(f"/courses/{course.slug}/{first.slug}")
    assert first.title["vi"] in page.text
    opened = page.text.split('name="opened" value="')[1].split('"')[0]
    clock.move(minutes=3)
    answer = client.post(f"/courses/{course.slug}/{first.slug}/done", data={"opened": opened})
    assert answer.status_code == 302
    assert answer.location.endswith(f"/courses/{course.slug}/{second.slug}")
    with db.reading() as session:
        progress = list_progress(session, person_id=learner.id)
    credited = progress[course.slug, first.slug].credited_s
    assert credited == min(180, first.minutes * 60), "read without JavaScript, the stay counts"
    assert find_next(course, progress) is second
    assert second.title["vi"] in client.get("/courses").text or course.title["vi"] in client.get("/courses").text


@pytest.mark.parametrize("opened", ["", "nonsense", "WyJhIiwiYiIsMV0.xxx"])
def test_a_forged_opening_credits_nothing(client: FlaskClient, db: Database, learner: Person, course: Course, clock: MovableClock, opened: str) -> None:
    sign_in(client, learner)
    client.get(f"/courses/{course.slug}/{course.lessons[0].slug}")
    clock.move(minutes=5)
    client.post(f"/courses/{course.slug}/{course.lessons[0].slug}/done", data={"opened": opened})
    with db.reading() as session:
        assert list_progress(session, person_id=learner.id)[course.slug, course.lessons[0].slug].credited_s == 0


def test_the_opening_of_one_lesson_is_not_that_of_another(client: FlaskClient, db: Database, learner: Person, course: Course, clock: MovableClock) -> None:
    sign_in(client, learner)
    page = client.get(f"/courses/{course.slug}/{course.lessons[0].slug}")
    opened = page.text.split('name="opened" value="')[1].split('"')[0]
    clock.move(minutes=5)
    client.post(f"/courses/{course.slug}/{course.lessons[1].slug}/done", data={"opened": opened})
    with db.reading() as session:
        assert list_progress(session, person_id=learner.id)[course.slug, course.lessons[1].slug].credited_s == 0


def test_with_signs_the_stay_is_not_counted_twice(client: FlaskClient, db: Database, learner: Person, course: Course, clock: MovableClock) -> None:
    sign_in(client, learner)
    first = course.lessons[0]
    page = client.get(f"/courses/{course.slug}/{first.slug}")
    opened = page.text.split('name="opened" value="')[1].split('"')[0]
    said = {"course": course.slug, "lesson": first.slug}
    assert client.post("/study", json=said).json == {"credited_s": 0}
    clock.move(minutes=3)
    assert client.post("/study", json=said).json == {"credited_s": 60}
    client.post(f"/courses/{course.slug}/{first.slug}/done", data={"opened": opened})
    with db.reading() as session:
        assert list_progress(session, person_id=learner.id)[course.slug, first.slug].credited_s == 60


def test_strangers_and_nonsense_are_refused(client: FlaskClient, learner: Person, course: Course) -> None:
    assert client.get(f"/courses/{course.slug}").status_code == 302
    sign_in(client, learner)
    assert client.get("/courses/no-such").status_code == 404
    assert client.get(f"/courses/{course.slug}/no-such").status_code == 404
    assert client.post("/study", json=["x"]).status_code == 422
    assert client.post("/study", json={"course": "x"}).status_code == 404


def test_pages_cost_a_constant_number_of_queries(client: FlaskClient, db: Database, learner: Person, course: Course) -> None:
    sign_in(client, learner)
    for address in ("/courses", f"/courses/{course.slug}", f"/courses/{course.slug}/{course.lessons[0].slug}"):
        client.get(address)
        with count_queries(db) as counted:
            assert client.get(address).status_code == 200
        assert len(counted) == 2, counted.statements


def test_a_lesson_is_credited_at_most_twice_its_minutes(db: Database, learner: Person, course: Course, clock: MovableClock) -> None:
    for _ in range(course.lessons[0].minutes * 3):
        credited = study(db, learner, course, 0, clock)
        clock.move(seconds=60)
    assert timedelta(seconds=credited) == timedelta(minutes=course.lessons[0].minutes * 2)
