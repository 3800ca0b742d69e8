"""Practice and mock exams: from the banks of a test, around what may not be known, as often as one likes, counted for nothing."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.assessment.models import Attempt, Result
from lms.certification.models import Evidence
from lms.clock import MovableClock
from lms.content.packages.compiler import compile_tree
from lms.content.service.publishing import publish_compiled
from lms.learning.rehearsal.rules import ALL, WEAK, Entry, Wanted, choose, count_topics, read_key, weak_topics
from lms.people.models import Person
from lms.platform.db import Database
from tests.content.trees import BANK, COURSE, FILES, QUIZ, with_files
from tests.counting import count_queries
from tests.learning.rehearsing import BEFORE_OPENING, CLOSED, hand_in, publish
from tests.make import make_learner, sign_in

PAGE, ALL_TEN, MOCK_KEY = "/practice/khoa-mau", "practice:khoa-mau/all/10", "mock:khoa-mau"
RIGHT = {"qaaaaaa2": "b", "qaaaaaa3": "a", "qaaaaaa4": "ac", "qaaaaaa5": "b", "qaaaaaa6": "b", "qaaaaaa7": "ab"}


@pytest.fixture()
def person(db: Database) -> Person:
    with db.writing() as session:
        return make_learner(session)


@pytest.fixture()
def learner(client: FlaskClient, db: Database, person: Person, clock: MovableClock) -> FlaskClient:
    """The learner's browser, before the contest opens; the course lets practise."""
    clock.set(BEFORE_OPENING)
    publish(db, clock.now())
    sign_in(client, person)
    client.set_cookie("lang", "en")
    return client


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("practice:x/dien/10", Wanted("x", "dien", 10)),
        ("practice:x/all/5", Wanted("x", ALL, 5)),
        ("practice:x/all/7", None),
        ("practice:x/all", None),
        ("practice:x/a/b/5", None),
        ("mock:x/all/5", None),
    ],
)
def test_a_key_says_what_is_practised(key: str, wanted: Wanted | None) -> None:
    assert read_key(key) == wanted
    assert wanted is None or wanted.key == key


def test_the_weakest_topic_comes_first() -> None:
    rows = [("dien", True), ("dien", False), ("luat", False), ("so-cuu", True), ("elsewhere", False)]
    assert weak_topics(rows, ["dien", "luat", "so-cuu"]) == ["luat", "dien"]


ENTRIES = [Entry(f"{topic}{n}", (f"{topic}{n}",), frozenset({topic})) for topic in ("dien", "luat") for n in range(3)]


@pytest.mark.parametrize(
    ("topic", "weak", "count", "lines"),
    [
        pytest.param(ALL, [], 5, [(5, 6)], id="all"),
        pytest.param(ALL, [], 10, [(6, 6)], id="no more than there are"),
        pytest.param("luat", [], 5, [(3, 3)], id="one topic"),
        pytest.param("none", [], 5, [], id="a topic without items"),
        pytest.param(WEAK, ["luat"], 5, [(3, 3), (2, 3)], id="the weak topic, then others"),
        pytest.param(WEAK, ["luat", "dien"], 5, [(5, 6)], id="weak topics suffice"),
        pytest.param(WEAK, [], 5, [(5, 6)], id="nothing known yet"),
    ],
)
def test_what_a_practice_draws_from(topic: str, weak: list[str], count: int, lines: list[tuple[int, int]]) -> None:
    assert [(pick, len(some)) for pick, some in choose(ENTRIES, topic, weak, count)] == lines


def test_topics_are_counted_by_entries() -> None:
    assert count_topics(ENTRIES) == {"dien": 3, "luat": 3}


def test_from_home_and_course_to_the_end_as_often_as_one_likes(learner: FlaskClient, db: Database) -> None:
    assert f'href="{PAGE}"' in learner.get("/").text
    assert f'href="{PAGE}"' in learner.get("/courses/khoa-mau").text
    page = learner.get(PAGE).text
    for said in ("counts for no certificate", "My weak topics first", "loto (5)", "chay", "Mock exam"):
        assert said in page
    for _ in range(4):
        sent = learner.post(PAGE, data={"topic": "loto", "count": "5"})
        assert sent.status_code == 307
        assert sent.location == "/offerings/practice:khoa-mau/loto/5"
        sitting = hand_in(learner, "practice:khoa-mau/loto/5", {"qaaaaaa3": "a", "qaaaaaa6": "a"})
    page = learner.get(f"{sitting}/result").text
    assert "1 of 5 questions right" in page
    assert "admonition-title" in page
    page = learner.get(PAGE).text
    assert "Your latest practice" in page
    assert "My weak topics first: loto" in page
    assert "your weak topics first: loto" in learner.get("/offerings/practice:khoa-mau/weak/5").text
    with db.reading() as session:
        assert session.execute(select(Result)).first() is None
        assert all(one.practice and one.receipt for one in session.scalars(select(Attempt)))


def test_a_mock_exam_has_blueprint_clock_and_marks_of_the_test_and_gives_no_evidence(learner: FlaskClient, db: Database) -> None:
    page = learner.get(f"/offerings/{MOCK_KEY}").text
    for said in ("This is a mock exam", "10 min", "60 % of the points", "counts for no certificate"):
        assert said in page
    sitting = hand_in(learner, MOCK_KEY, RIGHT)
    page = learner.get(f"{sitting}/result").text
    assert "Passed" in page
    assert "6 of 6 questions right" in page
    assert "enough to pass" in learner.get(PAGE).text
    hand_in(learner, MOCK_KEY)
    with db.reading() as session:
        assert session.execute(select(Result)).first() is None
        assert session.execute(select(Evidence)).first() is None
    assert hand_in(learner, "course:khoa-mau")
    with db.reading() as session:
        assert len(session.scalars(select(Result)).all()) == 1


def test_an_open_secret_round_keeps_its_questions_out_of_practice_and_mock_exams(learner: FlaskClient, clock: MovableClock) -> None:
    clock.set(CLOSED - timedelta(days=5))
    page = learner.get(PAGE).text
    assert "Nothing to practise at present" in page
    assert "are left out at present" in page
    for key in (ALL_TEN, MOCK_KEY):
        assert "open now" in learner.get(f"/offerings/{key}").text
        assert "Start now" not in learner.get(f"/offerings/{key}").text
        assert learner.post(f"/offerings/{key}").status_code == 409
    clock.set(CLOSED)
    assert hand_in(learner, MOCK_KEY)


def test_practice_is_drawn_around_the_paper_that_one_is_sitting(learner: FlaskClient) -> None:
    """While a try is open, its questions are not practised in another window."""
    learner.post("/offerings/course:khoa-mau")
    assert learner.post(f"/offerings/{ALL_TEN}").status_code == 409
    assert "Nothing to practise at present" in learner.get(PAGE).text


def test_a_sealed_bank_is_not_practised_before_its_hour(learner: FlaskClient, db: Database, clock: MovableClock) -> None:
    publish(db, clock.now(), "rehearsal: [practice, mock]", (BANK, "title: Câu hỏi mẫu", "title: Câu hỏi mẫu\nsealed_until: 2026-11-10T08:00"))
    clock.move(seconds=5)
    assert learner.get(PAGE).status_code == 404
    assert learner.get(f"/offerings/{ALL_TEN}").status_code == 404
    assert PAGE not in learner.get("/courses/khoa-mau").text
    clock.set(CLOSED)
    assert learner.get(PAGE).status_code == 200


def test_a_test_that_does_not_say_so_is_not_practised(client: FlaskClient, db: Database, person: Person, clock: MovableClock) -> None:
    clock.set(BEFORE_OPENING)
    publish(db, clock.now(), "navigation: free")
    sign_in(client, person)
    for address in (PAGE, f"/offerings/{ALL_TEN}", f"/offerings/{MOCK_KEY}", "/practice/none"):
        assert client.get(address).status_code == 404
    assert PAGE not in client.get("/").text


def test_the_bank_of_another_test_is_opened_by_that_test_alone(client: FlaskClient, db: Database, person: Person, clock: MovableClock) -> None:
    """Who draws from a bank does not give its keys away: that is for the quiz that owns it."""
    clock.set(BEFORE_OPENING)
    other = FILES[QUIZ].decode().replace("id: de-mau", "id: de-khac").replace("from: cau-hoi", "from: de-mau/cau-hoi") + "\nrehearsal: practice\n"
    course = FILES[COURSE].decode().replace("quiz: de-mau", "quiz: de-khac")
    from_tree(db, {"quizzes/de-khac/quiz.yml": other, COURSE: course}, clock)
    sign_in(client, person)
    client.set_cookie("lang", "en")
    assert "Nothing to practise at present" in client.get(PAGE).text


def test_a_course_whose_test_is_practice_gives_no_evidence(client: FlaskClient, db: Database, person: Person, clock: MovableClock) -> None:
    clock.set(BEFORE_OPENING)
    publish(db, clock.now(), "practice: yes")
    sign_in(client, person)
    client.set_cookie("lang", "en")
    assert "counts for no certificate and no contest." in client.get("/offerings/course:khoa-mau").text
    hand_in(client, "course:khoa-mau", RIGHT)
    with db.reading() as session:
        assert session.execute(select(Result.passed)).scalar_one() is True
        assert session.execute(select(Evidence)).first() is None


def from_tree(db: Database, files: dict[str, str], clock: MovableClock) -> None:
    """Publish the sample with other files."""
    tree = with_files(dict(files))
    with db.writing() as session:
        publish_compiled(session, compile_tree(tree), tree, now=clock.now(), actor_id=None)


def test_the_page_costs_a_constant_number_of_queries(learner: FlaskClient, db: Database) -> None:
    hand_in(learner, ALL_TEN)
    hand_in(learner, MOCK_KEY)
    learner.get(PAGE)
    with count_queries(db) as few:
        learner.get(PAGE)
    for _ in range(3):
        hand_in(learner, ALL_TEN)
        hand_in(learner, MOCK_KEY)
    with count_queries(db) as many:
        learner.get(PAGE)
    assert len(many) == len(few) <= 13
