"""What supervisors do in tests."""

from typing import Any

from lms.assessment.models import Attempt
from lms.assessment.service.scope import Scope
from lms.assessment.supervision.service.taking import Act, count_acts
from lms.clock import MovableClock
from lms.people.models import Person
from lms.platform.db import Database

WHY = "Mất điện 10 phút"


def scope_of(person: Person, *paths: str) -> Scope:
    """Who runs tests in these subtrees; the whole site if none is given."""
    return Scope(person.id, {"": paths or ("/",)})


def act_on(db: Database, attempt: Attempt, by: Person, clock: MovableClock, **given: Any) -> Act:
    """An act with all that its page would send."""
    with db.reading() as session:
        seen = count_acts(session, attempt.id)
    values: dict[str, Any] = {"reason": WHY, "seen": seen, "scope": scope_of(by)} | given
    return Act(attempt.id, values["scope"], values["reason"], values["seen"], clock.now())


def again(db: Database, attempt: Attempt) -> Attempt:
    """The attempt as it is stored now."""
    with db.reading() as session:
        return session.get_one(Attempt, attempt.id)
