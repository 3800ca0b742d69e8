"""Who would be sent back to learn."""

from datetime import UTC, datetime

from lms.content.catalogue import Course, Lesson
from lms.content.impact.rooms import Learners
from lms.learning.models import LessonProgress
from lms.learning.service.impact import find_learners
from lms.platform.db import Database
from tests.counting import count_queries
from tests.make import make_learner

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def course(slug: str, *lessons: str) -> Course:
    made = tuple(Lesson(lesson, {}, 1, "law", "", {}, {}, {}, "d") for lesson in lessons)
    return Course(slug, slug, {}, {}, (), None, made, None, (), 1, "rev")


def test_finished_is_every_lesson_as_published_and_each_person_counts_once(db: Database) -> None:
    done: list[dict[str, dict[str, datetime | None]]] = [
        {"a": {"1": NOW, "2": NOW}, "b": {"1": NOW}},
        {"a": {"1": NOW, "2": None}},
        {"a": {"gone": NOW}, "other": {"1": NOW}},
        {"a": {"1": None}},
        {"a": {"1": NOW, "2": NOW, "gone": NOW}},
    ]
    with db.writing() as session:
        for courses in done:
            person = make_learner(session)
            rows = [(slug, lesson, at) for slug, lessons in courses.items() for lesson, at in lessons.items()]
            session.add_all(LessonProgress(person_id=person.id, course=slug, lesson=lesson, seen_at=NOW, done_at=at) for slug, lesson, at in rows)
    with db.reading() as session, count_queries(db) as counted:
        found = find_learners(session, courses=[course("b", "1", "2"), course("a", "1", "2"), course("c", "1")])
        assert found == (Learners("a", 2, 1), Learners("b", 0, 1), Learners("c", 0, 0))
        assert len(counted) == 1
        assert find_learners(session, courses=[]) == ()
    assert len(counted) == 1
