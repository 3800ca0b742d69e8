"""Who at present has the identifiers of many rows at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from lms.people.importing.rules.planning import IDENTIFIERS, Known, Work
from lms.people.models import Membership, Person, Unit
from lms.people.rules import covers

COLUMNS = {"staff_code": Person.staff_code, "national_id": Person.national_id_digest, "phone": Person.phone, "email": Person.email}


@dataclass
class Directory:
    """People by their identifiers: field -> value -> person."""

    by_key: dict[str, dict[str, Known]] = field(default_factory=lambda: {key: {} for key in IDENTIFIERS})
    by_id: dict[int, Known] = field(default_factory=dict)

    def find(self, identifiers: Mapping[str, str]) -> dict[str, Known]:
        """Who has which of these identifiers."""
        return {key: self.by_key[key][value] for key, value in identifiers.items() if value in self.by_key[key]}


def find_known(session: Session, identifiers: Iterable[Mapping[str, str]], *, paths: Sequence[str], on: date) -> Directory:
    """The people who have one of these identifiers; two queries."""
    wanted: dict[str, set[str]] = {key: set() for key in IDENTIFIERS}
    for one in identifiers:
        for key, value in one.items():
            wanted[key].add(value)
    asked = [COLUMNS[key].in_(values) for key, values in wanted.items() if values]
    return _directory(session, or_(*asked), paths, on) if asked else Directory()


def get_known(session: Session, person_ids: Collection[int], *, paths: Sequence[str], on: date) -> Directory:
    """People by their ids; two queries."""
    return _directory(session, Person.id.in_(person_ids), paths, on)


def _directory(session: Session, where: ColumnElement[bool], paths: Sequence[str], on: date) -> Directory:
    people = session.scalars(select(Person).where(where).execution_options(populate_existing=True)).all()
    works, inside = _works(session, [person.id for person in people], paths, on)
    found = Directory()
    for person in people:
        known = Known(
            person.id,
            person.full_name,
            person.staff_code,
            person.phone,
            person.email,
            person.birth_on,
            person.lang,
            person.national_id_digest,
            person.national_id_last,
            "/" in paths or person.id in inside,
            works.get(person.id),
        )
        found.by_id[person.id] = known
        values = {"staff_code": person.staff_code, "national_id": person.national_id_digest, "phone": person.phone, "email": person.email}
        for key, value in values.items():
            if value:
                found.by_key[key][value] = known
    return found


def _works(session: Session, person_ids: Sequence[int], paths: Sequence[str], on: date) -> tuple[dict[int, Work], set[int]]:
    """The latest main work of each that lasts on a day, and who works in the subtrees at all."""
    rows = session.execute(
        select(Membership, Unit.path)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id.in_(person_ids), or_(Membership.until_on.is_(None), Membership.until_on >= on))
        .order_by(Membership.from_on)
        .execution_options(populate_existing=True)
    ).all()
    works: dict[int, Work] = {}
    inside = set()
    for one, path in rows:
        if covers(paths, path):
            inside.add(one.person_id)
        if one.main:
            works[one.person_id] = Work(one.id, one.unit_id, one.position, one.from_on, one.until_on)
    return works, inside
