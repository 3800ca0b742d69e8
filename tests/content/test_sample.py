"""The published sample and the real content are whole."""

from lms.content.catalogue import KINDS, Quiz
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


def test_the_practice_of_the_real_content_meets_every_kind_that_needs_no_marker() -> None:
    packages = compiled(REAL)[1].packages
    practice, written = packages["quizzes/luyen-tap"], packages["quizzes/tu-luan"]
    assert isinstance(practice.made, Quiz)
    assert practice.made.practice
    assert {item.kind for item in practice.items} == set(KINDS) - {"essay"}
    assert {digest for draw in practice.made.draws for digest in draw.digests} == {item.digest for item in practice.items}
    assert practice.made.item_count == len(practice.items)
    assert [item.kind for item in written.items] == ["essay"]
    assert all(set(item.prompt) == {"vi", "zh", "en"} for item in (*practice.items, *written.items))
    assert sum(choice.correct for item in practice.items if item.kind == "hotspot" for choice in item.choices) == 5
