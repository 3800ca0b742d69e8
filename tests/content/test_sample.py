"""The published sample and the real content are whole."""

from lms.content.service.loading import load_items
from lms.platform.db import Database
from tests.conftest import NOW
from tests.content.sample import COURSE, QUIZ, REAL, SAMPLE, compiled, publish_real, publish_sample


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
