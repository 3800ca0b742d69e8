"""What `course:<slug>` offers: the quiz of a course, to anybody who takes courses."""

from datetime import datetime

from sqlalchemy.orm import Session

from lms.assessment.offerings import Listed, Offering
from lms.content.catalogue import Catalogue
from lms.content.sealing import is_sealed
from lms.content.service.pools import PoolIds
from lms.learning.reading_again import CourseLessons

PREFIX = "course"


class CourseOfferings:
    """The source of offerings whose key begins with `course:`."""

    def __init__(self, pools: PoolIds | None = None) -> None:
        self._pools = pools or PoolIds()

    def find(self, session: Session, catalogue: Catalogue, key: str, person_id: int, now: datetime) -> Offering | None:  # noqa: ARG002
        """The quiz of the course; the tries count over the whole life of the course's offering."""
        course = catalogue.courses.get(key.removeprefix(f"{PREFIX}:"))
        quiz = catalogue.quizzes.get(course.quiz) if course and course.quiz else None
        if course is None or quiz is None or is_sealed(quiz, now):
            return None
        return Offering(
            key=key,
            title=quiz.title,
            quiz=quiz,
            attempts_max=quiz.attempts,
            opens_at=quiz.opens_at,
            closes_at=quiz.closes_at,
            review=quiz.review,
            pass_percent=quiz.pass_percent,
            back_url=f"/courses/{course.slug}",
            lessons=CourseLessons(course),
            stale_langs=self._pools.stale_langs(session, catalogue, quiz),
        )

    def listed(self, session: Session, catalogue: Catalogue) -> list[Listed]:  # noqa: ARG002
        """The tests of the courses that have one."""
        found = [(slug, catalogue.quizzes.get(course.quiz or "")) for slug, course in sorted(catalogue.courses.items())]
        return [Listed(f"{PREFIX}:{slug}", quiz.title) for slug, quiz in found if quiz is not None]
