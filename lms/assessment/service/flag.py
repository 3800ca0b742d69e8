"""Flags: what the person wants to look at again before handing in."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.assessment.rules.terms import is_late
from lms.assessment.service.papers import item_ids
from lms.errors import Conflict, Invalid, NotFound


def set_flag(session: Session, *, attempt_id: int, person_id: int, item_id: str, on: bool, now: datetime) -> None:
    """Flag an item of the own open attempt, or take the flag away; doing it twice changes nothing.

    Raises NotFound for another's attempt, Conflict once it has closed, Invalid for an item that the paper does not have.
    """
    query = select(Attempt).filter_by(id=attempt_id, person_id=person_id).with_for_update(key_share=True)
    attempt = session.execute(query).scalar_one_or_none()
    if attempt is None:
        raise NotFound("There is no such try.")
    if attempt.state != "open" or is_late(attempt.deadline_at, attempt.grace_s, now):
        raise Conflict("This try is over.")
    ids = item_ids(attempt.paper)
    if item_id not in ids:
        raise Invalid("This question is not in your paper. Nothing was changed.")
    kept = set(attempt.flags.split()) - {item_id} | ({item_id} if on else set())
    attempt.flags = " ".join(known for known in ids if known in kept)
