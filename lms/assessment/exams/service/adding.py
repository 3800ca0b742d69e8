"""People who come to an exam after its opening: forgotten on the list, sent by another unit."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.exams.models import ExamAddition, ExamPerson
from lms.assessment.exams.rules.times import Phase, phase_of
from lms.assessment.exams.service.calling import call
from lms.assessment.exams.service.candidates import find_people
from lms.assessment.exams.service.making import get_exam
from lms.assessment.supervision.service.reasons import reason_of
from lms.errors import Conflict
from lms.platform.audit import record
from lms.platform.db import insert_into


def add_people(session: Session, *, exam_id: int, typed: str, reason: str, paths: Sequence[str], actor_id: int, today: date, now: datetime) -> int:
    """Let people of the subtrees sit an open exam as well, by staff code or phone, one a line; gives how many are new. Nobody is ever taken off.

    Who sits already goes on undisturbed, and an exam of a whole unit stays one. Raises Conflict before the opening and after the close, and
    where everybody is on the list already, Invalid for people who are not there (then nobody is added).
    """
    exam = get_exam(session, exam_id=exam_id, paths=paths, lock=True)
    phase = phase_of(exam.opens_at, exam.closes_at, now)
    if phase is not Phase.OPEN:
        raise Conflict("People are added while an exam is open. Before that, change the exam; after that, make another one.")
    kept = reason_of(reason)
    wanted = find_people(session, typed=typed, paths=paths, on=today)
    listed = set(session.scalars(select(ExamPerson.person_id).where(ExamPerson.exam_id == exam.id)))
    fresh = [one for one in wanted if one not in listed]
    if not fresh:
        raise Conflict("All of them are on the list already.")
    session.execute(insert_into(session, ExamPerson).values([{"exam_id": exam.id, "person_id": one} for one in fresh]))
    session.add(ExamAddition(exam_id=exam.id, n=len(fresh), at=now, by_person_id=actor_id, reason=kept))
    detail = {"person_ids": fresh, "reason": kept}
    record(session, now=now, actor_id=actor_id, action="exam_people_added", subject_kind="exam", subject_id=exam.id, detail=detail)
    session.flush()
    call(session, exam, fresh, now=now)
    return len(fresh)


def list_additions(session: Session, exam_id: int) -> list[ExamAddition]:
    """Who was added after the opening, the latest first."""
    return list(session.scalars(select(ExamAddition).where(ExamAddition.exam_id == exam_id).order_by(ExamAddition.id.desc())))
