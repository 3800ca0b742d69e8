"""The published sample and the real content are whole."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.assessment.models import Attempt
from lms.assessment.service.papers import list_placed
from lms.content.catalogue import KINDS, Course, Quiz
from lms.content.service.loading import CatalogueHolder, load_items
from lms.platform.db import Database
from tests.assessment.acts import save
from tests.conftest import NOW
from tests.content.sample import COURSE, QUIZ, REAL, SAMPLE, compiled, publish_real, publish_sample
from tests.make import make_learner, sign_in


def test_sample_has_no_problems() -> None:
    assert [f"{p.file}:{p.line} {p.code} {p.message}" for p in compiled(SAMPLE)[1].problems] == []


def test_real_content_has_no_errors() -> None:
    assert [f"{p.file}:{p.line} {p.code} {p.message}" for p in compiled(REAL)[1].problems if p.severity == "error"] == []


def test_sample_is_published(db: Database) -> None:
    catalogue = publish_sample(db, NOW)
    course, quiz = catalogue.courses[COURSE], catalogue.quizzes[QUIZ]
    assert [lesson.slug for lesson in course.lessons] == ["10-mo-dau", "20-quy-trinh"]
    assert quiz.item_count == 6
    with db.reading() as session:
        items = load_items(session, [digest for draw in quiz.draws for digest in draw.pool])
    assert sorted(item.id for item in items.values()) == [f"qaaaaaa{n}" for n in range(2, 8)]
    assert [item.id for item in items.values() if item.critical] == ["qaaaaaa2"]


def test_real_content_is_published(db: Database) -> None:
    catalogue = publish_real(db, NOW)
    assert set(catalogue.schemes) == {"vn-nd44-nhom-1", "vn-nd44-nhom-4"}
    assert catalogue.held == {}


def test_the_practice_of_the_real_content_meets_every_kind_that_needs_no_marker() -> None:
    packages = compiled(REAL)[1].packages
    practice, written, done = (packages[f"quizzes/{name}"] for name in ("luyen-tap", "tu-luan", "thuc-hanh"))
    assert isinstance(practice.made, Quiz)
    assert practice.made.practice
    assert {item.kind for item in practice.items} == set(KINDS) - {"essay"}
    assert {digest for draw in practice.made.draws for digest in draw.digests} == {item.digest for item in practice.items}
    assert practice.made.item_count == len(practice.items)
    assert [(item.kind, item.practical) for item in (*written.items, *done.items)] == [("essay", False), ("essay", True)]
    assert all(set(item.prompt) == {"vi", "zh", "en"} for item in (*practice.items, *written.items, *done.items))
    assert sum(choice.correct for item in practice.items if item.kind == "hotspot" for choice in item.choices) == 5


def test_every_quiz_of_the_real_content_is_met_in_a_course() -> None:
    made = {name: package.made for name, package in compiled(REAL)[1].packages.items()}
    met = {course.quiz for course in made.values() if isinstance(course, Course)}
    assert {quiz.slug for quiz in made.values() if isinstance(quiz, Quiz)} <= met
    assert all(set(lesson.html) == {"vi", "zh", "en"} for course in made.values() if isinstance(course, Course) for lesson in course.lessons)


def test_the_practice_tells_right_from_wrong_after_each_answer(client: FlaskClient, db: Database) -> None:
    publish_real(db, NOW)
    with db.writing() as session:
        person = make_learner(session)
    sign_in(client, person)
    sitting = client.post("/offerings/course:luyen-tap-an-toan").location
    with db.reading() as session:
        attempt = session.scalars(select(Attempt)).one()
        placed = list_placed(session, attempt.paper)
    n, one = next((n, one.item) for n, one in enumerate(placed, 1) if one.item.kind == "single")
    assert save(db, attempt, one.id, "a", NOW).outcome == "saved"
    go = {"go": "check", "item": one.id, "n": str(n)}
    for lang, button in (("vi", "Xem đúng hay sai"), ("zh", "查看对错"), ("en", "Check the answer")):
        page = client.get(f"{sitting}?n={n}&lang={lang}").text
        assert (button in page, "admonition" in page) == (True, False)
    page = client.post(f"{sitting}/go", data=go, follow_redirects=True).text
    assert "admonition" in page


def test_a_learner_sits_the_practice_and_writes_the_task(app: Flask, client: FlaskClient, db: Database) -> None:
    publish_real(db, NOW)
    with db.writing() as session:
        person = make_learner(session)
    sign_in(client, person)
    courses = client.get("/courses?lang=vi").text
    for course, title, said in (
        ("luyen-tap-an-toan", "Luyện tập an toàn", "Không tính vào hồ sơ"),
        ("viet-danh-gia-rui-ro", "Tập viết đánh giá rủi ro", "Viết bằng lời của mình"),
    ):
        assert title in courses
        lesson = app.extensions["site"].part(CatalogueHolder).current(NOW).courses[course].lessons[0].slug
        assert said in client.get(f"/courses/{course}/{lesson}?lang=vi").text
        assert f"/offerings/course:{course}" in client.get(f"/courses/{course}?lang=vi").text
        sitting = client.post(f"/offerings/course:{course}").location
        assert client.post(f"{sitting}/submit").status_code == 303
        assert client.get(f"{sitting}/result?lang=vi").status_code == 200
