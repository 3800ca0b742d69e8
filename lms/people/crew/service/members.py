"""The people who may use a shared device: who works in the unit or below it and signs in with a PIN."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.people.models import Account, Membership, Person, Unit
from lms.people.rules import normal_code, normal_phone
from lms.people.service.listing import search_words
from lms.people.service.scope import in_paths, works_on


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the crew. sign_in_name: what the account is found by; code: what others may read of it (never a phone number)."""

    id: int
    full_name: str
    code: str | None
    sign_in_name: str


def _members(path: str, on: date) -> list[ColumnElement[bool]]:
    works: Any = select(Membership.person_id).join(Unit, Unit.id == Membership.unit_id).where(works_on(on), in_paths(Unit.path, (path,)))
    named = or_(Person.staff_code.is_not(None), Person.phone.is_not(None))
    learner = Account.secret_kind == "pin"  # noqa: S105  (a kind, no secret)
    return [Person.id.in_(works), named, Account.active.is_(True), learner]


def list_members(session: Session, *, path: str, on: date, search: str = "", most: int, page: int = 1) -> tuple[list[Member], int]:
    """The members in the order of their names, and how many there are; two queries. search: words of the name, staff code or phone number."""
    where = [*_members(path, on), *(Person.search_text.contains(word, autoescape=True) for word in search_words(search))]
    total = session.scalar(select(func.count()).select_from(Person).join(Account, Account.person_id == Person.id).where(*where)) or 0
    wanted = select(Person.id, Person.full_name, Person.staff_code, Person.phone).join(Account, Account.person_id == Person.id).where(*where)
    rows = session.execute(wanted.order_by(Person.sort_key, Person.id).limit(most).offset((page - 1) * most))
    return [_member(row) for row in rows], total


def get_member(session: Session, *, path: str, person_id: int, on: date) -> Member:
    """One of the crew. Raises NotFound for everybody else."""
    return _one(session, path, on, [Person.id == person_id])


def find_member(session: Session, *, path: str, name: str, on: date) -> Member | None:
    """Who of the crew has exactly this staff code, else this phone number."""
    code, phone = normal_code(name), normal_phone(name)
    for column, value in ((Person.staff_code, code), (Person.phone, phone)):
        if value:
            try:
                return _one(session, path, on, [column == value])
            except NotFound:
                continue
    return None


def _one(session: Session, path: str, on: date, more: Sequence[ColumnElement[bool]]) -> Member:
    wanted = select(Person.id, Person.full_name, Person.staff_code, Person.phone).join(Account, Account.person_id == Person.id)
    row = session.execute(wanted.where(*_members(path, on), *more)).first()
    if row is None:
        raise NotFound("Nobody of this crew has that name.")
    return _member(row)


def _member(row: Any) -> Member:
    return Member(row.id, row.full_name, row.staff_code, row.staff_code or row.phone)
