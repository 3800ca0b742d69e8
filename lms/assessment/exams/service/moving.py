"""What of an exam can be changed after its opening, with a reason that stays on record: its close, and its access code."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.exams.models import Exam, ExamEvent
from lms.assessment.exams.rules.codes import is_code, normal
from lms.assessment.exams.service.making import get_exam
from lms.assessment.models import Attempt
from lms.assessment.rules.terms import Terms
from lms.assessment.supervision.models import AttemptEvent
from lms.assessment.supervision.rules.events import Kind
from lms.assessment.supervision.rules.time import new_deadline
from lms.assessment.supervision.service.reasons import reason_of
from lms.errors import Conflict, Invalid, NotAllowed
from lms.platform.audit import record


def move_close(session: Session, *, exam_id: int, offering: str, closes_at: datetime, reason: str, paths: Sequence[str], actor_id: int, now: datetime) -> int:
    """Move the close of a room, and with it the deadline of everybody who sits: min(start + limit + extra, close). How many deadlines moved.

    Now is the earliest: then everything that is saved is handed in within a minute. Raises Conflict once it has closed where keys are shown
    after the close, Invalid for a close in the past.
    """
    exam = get_exam(session, exam_id=exam_id, paths=paths, lock=True)
    kept = reason_of(reason)
    if closes_at < now or closes_at <= exam.opens_at:
        raise Invalid("The new close lies in the past, or before the opening.")
    if now >= exam.closes_at and exam.review != "never":
        raise Conflict("It has closed, and the right answers may have been seen. Make another exam.")
    if session.scalar(select(Attempt.id).where(Attempt.offering == offering, Attempt.state == "open", Attempt.person_id == actor_id).limit(1)):
        raise NotAllowed("Nobody decides about the own sitting; ask another supervisor.")
    before, exam.closes_at = exam.closes_at, closes_at
    values = {"exam_id": exam.id, "kind": "close_moved", "at": now, "by_person_id": actor_id, "reason": kept}
    session.add(ExamEvent(**values, before=before.isoformat(), after=closes_at.isoformat()))
    detail = {"before": before, "after": closes_at, "reason": kept}
    record(session, now=now, actor_id=actor_id, action="exam_close_moved", subject_kind="exam", subject_id=exam.id, detail=detail)
    return _move_deadlines(session, offering, closes_at, kept, actor_id, now)


def _move_deadlines(session: Session, offering: str, closes_at: datetime, reason: str, actor_id: int, now: datetime) -> int:
    query = select(Attempt).where(Attempt.offering == offering, Attempt.state == "open").order_by(Attempt.id).with_for_update(key_share=True)
    moved = 0
    for attempt in session.scalars(query.execution_options(populate_existing=True)):
        deadline = new_deadline(attempt.started_at, Terms.from_json(attempt.rules).limit_s, attempt.extra_s, closes_at)
        if deadline == attempt.deadline_at:
            continue
        seconds = round((deadline - attempt.deadline_at).total_seconds())
        attempt.deadline_at = deadline
        values = {"attempt_id": attempt.id, "kind": Kind.CLOSE_MOVED, "at": now, "by_person_id": actor_id, "reason": reason}
        session.add(AttemptEvent(**values, seconds=seconds))
        moved += 1
    session.flush()
    return moved


def change_code(session: Session, *, exam_id: int, code: str, reason: str, paths: Sequence[str], actor_id: int, now: datetime) -> Exam:
    """Another access code, for those who have yet to start. Raises Invalid for what can be none."""
    exam = get_exam(session, exam_id=exam_id, paths=paths, lock=True)
    kept = reason_of(reason)
    if not is_code(normal(code)):
        raise Invalid("An access code has 4 to 12 letters and digits, without accents.")
    exam.code = normal(code)
    session.add(ExamEvent(exam_id=exam.id, kind="code_changed", at=now, by_person_id=actor_id, reason=kept))
    record(session, now=now, actor_id=actor_id, action="exam_code_changed", subject_kind="exam", subject_id=exam.id, detail={"reason": kept})
    session.flush()
    return exam


def list_events(session: Session, exam_id: int) -> list[ExamEvent]:
    """What was changed after the opening, the latest first."""
    return list(session.scalars(select(ExamEvent).where(ExamEvent.exam_id == exam_id).order_by(ExamEvent.id.desc())))
