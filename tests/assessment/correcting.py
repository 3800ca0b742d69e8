"""What tests do at the desk of corrections: wish, look, correct, and let the job run."""

from itertools import count
from typing import Any

from lms.assessment.correction_models import Correction, CorrectionRun
from lms.assessment.models import Attempt, Result
from lms.assessment.offerings import Offering
from lms.assessment.service import get_attempt
from lms.assessment.service.correcting import make_correction
from lms.assessment.service.corrector import Corrector
from lms.assessment.service.dry_run import DryRun, dry_run
from lms.assessment.service.wishes import Wish, to_row
from lms.clock import MovableClock
from lms.people.models import Person
from lms.platform.db import Database
from tests.assessment.acts import save, start, submit
from tests.assessment.conftest import ITEMS, KEY

_asks = count(1)


def wish(item_id: str = "item0001", kind: str = "full", **given: Any) -> Wish:
    """A wish for an item of the hand-made quiz; everything may be given."""
    usual: dict[str, Any] = {"offering": KEY, "digest": ITEMS[item_id].digest, "kind": kind, "never_lower": False}
    return Wish(**usual | given)


def look(db: Database, asked: Wish, **given: Any) -> DryRun:
    """The dry run of a wish."""
    with db.reading() as session:
        return dry_run(session, to_row(session, asked), **given)


def correct(
    db: Database, asked: Wish, person: Person, clock: MovableClock, *, run: bool = True, ask_id: str | None = None, reason: str = "Đề sai"
) -> Correction:
    """The correction made, and by default brought to every paper."""
    tally = look(db, asked).tally
    with db.writing() as session:
        row = to_row(session, asked)
        made = make_correction(session, row, reason=reason, ask_id=ask_id or str(next(_asks)), tally=tally, actor_id=person.id, now=clock.now())
    if run:
        Corrector(db, clock).run()
    return made


def run_of(db: Database, made: Correction) -> CorrectionRun:
    """How far a correction is."""
    with db.reading() as session:
        return session.get_one(CorrectionRun, made.id)


def sit(db: Database, person: Person, offering: Offering, clock: MovableClock, answers: dict[str, str], *, hand_in: bool = True) -> Attempt:
    """A sitting with these answers."""
    attempt = start(db, person, offering, clock.now())
    for item_id, answer in answers.items():
        save(db, attempt, item_id, answer, clock.now())
    return submit(db, attempt, clock.now()) if hand_in else attempt


def latest(db: Database, attempt: Attempt) -> Result:
    """The result that counts."""
    with db.reading() as session:
        result = get_attempt(session, attempt_id=attempt.id, person_id=attempt.person_id).result
    assert result is not None
    return result
