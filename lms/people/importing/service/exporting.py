"""The list of people as a sheet: as it was narrowed and sorted, in pages of the database, with headers that the import knows."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from lms.people.service.listing import Wanted, iter_people

KEYS = ("staff_code", "full_name", "birth_on", "phone", "email", "unit_code", "unit", "position", "from_on", "lang")
"""The columns, by the fields of the import: what it writes, it reads."""


def iter_sheet(session: Session, *, paths: Sequence[str], wanted: Wanted, on: date) -> Iterator[tuple[object, ...]]:
    """The rows of the sheet below its headers."""
    for person, work, unit in iter_people(session, paths=paths, wanted=wanted, on=on):
        yield (
            person.staff_code,
            person.full_name,
            person.birth_on.isoformat() if person.birth_on else None,
            person.phone,
            person.email,
            unit.code if unit else None,
            unit.name if unit else None,
            work.position if work else None,
            work.from_on.isoformat() if work else None,
            person.lang,
        )
