"""Sheets of answers become sittings: checked as a start is, scored as a hand-in is, and told to the rooms above.

Nobody measures the time on paper: a sheet counts as handed in when the time of the test was over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, Response
from lms.assessment.offerings import Offering
from lms.assessment.on_paper.models import PaperBatch, PaperEntry, PaperVariant
from lms.assessment.rules.terms import Terms, deadline_of
from lms.assessment.service.close import add_first_result, new_receipt
from lms.assessment.service.scope import Scope
from lms.assessment.service.start import AttemptOpen, NoAttemptsLeft, check_open, next_n
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.people.models import Membership, Person, Unit
from lms.people.rules import normal_code
from lms.people.service.scope import in_paths, works_on
from lms.platform.audit import record

Way = Literal["hand", "sheet"]


@dataclass(frozen=True, slots=True)
class Sitter:
    """Whose sheet it is, and the main unit on the day."""

    person_id: int
    name: str
    staff_code: str
    unit_id: int | None


def find_sitters(session: Session, *, codes: Collection[str], scope: Scope, batch: PaperBatch, on: date) -> dict[str, Sitter]:
    """The people of the own part of the organisation by their staff codes in normal form, as they worked on that day (the site's date). One query."""
    paths = scope.paths_of(batch.offering)
    query = select(Person.id, Person.full_name, Person.staff_code, Membership.unit_id)
    query = query.outerjoin(Membership, (Membership.person_id == Person.id) & Membership.main & works_on(on)).outerjoin(Unit, Unit.id == Membership.unit_id)
    query = query.where(Person.staff_code.in_({normal_code(code) for code in codes}))
    if "/" not in paths:
        query = query.where(in_paths(Unit.path, paths))
    return {row.staff_code: Sitter(row.id, row.full_name, row.staff_code, row.unit_id) for row in session.execute(query) if row.staff_code}


def get_sitter(session: Session, *, code: str, scope: Scope, batch: PaperBatch, on: date) -> Sitter:
    """The person of a staff code. Raises NotFound where there is none in the own part of the organisation."""
    found = find_sitters(session, codes=[code], scope=scope, batch=batch, on=on).get(normal_code(code))
    if found is None:
        raise NotFound("There is nobody with the code %(code)s in your part of the organisation.", code=code[:40])
    return found


def check_sheet(session: Session, *, batch: PaperBatch, sitter: Sitter, offering: Offering, scope: Scope, held_at: datetime, now: datetime) -> int:
    """Whether a sheet of this person can be entered; gives the number that the sitting will have.

    Raises Invalid for a time that lies ahead, NotAllowed for the own sheet, outside of the opening and past the last try, Conflict where
    it has been entered or the person has an open try on the site.
    """
    if held_at > now:
        raise Invalid("The test cannot have been sat at a time that lies ahead.")
    if sitter.person_id == scope.person_id:
        raise NotAllowed("Your own sheet must be entered by somebody else.")
    check_open(offering, held_at)
    if session.scalar(select(PaperEntry.attempt_id).where(PaperEntry.batch_id == batch.id, PaperEntry.person_id == sitter.person_id)) is not None:
        raise Conflict("The sheet of %(name)s has been entered. Correct that entry if it is wrong.", name=sitter.name)
    try:
        return next_n(session, sitter.person_id, offering)
    except AttemptOpen as opened:
        raise Conflict("%(name)s has an open try at this test on the site. It must be handed in first.", name=sitter.name) from opened
    except NoAttemptsLeft as none:
        raise NotAllowed("%(name)s has no try left: at most %(max)s are allowed.", name=sitter.name, max=offering.attempts_max) from none


def enter_sheet(
    session: Session,
    *,
    batch: PaperBatch,
    variant: PaperVariant,
    sitter: Sitter,
    offering: Offering,
    answers: Mapping[str, str],
    scope: Scope,
    held_at: datetime,
    way: Way,
    twice: bool,
    now: datetime,
) -> Attempt:
    """Store a sheet as a sitting that was handed in, with its answers (canonical, by item) and its result. Raises as `check_sheet` does."""
    n = check_sheet(session, batch=batch, sitter=sitter, offering=offering, scope=scope, held_at=held_at, now=now)
    terms = Terms.from_json(batch.rules)
    deadline = deadline_of(held_at, terms.limit_s, offering.closes_at)
    attempt = Attempt(
        person_id=sitter.person_id,
        unit_id=sitter.unit_id,
        offering=batch.offering,
        period=offering.period,
        n=n,
        quiz=batch.quiz,
        quiz_digest=batch.quiz_digest,
        seed=variant.seed,
        lang=batch.lang,
        paper=variant.paper,
        rules=replace(terms, attempts_max=offering.attempts_max).to_json(),
        state="submitted",
        started_at=held_at,
        deadline_at=deadline,
        grace_s=0,
        closed_at=min(deadline, now),
        receipt=new_receipt(),
    )
    session.add(attempt)
    try:
        session.flush()
        values = {"batch_id": batch.id, "variant_id": variant.id, "person_id": sitter.person_id, "way": way, "twice": twice}
        session.add(PaperEntry(attempt_id=attempt.id, **values, entered_by=scope.person_id, entered_at=now))
        session.flush()
    except IntegrityError as faster:
        raise Conflict("The sheet of %(name)s has been entered by somebody else at the same moment.", name=sitter.name) from faster
    for item_id, answer in answers.items():
        if answer:
            session.add(Response(attempt_id=attempt.id, item_id=item_id, answer=answer, seq=1, save_id=str(uuid4()), saved_at=now))
    session.flush()
    add_first_result(session, attempt, now)
    detail = {"batch": batch.id, "variant": variant.code, "way": way}
    record(session, now=now, actor_id=scope.person_id, action="sheet_entered", subject_kind="attempt", subject_id=attempt.id, detail=detail)
    return attempt
