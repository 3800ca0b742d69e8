"""Studying: signs of activity, credited time, lessons done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Integer, String, bindparam, select
from sqlalchemy.orm import Session

from lms.content.catalogue import Course, Lesson
from lms.learning.events import LessonDone
from lms.learning.models import LessonProgress, StudyClock
from lms.learning.rules import Sign, credit_ms, credit_unscripted_ms, next_lesson
from lms.platform.db import insert_into, plain
from lms.platform.events import announce

COLUMNS = (LessonProgress.credited_ms, LessonProgress.seen_at, LessonProgress.done_at, LessonProgress.read_at)
PROGRESS = select(LessonProgress.course, LessonProgress.lesson, *COLUMNS).where(LessonProgress.person_id == bindparam("person", type_=Integer))
PROGRESS_OF_COURSE = PROGRESS.where(LessonProgress.course == bindparam("course", type_=String))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person is with a lesson: credited seconds of study, when it was first done (none if it is not), when last read to its end."""

    credited_s: int
    seen_at: datetime
    done_at: datetime | None
    read_at: datetime | None = None


def list_progress(asker: Session | Connection, *, person_id: int, course: str | None = None) -> dict[tuple[str, str], Progress]:
    """Progress of a person by (course, lesson), in one course or in all: one query."""
    if course is None:
        rows = plain(asker).execute(PROGRESS, {"person": person_id})
    else:
        rows = plain(asker).execute(PROGRESS_OF_COURSE, {"person": person_id, "course": course})
    return {(row.course, row.lesson): Progress(row.credited_ms // 1000, row.seen_at, row.done_at, row.read_at) for row in rows}


def find_next(course: Course, progress: Mapping[tuple[str, str], Progress]) -> Lesson | None:
    """The lesson to go on with: the first that is not done."""
    done = {lesson: state.done_at is not None for (slug, lesson), state in progress.items() if slug == course.slug}
    slug = next_lesson((lesson.slug for lesson in course.lessons), done)
    return course.find_lesson(slug) if slug else None


def count_done(course: Course, progress: Mapping[tuple[str, str], Progress]) -> int:
    """How many lessons of the course, as it is now, are done."""
    return sum(1 for lesson in course.lessons if (state := progress.get((course.slug, lesson.slug))) and state.done_at)


def note_sign(session: Session, *, person_id: int, course: Course, lesson: Lesson, now: datetime) -> int:
    """Take a sign of activity in a lesson; gives the credited seconds of that lesson."""
    row = _lock_progress(session, person_id=person_id, course=course, lesson=lesson, now=now)
    last = _find_last(session, person_id)
    row.credited_ms = credit_ms(
        last=last,
        course=course.slug,
        lesson=lesson.slug,
        at=now,
        credited_ms=row.credited_ms,
        declared_minutes=lesson.minutes,
    )
    row.seen_at = now
    _set_last(session, last, person_id=person_id, course=course, lesson=lesson, now=now)
    return row.credited_ms // 1000


def finish_lesson(session: Session, *, person_id: int, course: Course, lesson: Lesson, opened_at: datetime | None, today: date, now: datetime) -> Progress:
    """Take a lesson as gone through to its end and tell the rooms above what was credited since the last time.

    opened_at: when the page was sent, for a reader without JavaScript; none where signs of activity have been sent.
    """
    row = _lock_progress(session, person_id=person_id, course=course, lesson=lesson, now=now)
    last = _find_last(session, person_id)
    signs_came = opened_at is None or (last is not None and (last.course, last.lesson) == (course.slug, lesson.slug) and last.at >= opened_at)
    if opened_at is None or signs_came:
        row.credited_ms = credit_ms(last=last, course=course.slug, lesson=lesson.slug, at=now, credited_ms=row.credited_ms, declared_minutes=lesson.minutes)
    else:
        row.credited_ms = credit_unscripted_ms(last=last, opened_at=opened_at, at=now, credited_ms=row.credited_ms, declared_minutes=lesson.minutes)
    row.seen_at = now
    row.done_at = row.done_at or now
    row.read_at = now
    row.done_digest = lesson.digest
    _set_last(session, last, person_id=person_id, course=course, lesson=lesson, now=now)
    _report(session, row, course=course, lesson=lesson, today=today, now=now)
    session.flush()
    return Progress(row.credited_ms // 1000, row.seen_at, row.done_at, row.read_at)


def _report(session: Session, row: LessonProgress, *, course: Course, lesson: Lesson, today: date, now: datetime) -> None:
    fresh_s = (row.credited_ms - row.reported_ms) // 1000
    if fresh_s <= 0 and row.reports:
        return
    row.reports += 1
    row.reported_ms += fresh_s * 1000
    announce(
        session,
        LessonDone(
            person_id=row.person_id,
            course_slug=course.slug,
            lesson_slug=lesson.slug,
            part=lesson.part,
            credited_s=fresh_s,
            lesson_digest=lesson.digest,
            course_digest=course.digest,
            schemes=course.schemes,
            on=today,
            at=now,
            ref=f"{course.slug}/{lesson.slug}#{row.reports}",
        ),
    )


def _lock_progress(session: Session, *, person_id: int, course: Course, lesson: Lesson, now: datetime) -> LessonProgress:
    made = {"person_id": person_id, "course": course.slug, "lesson": lesson.slug, "credited_ms": 0, "reported_ms": 0, "reports": 0, "seen_at": now}
    session.execute(insert_into(session, LessonProgress).values(made).on_conflict_do_nothing())
    key = {"person_id": person_id, "course": course.slug, "lesson": lesson.slug}
    return session.execute(select(LessonProgress).filter_by(**key).with_for_update()).scalar_one()


def _find_last(session: Session, person_id: int) -> Sign | None:
    row = session.execute(select(StudyClock).filter_by(person_id=person_id).with_for_update()).scalar_one_or_none()
    return Sign(row.course, row.lesson, row.at) if row else None


def _set_last(session: Session, last: Sign | None, *, person_id: int, course: Course, lesson: Lesson, now: datetime) -> None:
    """Remember the sign. A request that was overtaken by a later one does not set the clock back: time is credited once."""
    said = {"course": course.slug, "lesson": lesson.slug, "at": max(now, last.at) if last else now}
    session.execute(insert_into(session, StudyClock).values(person_id=person_id, **said).on_conflict_do_update(index_elements=["person_id"], set_=said))
