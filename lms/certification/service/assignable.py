"""People to whom a scheme is not yet assigned."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.certification.models import Assignment
from lms.certification.service.assign import needed_on
from lms.certification.service.records import works_on
from lms.people.access import in_paths
from lms.people.models import Membership, Person, Unit


def list_assignable(
    session: Session, *, paths: tuple[str, ...], scheme: str, on: date, page: int, size: int
) -> tuple[list[tuple[int, str, str, str, str]], int]:
    """People of the subtrees who do not need the scheme yet, as (id, name, staff code, position, unit), and how many they are."""
    have = select(Assignment.person_id).where(Assignment.scheme == scheme, *needed_on(on))
    wanted = (
        select(Person.id, Person.full_name, Person.staff_code, Membership.position, Unit.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(in_paths(Unit.path, paths), *works_on(on), Person.id.not_in(have))
    )
    total = session.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()
    rows = session.execute(wanted.order_by(Person.sort_key, Person.id).offset((page - 1) * size).limit(size))
    return [(row[0], row[1], row[2] or "", row[3], row[4]) for row in rows], total
