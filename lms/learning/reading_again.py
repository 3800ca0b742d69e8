"""Lessons that a failed try sends back to: those of the course, by topic, and whether each has been read again since."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lms.assessment.offerings import ToRead
from lms.content.catalogue import Course
from lms.learning.service.study import list_progress


@dataclass(frozen=True)
class CourseLessons:
    """The lessons of a course, for `lms.assessment.offerings.Lessons`."""

    course: Course

    def list_to_read(self, session: Session, *, person_id: int, topics: Collection[str] | None, since: datetime) -> Sequence[ToRead]:
        """The lessons on these topics in the order of the course; all of them if none is on any, or if topics is None.

        Read again is a lesson that the person has gone through to its end (which credits the time) after `since`.
        """
        wanted = [lesson for lesson in self.course.lessons if topics is None or lesson.topic in topics] or list(self.course.lessons)
        progress = list_progress(session, person_id=person_id, course=self.course.slug)
        found = []
        for lesson in wanted:
            state = progress.get((self.course.slug, lesson.slug))
            read = state is not None and state.read_at is not None and state.read_at > since
            found.append(ToRead(lesson.title, f"/courses/{self.course.slug}/{lesson.slug}", read))
        return found
