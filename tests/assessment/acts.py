"""What tests do with sittings: start, save, hand in."""

from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from lms.assessment.models import Attempt
from lms.assessment.offerings import Offering
from lms.assessment.service import start_attempt, submit_attempt
from lms.assessment.service.save import Save, Saved, save_answer
from lms.people.models import Person
from lms.platform.db import Database

_ids = count(1)


def new_id() -> str:
    """A save id of its own."""
    return str(UUID(int=next(_ids)))


def start(db: Database, person: Person, offering: Offering, now: datetime) -> Attempt:
    """An attempt just started."""
    with db.writing() as session:
        return start_attempt(session, person_id=person.id, offering=offering, lang="vi", now=now)


def save(db: Database, attempt: Attempt, item_id: str, letters: str, now: datetime, **given: Any) -> Saved:
    """A save of the owner, with the first sequence and an id of its own unless told otherwise."""
    values: dict[str, Any] = {"seen": 0, "save_id": new_id()} | {key: value for key, value in given.items() if key in ("seen", "save_id", "client_ms")}
    person_id, epoch = given.get("person_id", attempt.person_id), given.get("epoch", 1)
    return save_answer(db, attempt_id=attempt.id, person_id=person_id, epoch=epoch, save=Save(item_id, letters, **values), now=now)


def submit(db: Database, attempt: Attempt, now: datetime) -> Attempt:
    """The attempt handed in."""
    with db.writing() as session:
        return submit_attempt(session, attempt_id=attempt.id, person_id=attempt.person_id, now=now)
