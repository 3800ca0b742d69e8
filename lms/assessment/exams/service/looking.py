"""Looking at exams: one by its number, those of a subtree, those that a learner is to sit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.assessment.exams.models import Exam
from lms.assessment.exams.rules.times import Phase, phase_of
from lms.assessment.exams.service.candidates import list_due
from lms.assessment.models import Attempt
from lms.people.models import Unit
from lms.people.service.scope import in_paths

PREFIX = "exam:"
PAGE = 50


@dataclass(frozen=True, slots=True)
class ExamLine:
    """An exam in a list, with its unit and where it stands. people: who has an attempt that is not void; running: open attempts."""

    exam: Exam
    unit: str
    phase: Phase
    people: int
    running: int


@dataclass(frozen=True, slots=True)
class DueExam:
    """An exam that a learner is to sit. left: tries left; going_on: a sitting is open."""

    exam: Exam
    key: str
    phase: Phase
    left: int
    going_on: bool


def find_exam(session: Session, exam_id: int) -> Exam | None:
    """An exam that has not been taken back, whoever asks: for rooms that narrow their rows themselves."""
    return session.execute(select(Exam).where(Exam.id == exam_id, Exam.removed_at.is_(None))).scalar_one_or_none()


def is_watched(session: Session, offering: str) -> bool:
    """Whether leaving the page and pasting are noted at an offering."""
    number = offering.removeprefix(PREFIX) if offering.startswith(PREFIX) else ""
    return number.isdecimal() and bool(session.scalar(select(Exam.watch).where(Exam.id == int(number))))


def list_exams(session: Session, *, paths: Sequence[str], page: int, now: datetime) -> tuple[list[ExamLine], int]:
    """A page of the exams of the subtrees, the latest opening first, and how many there are: three queries."""
    where = (Exam.removed_at.is_(None), in_paths(Unit.path, paths))
    total = session.scalar(select(func.count()).select_from(Exam).join(Unit, Unit.id == Exam.unit_id).where(*where)) or 0
    query = select(Exam, Unit.name).join(Unit, Unit.id == Exam.unit_id).where(*where).order_by(Exam.opens_at.desc(), Exam.id.desc())
    rows = session.execute(query.limit(PAGE).offset((page - 1) * PAGE)).all()
    counts = select(Attempt.offering, func.count(Attempt.person_id.distinct()), func.count().filter(Attempt.state == "open")).where(Attempt.state != "void")
    keys = [f"{PREFIX}{exam.id}" for exam, _ in rows]
    sat = {key: (people, running) for key, people, running in session.execute(counts.where(Attempt.offering.in_(keys)).group_by(Attempt.offering))}
    return [ExamLine(exam, unit, phase_of(exam.opens_at, exam.closes_at, now), *sat.get(f"{PREFIX}{exam.id}", (0, 0))) for exam, unit in rows], total


def due_exams(session: Session, *, person_id: int, on: date, now: datetime) -> list[DueExam]:
    """The exams that a learner is to sit now or soon and has tries left for, or is sitting: at most two queries."""
    exams = list_due(session, person_id=person_id, on=on, now=now)
    if not exams:
        return []
    counts = select(Attempt.offering, func.count(), func.count().filter(Attempt.state == "open")).where(Attempt.person_id == person_id, Attempt.state != "void")
    keys = [f"{PREFIX}{exam.id}" for exam in exams]
    used = {key: (count, running) for key, count, running in session.execute(counts.where(Attempt.offering.in_(keys)).group_by(Attempt.offering))}
    found = []
    for exam, key in zip(exams, keys, strict=True):
        count, running = used.get(key, (0, 0))
        found.append(DueExam(exam, key, phase_of(exam.opens_at, exam.closes_at, now), max(0, exam.attempts - count), bool(running)))
    return [due for due in found if due.left or due.going_on]


def unit_of(session: Session, exam: Exam) -> str:
    """The name of the unit whose exam it is."""
    return session.scalar(select(Unit.name).where(Unit.id == exam.unit_id)) or ""
