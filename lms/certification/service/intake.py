"""Evidence from the rooms below, stored in the transaction in which it happened."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from lms.assessment.events import AttemptScored, AttemptVoided
from lms.assessment.models import Attempt
from lms.certification.events import RecordsChanged
from lms.certification.models import Evidence, EvidenceMark
from lms.clock import local_date
from lms.content.catalogue import Catalogue, Course
from lms.learning.events import AttendanceRecorded, LessonDone
from lms.platform.db import insert_into
from lms.platform.events import announce

COURSE, EXAM = "course:", "exam:"


def on_lesson_done(session: Session, event: LessonDone) -> None:
    """Study time credited in a lesson counts for the schemes of its course."""
    for scheme in event.schemes:
        add_evidence(
            session,
            person_id=event.person_id,
            scheme=scheme,
            kind="lesson",
            seconds={event.part: event.credited_s},
            on=event.on,
            source_ref=event.ref,
            digest=event.lesson_digest,
            recorded_by=None,
            now=event.at,
        )


def on_attendance(session: Session, event: AttendanceRecorded) -> None:
    """Time in class counts for the schemes that the class day names."""
    for scheme in event.schemes:
        add_evidence(
            session,
            person_id=event.person_id,
            scheme=scheme,
            kind="class",
            seconds={part: 60 * minutes for part, minutes in event.minutes.items() if minutes},
            on=event.on,
            source_ref=f"class_day:{event.class_day_id}",
            digest="",
            recorded_by=event.recorded_by,
            now=event.at,
        )


@dataclass(frozen=True)
class AttemptIntake:
    """Listens to scored attempts with the catalogue of the moment and the site's time zone."""

    catalogue: Callable[[], Catalogue]
    zone: ZoneInfo

    def __call__(self, session: Session, event: AttemptScored) -> None:
        """Take the evidence of a scored attempt."""
        on_attempt_scored(session, event, catalogue=self.catalogue(), zone=self.zone)


def on_attempt_scored(session: Session, event: AttemptScored, *, catalogue: Catalogue, zone: ZoneInfo) -> None:
    """A passed test of a course, or an exam of its quiz, counts for the schemes of the course; it credits no minutes (a rule of the site).

    Practice counts for nothing. Where a correction turned the result, the proof is withdrawn, or counts again, from then on; it is never deleted.
    """
    ref, learnt_at = f"attempt:{event.attempt_id}", event.scored_at or event.submitted_at
    if event.version > 1:
        _mark_evidence(session, ref, counts=bool(event.passed), at=learnt_at, cause=f"result {event.version}")
    for course, scheme in _concerned(session, event, catalogue) if event.passed else ():
        add_evidence(
            session,
            person_id=event.person_id,
            scheme=scheme,
            kind="test",
            seconds={},
            on=local_date(event.submitted_at, zone),
            source_ref=ref,
            digest=course.digest,
            recorded_by=None,
            now=learnt_at,
        )


def _concerned(session: Session, event: AttemptScored, catalogue: Catalogue) -> list[tuple[Course, str]]:
    """The courses that an attempt belongs to, with each of their schemes, every scheme once."""
    courses: list[Course] = []
    if event.offering.startswith(COURSE):
        courses = [course for slug, course in catalogue.courses.items() if slug == event.offering.removeprefix(COURSE)]
    elif event.offering.startswith(EXAM):
        quiz = session.scalar(select(Attempt.quiz).where(Attempt.id == event.attempt_id))
        courses = [course for course in catalogue.courses.values() if course.quiz == quiz]
    asked = {course.slug: catalogue.quizzes.get(course.quiz or "") for course in courses}
    courses = [course for course in courses if not ((test := asked[course.slug]) and test.practice)]
    return list({scheme: (course, scheme) for course in reversed(courses) for scheme in course.schemes}.values())


def on_attempt_voided(session: Session, event: AttemptVoided) -> None:
    """A proof that rests on a void attempt counts no more; it is not taken away, and periods that were confirmed with it are a person's to revoke."""
    _mark_evidence(session, f"attempt:{event.attempt_id}", counts=False, at=event.at, cause="void")


def _mark_evidence(session: Session, ref: str, *, counts: bool, at: datetime, cause: str) -> None:
    """Withdraw the proofs that rest on an attempt, or restore them, where they stand otherwise. One query, one more where something changes."""
    known = select(Evidence.id, Evidence.scheme, Evidence.person_id, is_withdrawn(Evidence.id).label("withdrawn"))
    query = known.where(Evidence.kind == "test", Evidence.source_ref == ref)
    turned = [row for row in session.execute(query) if bool(row.withdrawn) == counts]
    session.add_all(EvidenceMark(evidence_id=row.id, kind="restored" if counts else "withdrawn", cause=cause, at=at) for row in turned)
    session.flush()
    for row in turned:
        announce(session, RecordsChanged(row.scheme, (row.person_id,)))


def is_withdrawn(evidence_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition that the last mark of a proof says that it counts no more."""
    last = aliased(EvidenceMark)
    newest = select(func.max(last.id)).where(last.evidence_id == evidence_id).scalar_subquery()
    return select(EvidenceMark.id).where(EvidenceMark.id == newest, EvidenceMark.kind == "withdrawn").exists()


def add_evidence(
    session: Session,
    *,
    person_id: int,
    scheme: str,
    kind: str,
    seconds: Mapping[str, int],
    on: date,
    source_ref: str,
    digest: str,
    recorded_by: int | None,
    now: datetime,
    detail: Mapping[str, object] | None = None,
) -> bool:
    """Store a proof once; gives whether it was new."""
    row = {
        "person_id": person_id,
        "scheme": scheme,
        "kind": kind,
        "seconds": json.dumps(dict(seconds), sort_keys=True),
        "on": on,
        "source_ref": source_ref,
        "digest": digest,
        "detail": json.dumps(detail or {}, ensure_ascii=False, sort_keys=True),
        "recorded_at": now,
        "recorded_by": recorded_by,
    }
    stored = session.execute(insert_into(session, Evidence).values(row).on_conflict_do_nothing().returning(Evidence.id))
    if stored.scalar_one_or_none() is None:
        return False
    announce(session, RecordsChanged(scheme, (person_id,)))
    return True
