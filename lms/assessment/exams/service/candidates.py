"""Who is expected at an exam: the persons of a list, or everyone of a unit's subtree today and whoever was added."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from lms.assessment.exams.models import Exam, ExamPerson
from lms.assessment.exams.rules.times import SOON
from lms.errors import Invalid
from lms.people.models import Account, Membership, Person, Unit
from lms.people.rules import normal_code, normal_phone
from lms.people.service.scope import is_visible, works_on

MOST_LISTED = 2000


def is_expected(person_id: ColumnElement[int] | int, on: date) -> ColumnElement[bool]:
    """The condition on an exam that a person is to sit it."""
    own, below = aliased(Unit), aliased(Unit)
    works: ColumnElement[bool] = exists(
        select(Membership.id)
        .join(own, own.id == Membership.unit_id)
        .join(below, below.id == Exam.unit_id)
        .where(Membership.person_id == person_id, works_on(on), own.path.startswith(below.path))
        .correlate(Exam)
    )
    listed = exists(select(ExamPerson.exam_id).where(ExamPerson.exam_id == Exam.id, ExamPerson.person_id == person_id).correlate(Exam))
    return or_(listed, and_(~Exam.listed, works))


def list_due(session: Session, *, person_id: int, on: date, now: datetime) -> list[Exam]:
    """The exams that a person is to sit now or within a fortnight, the one that closes first in front."""
    due = (Exam.removed_at.is_(None), Exam.closes_at > now, Exam.opens_at <= now + SOON)
    return list(session.scalars(select(Exam).where(*due, is_expected(person_id, on)).order_by(Exam.closes_at, Exam.id)))


def list_listed(session: Session, exam_id: int) -> list[Person]:
    """The persons of an exam's list, in the order of their names."""
    query = select(Person).join(ExamPerson, ExamPerson.person_id == Person.id).where(ExamPerson.exam_id == exam_id)
    return list(session.scalars(query.order_by(Person.sort_key, Person.id)))


def find_people(session: Session, *, typed: str, paths: Sequence[str], on: date) -> list[int]:
    """The persons of staff codes or phone numbers, one a line. Raises Invalid naming those that nobody in the subtrees has."""
    wanted = list(dict.fromkeys(line.strip() for line in typed.replace(";", "\n").replace(",", "\n").splitlines() if line.strip()))
    if not wanted:
        raise Invalid("Write the staff code or phone number of everyone who is to sit this exam, one a line.")
    if len(wanted) > MOST_LISTED:
        raise Invalid("At most %(most)s people can be listed; choose a unit instead.", most=MOST_LISTED)
    keys = {line: _key(line) for line in wanted}
    found = dict(_find(session, set(keys.values()), paths, on))
    missing = [line for line, key in keys.items() if key not in found]
    if missing:
        raise Invalid("Nobody in your part of the organisation has these: %(names)s. Nothing was saved.", names=missing[:10])
    return sorted({found[key] for key in keys.values()})


def _key(line: str) -> tuple[str, str]:
    phone = normal_phone(line)
    return ("phone", phone) if phone else ("code", normal_code(line) or line)


def _find(session: Session, keys: set[tuple[str, str]], paths: Sequence[str], on: date) -> Iterable[tuple[tuple[str, str], int]]:
    phones, codes = ([value for kind, value in keys if kind == wanted] for wanted in ("phone", "code"))
    query = select(Person.id, Person.staff_code, Person.phone).join(Account, Account.person_id == Person.id).where(Account.active, is_visible(paths, on))
    for row in session.execute(query.where(or_(Person.staff_code.in_(codes), Person.phone.in_(phones)))):
        yield ("code", row.staff_code or ""), row.id
        yield ("phone", row.phone or ""), row.id
