"""Final results are not changed at the desk."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.correction_models import Correction
from lms.assessment.models import Attempt
from lms.assessment.settling import ResultRooms
from lms.content.catalogue import Catalogue
from lms.errors import Conflict


def refuse_settled(session: Session, catalogue: Catalogue, rooms: ResultRooms, offerings: Collection[str]) -> None:
    """Raise Conflict if a room says that the results of one of these tests are final."""
    for offering in sorted(offerings):
        if why := rooms.refuses(session, catalogue, offering):
            raise Conflict(why.message, **why.params)


def tests_of(session: Session, row: Correction) -> list[str]:
    """The tests that a correction concerns: its own, or every one in which its revision has been sat."""
    if row.offering:
        return [row.offering]
    holds = Attempt.paper.contains(f'"{row.digest}"', autoescape=True)
    return sorted(session.scalars(select(Attempt.offering).where(holds).distinct()))
