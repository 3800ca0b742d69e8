"""Exams are made and changed until they open; after that only the acts of a supervisor change them, with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.assessment.exams.models import Exam, ExamPerson
from lms.assessment.exams.rules.codes import is_code, normal
from lms.assessment.exams.rules.networks import NoNetwork, read_networks
from lms.assessment.exams.rules.times import Phase, phase_of
from lms.assessment.exams.service.calling import call
from lms.assessment.exams.service.candidates import find_people
from lms.assessment.models import Attempt
from lms.content.catalogue import Catalogue, Quiz
from lms.errors import Conflict, Invalid, NotFound
from lms.people.models import Unit
from lms.people.service.scope import in_paths
from lms.platform.audit import record

MOST_TRIES = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What an exam is to be. people: staff codes or phone numbers, one a line, '' for everyone of the unit's subtree."""

    title: str
    quiz: str
    unit_id: int
    people: str
    opens_at: datetime
    closes_at: datetime
    attempts: int = 1
    code: str = ""
    networks: str = ""
    one_device: bool = False
    watch: bool = False
    review: str = "after_close"


def get_exam(session: Session, *, exam_id: int, paths: Sequence[str], lock: bool = False) -> Exam:
    """An exam of a unit in the subtrees. Raises NotFound, also for one that was taken back."""
    query = select(Exam).join(Unit, Unit.id == Exam.unit_id).where(Exam.id == exam_id, Exam.removed_at.is_(None), in_paths(Unit.path, paths))
    exam = session.execute(query.with_for_update(of=Exam) if lock else query).scalar_one_or_none()
    if exam is None:
        raise NotFound("There is no such exam in your part of the organisation.")
    return exam


def make_exam(session: Session, *, catalogue: Catalogue, plan: Plan, paths: Sequence[str], actor_id: int, today: date, now: datetime) -> Exam:
    """A new exam. Raises NotFound for a unit or quiz that is not there for this person, Invalid for what cannot be sat."""
    quiz = _check(session, catalogue, plan, paths, now)
    exam = Exam(**_values(plan, quiz), created_by=actor_id, created_at=now)
    session.add(exam)
    session.flush()
    _list(session, exam, plan, paths, today=today, now=now)
    record(session, now=now, actor_id=actor_id, action="exam_made", subject_kind="exam", subject_id=exam.id, detail={"quiz": exam.quiz})
    return exam


def change_exam(session: Session, *, catalogue: Catalogue, exam_id: int, plan: Plan, paths: Sequence[str], actor_id: int, today: date, now: datetime) -> Exam:
    """Change an exam that has not opened. Raises as `make_exam` does, Conflict from the opening on."""
    exam = _get_coming(session, exam_id, paths, now)
    quiz = _check(session, catalogue, plan, paths, now)
    changed = [name for name, value in _values(plan, quiz).items() if getattr(exam, name) != value]
    for name, value in _values(plan, quiz).items():
        setattr(exam, name, value)
    session.execute(delete(ExamPerson).where(ExamPerson.exam_id == exam.id))
    _list(session, exam, plan, paths, today=today, now=now)
    record(session, now=now, actor_id=actor_id, action="exam_changed", subject_kind="exam", subject_id=exam.id, detail={"fields": changed})
    return exam


def remove_exam(session: Session, *, exam_id: int, offering: str, paths: Sequence[str], actor_id: int, now: datetime) -> None:
    """Take back an exam that nobody has sat; its number is never given again. Raises Conflict where somebody has: it can only be closed."""
    exam = get_exam(session, exam_id=exam_id, paths=paths, lock=True)
    if session.scalar(select(Attempt.id).where(Attempt.offering == offering).limit(1)) is not None:
        raise Conflict("Somebody has sat this exam, so it stays; it can only be closed.")
    exam.removed_at = now
    record(session, now=now, actor_id=actor_id, action="exam_removed", subject_kind="exam", subject_id=exam.id)


def _get_coming(session: Session, exam_id: int, paths: Sequence[str], now: datetime) -> Exam:
    exam = get_exam(session, exam_id=exam_id, paths=paths, lock=True)
    if phase_of(exam.opens_at, exam.closes_at, now) is not Phase.COMING:
        raise Conflict(
            "This exam has opened: times, tries, people and code are locked. Move its close, change its code or add people on its page, with a reason."
        )
    return exam


def _check(session: Session, catalogue: Catalogue, plan: Plan, paths: Sequence[str], now: datetime) -> Quiz:
    if session.scalar(select(Unit.id).where(Unit.id == plan.unit_id, in_paths(Unit.path, paths))) is None:
        raise NotFound("There is no such unit in your part of the organisation.")
    quiz = catalogue.quizzes.get(plan.quiz)
    if quiz is None:
        raise Invalid("There is no such quiz on the site.")
    if not plan.title.strip():
        raise Invalid("Give the exam a title.")
    if plan.closes_at <= plan.opens_at or plan.closes_at <= now:
        raise Invalid("It must close after it opens, and not in the past.")
    if not 1 <= plan.attempts <= MOST_TRIES:
        raise Invalid("Give from 1 to %(most)s tries.", most=MOST_TRIES)
    if plan.code and not is_code(normal(plan.code)):
        raise Invalid("An access code has 4 to 12 letters and digits, without accents.")
    try:
        read_networks(plan.networks)
    except NoNetwork as wrong:
        raise Invalid("%(text)s is no address and no range; write it like 203.0.113.7 or 10.20.0.0/16.", text=wrong.args[0]) from wrong
    return quiz


def _values(plan: Plan, quiz: Quiz) -> dict[str, object]:
    return {
        "title": plan.title.strip(),
        "quiz": plan.quiz,
        "quiz_digest": quiz.digest,
        "unit_id": plan.unit_id,
        "listed": bool(plan.people.strip()),
        "opens_at": plan.opens_at,
        "closes_at": plan.closes_at,
        "attempts": plan.attempts,
        "code": normal(plan.code),
        "networks": " ".join(str(network) for network in read_networks(plan.networks)),
        "one_device": plan.one_device,
        "watch": plan.watch,
        "review": plan.review,
    }


def _list(session: Session, exam: Exam, plan: Plan, paths: Sequence[str], *, today: date, now: datetime) -> None:
    if exam.listed:
        people = find_people(session, typed=plan.people, paths=paths, on=today)
        session.add_all(ExamPerson(exam_id=exam.id, person_id=one) for one in people)
        call(session, exam, people, now=now)
    session.flush()
