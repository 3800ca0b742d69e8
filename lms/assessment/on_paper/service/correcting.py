"""An entry that was typed wrongly: a new version of the result with its reason; the former versions stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from lms.assessment.models import Attempt, Response, Result
from lms.assessment.on_paper.models import EntryCorrection, PaperEntry, PaperVariant
from lms.assessment.rules.answers.texts import clean
from lms.assessment.rules.corrections import Given
from lms.assessment.rules.scoring import ItemScore
from lms.assessment.rules.terms import Terms
from lms.assessment.service.keys import keyed
from lms.assessment.service.look import ItemResult, items_of
from lms.assessment.service.papers import list_placed
from lms.assessment.service.results import add_result
from lms.assessment.service.scope import Scope, within
from lms.assessment.service.scoring import marks_of, percents_of, score_closed
from lms.errors import Invalid, NotAllowed, NotFound
from lms.people.models import Person, Unit
from lms.platform.audit import record

PAGE = 50
REASON_MOST = 500
REASON = "entry from paper corrected"


@dataclass(frozen=True, slots=True)
class Entered:
    """A sheet that was entered: whose, which variant, by whom, with its latest result."""

    entry: PaperEntry
    attempt: Attempt
    result: Result
    code: int
    name: str
    staff_code: str
    entered_by: str


def list_entered(session: Session, *, batch_id: int, scope: Scope, page: int = 1) -> tuple[list[Entered], bool]:
    """The sheets of a batch of people in the scope, the latest first; and whether there are more. One query."""
    query = _entered(scope).where(PaperEntry.batch_id == batch_id).order_by(PaperEntry.attempt_id.desc())
    rows = session.execute(query.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return [Entered(*row) for row in rows[:PAGE]], len(rows) > PAGE


def get_entered(session: Session, *, attempt_id: int, scope: Scope) -> Entered:
    """One sheet. Raises NotFound where it is none, or not one of the scope."""
    row = session.execute(_entered(scope).where(PaperEntry.attempt_id == attempt_id)).first()
    if row is None:
        raise NotFound("There is no such sheet.")
    return Entered(*row)


def find_entry(session: Session, *, attempt_id: int) -> tuple[PaperEntry, int] | None:
    """How an attempt came from paper and the code of its variant, if it did."""
    row = session.execute(select(PaperEntry, PaperVariant.code).join(PaperVariant).where(PaperEntry.attempt_id == attempt_id)).first()
    return (row[0], row[1]) if row else None


def list_corrections(session: Session, *, attempt_id: int) -> list[tuple[EntryCorrection, str]]:
    """What was corrected of an entry and by whom, the latest first."""
    query = select(EntryCorrection, Person.full_name).join(Person, Person.id == EntryCorrection.corrected_by)
    rows = session.execute(query.where(EntryCorrection.attempt_id == attempt_id).order_by(EntryCorrection.version.desc()))
    return [(row[0], row[1]) for row in rows]


def _entered(scope: Scope):  # type: ignore[no-untyped-def]  # noqa: ANN202  (a Select of seven columns)
    later, clerk = aliased(Result), aliased(Person)
    latest = select(func.max(later.version)).where(later.attempt_id == Attempt.id).scalar_subquery()
    query = select(PaperEntry, Attempt, Result, PaperVariant.code, Person.full_name, Person.staff_code, clerk.full_name)
    query = query.join(Attempt, Attempt.id == PaperEntry.attempt_id).join(Result, and_(Result.attempt_id == Attempt.id, Result.version == latest))
    query = query.join(PaperVariant, PaperVariant.id == PaperEntry.variant_id).join(Person, Person.id == PaperEntry.person_id)
    return query.join(clerk, clerk.id == PaperEntry.entered_by).outerjoin(Unit, Unit.id == Attempt.unit_id).where(within(scope))


def correct_entry(session: Session, *, attempt_id: int, answers: Mapping[str, str], reason: str, scope: Scope, now: datetime) -> Result:
    """Put other answers in the place of those that were typed: a new version of the result, announced as scored.

    answers: canonical, of every item. All is scored by the paper's keys and the corrections in force; what a person marked stays marked
    where its answer does. Raises NotFound, NotAllowed for the own sheet, Invalid without a reason or where nothing is other than before.
    """
    session.execute(select(Attempt.id).where(Attempt.id == attempt_id).with_for_update())
    entered = get_entered(session, attempt_id=attempt_id, scope=scope)
    attempt, result = entered.attempt, entered.result
    if attempt.person_id == scope.person_id:
        raise NotAllowed("Your own sheet must be entered by somebody else.")
    why = clean(reason, lines=True)
    if not why or len(why) > REASON_MOST:
        raise Invalid("Say in at most %(most)s characters why the entry is corrected.", most=REASON_MOST)
    stood = items_of(result)
    changed = {item.item_id: answers.get(item.item_id, "") for item in stood if answers.get(item.item_id, "") != item.answer}
    if attempt.state == "void" or not changed:
        raise Invalid("Nothing is other than it was, so nothing was changed.")
    made = add_result(session, attempt, _scored(session, attempt, stood, changed), version=result.version + 1, reason=REASON, now=now)
    _respond(session, attempt.id, changed, now)
    session.add(EntryCorrection(attempt_id=attempt.id, version=made.version, reason=why, corrected_by=scope.person_id, corrected_at=now))
    session.flush()
    detail = {"version": made.version, "changed": len(changed)}
    record(session, now=now, actor_id=scope.person_id, action="sheet_corrected", subject_kind="attempt", subject_id=attempt.id, detail=detail)
    return made


def _scored(session: Session, attempt: Attempt, stood: Sequence[ItemResult], changed: Mapping[str, str]) -> Sequence[ItemScore]:
    """The paper with the changed answers, by its keys and the corrections in force; the marks of essays stay where their answers do."""
    marks = percents_of(marks_of(session, [attempt.id]).get(attempt.id, {}))
    placed = {one.item.id: keyed(one.item) for one in list_placed(session, attempt.paper)}
    kept = {item.item_id: marks.get(item.item_id) for item in stood if item.item_id not in changed and item.answer}
    paper = [Given(placed[item.item_id], changed.get(item.item_id, item.answer), kept.get(item.item_id)) for item in stood]
    return score_closed(session, offering=attempt.offering, terms=Terms.from_json(attempt.rules), given=paper).items


def _respond(session: Session, attempt_id: int, changed: Mapping[str, str], now: datetime) -> None:
    """The present answers; what stood before is in the former result."""
    stored = {row.item_id: row for row in session.scalars(select(Response).where(Response.attempt_id == attempt_id, Response.item_id.in_(changed)))}
    for item_id, answer in changed.items():
        row = stored.get(item_id)
        if row is None:
            session.add(Response(attempt_id=attempt_id, item_id=item_id, answer=answer, seq=1, save_id=str(uuid4()), saved_at=now))
        else:
            row.past_ids = f"{row.past_ids} {row.save_id}".strip()
            row.answer, row.seq, row.save_id, row.saved_at = answer, row.seq + 1, str(uuid4()), now
    session.flush()
