"""Names of people by their ids, for pages that list attempts."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.people.models import Person


def name_people(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Full name and staff code. One query, none for nobody."""
    if not ids:
        return {}
    rows = session.execute(select(Person.id, Person.full_name, Person.staff_code).where(Person.id.in_(set(ids))))
    return {row.id: f"{row.full_name} ({row.staff_code})" if row.staff_code else row.full_name for row in rows}
