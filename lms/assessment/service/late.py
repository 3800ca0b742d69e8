"""Answers that came too late: shown with what is known of each, and used or left by a person's decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from lms.assessment.correction_models import LateDecision, ResultCause
from lms.assessment.models import Attempt, LateSave, Response
from lms.assessment.rules.corrections import is_lower, score_paper, sum_up
from lms.assessment.service.dry_run import CLOSED, latest_results, terms_of
from lms.assessment.service.papers import item_ids, list_placed
from lms.assessment.service.results import add_result
from lms.assessment.service.scope import Scope, within
from lms.assessment.service.scoring import Papers, Row, load_steps, marks_of, percents_of, rows_of
from lms.assessment.service.wishes import REASON_MOST
from lms.content.catalogue import Item
from lms.errors import Conflict, Invalid, NotFound
from lms.people.models import Person, Unit
from lms.platform.audit import record
from lms.platform.rules import Phrase, phrase

PAGE = 50
REASON = "late answer"


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """One late answer. n: the place in the paper; in_time: the answer that was saved in time; overtaken: saved after the sender last looked.

    client_at: what the sender's clock said, which proves nothing. decision: None while it waits.
    """

    id: int
    attempt_id: int
    name: str
    staff_code: str
    unit: str
    n: int
    item: Item
    answer: str
    in_time: str
    overtaken: bool
    client_at: datetime | None
    received_at: datetime
    closed_at: datetime
    deadline_at: datetime
    decision: str | None
    reason: str
    decided_by: str
    decided_at: datetime | None
    version: int | None

    @property
    def why(self) -> Phrase:
        """Why it is late, as far as the times tell."""
        after, by_device = self.received_at - self.deadline_at, self.client_at
        if self.received_at <= self.deadline_at:
            return phrase("The paper had been handed in, before its time was over.")
        if by_device is not None and by_device <= self.deadline_at:
            return phrase("It was answered in time by the clock of the device, and arrived %(s)s s after the end.", s=_seconds(after))
        if by_device is not None:
            return phrase("It was answered %(s)s s after the end by the clock of the device.", s=_seconds(by_device - self.deadline_at))
        return phrase("It arrived %(s)s s after the end; when it was answered is not known.", s=_seconds(after))


def _seconds(length: timedelta) -> int:
    return -(-length // timedelta(seconds=1))


def list_late(session: Session, *, offering: str, scope: Scope, page: int = 1) -> tuple[list[LateAnswer], bool]:
    """The late answers of a test in the scope, those that wait in front, then the latest; and whether there are more.

    One query, one more for items not read yet.
    """
    query = _late(scope).where(Attempt.offering == offering)
    order = (LateDecision.late_save_id.is_not(None), LateSave.received_at.desc(), LateSave.id.desc())
    rows = session.execute(query.order_by(*order).offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return [_answer(session, row) for row in rows[:PAGE]], len(rows) > PAGE


def _late(scope: Scope) -> Select[*tuple[Any, ...]]:
    decider = aliased(Person)
    query = select(LateSave, Attempt, Person, Unit, Response, LateDecision, decider.full_name.label("decider"))
    query = query.join(Attempt, Attempt.id == LateSave.attempt_id).join(Person, Person.id == Attempt.person_id).outerjoin(Unit, Unit.id == Attempt.unit_id)
    query = query.outerjoin(Response, and_(Response.attempt_id == LateSave.attempt_id, Response.item_id == LateSave.item_id))
    query = query.outerjoin(LateDecision, LateDecision.late_save_id == LateSave.id).outerjoin(decider, decider.id == LateDecision.decided_by)
    return query.where(Attempt.state.in_(CLOSED), within(scope))


def _answer(session: Session, row: Any) -> LateAnswer:
    late, attempt, person, unit, response, decided, decider = row
    placed = next(one for one in list_placed(session, attempt.paper) if one.item.id == late.item_id)
    return LateAnswer(
        id=late.id,
        attempt_id=attempt.id,
        name=person.full_name,
        staff_code=person.staff_code or "",
        unit=unit.name if unit else "",
        n=placed.n,
        item=placed.item,
        answer=late.answer,
        in_time=response.answer if response else "",
        overtaken=_is_overtaken(late, response),
        client_at=late.client_at,
        received_at=late.received_at,
        closed_at=attempt.closed_at,
        deadline_at=attempt.deadline_at,
        decision=decided.decision if decided else None,
        reason=decided.reason if decided else "",
        decided_by=decider or "",
        decided_at=decided.decided_at if decided else None,
        version=decided.version if decided else None,
    )


def _is_overtaken(late: LateSave, response: Response | None) -> bool:
    """Whether an answer was saved in time after the one that the late one was to replace."""
    return response is not None and response.seq > late.seen and response.answer != late.answer


def decide_late(session: Session, *, late_id: int, scope: Scope, accept: bool, replace_later: bool, reason: str, now: datetime) -> tuple[LateDecision, Attempt]:
    """Use a late answer, or leave it: once and for good. Used, it makes a new version of the result, unless the result would be lower.

    Raises NotFound out of the scope and for the own paper, Conflict where it is decided already or the essay has been marked, Invalid without a
    reason or where it would replace a later answer that was in time and that has not been asked for.
    """
    attempt_id = session.scalar(select(LateSave.attempt_id).where(LateSave.id == late_id))
    session.execute(select(Attempt.id).where(Attempt.id == attempt_id).with_for_update(key_share=True))
    row = session.execute(_late(scope).where(LateSave.id == late_id, Attempt.person_id != scope.person_id)).first()
    if row is None:
        raise NotFound("There is no such late answer in your part of the organisation.")
    late, attempt, response, decided, said = row[0], row[1], row[4], row[5], " ".join(reason.split())
    if decided is not None:
        raise Conflict("This late answer has been decided already.")
    if len(said) > REASON_MOST or (accept and not said):
        raise Invalid("Give a reason; the person reads it. At most %(most)s characters.", most=REASON_MOST)
    if accept and _is_overtaken(late, response) and not replace_later:
        raise Invalid("A later answer was saved in time. Say that this one is to replace it, or leave it.")
    version = _use(session, late, attempt, now) if accept else None
    word = "accepted" if accept else "left"
    made = LateDecision(late_save_id=late.id, decision=word, reason=said, decided_by=scope.person_id, decided_at=now, version=version)
    session.add(made)
    if version is not None:
        session.add(ResultCause(attempt_id=attempt.id, version=version, kind="late", correction_id=None, reason=said, made_by=scope.person_id))
    try:
        session.flush()
    except IntegrityError as taken:
        raise Conflict("This late answer has been decided already.") from taken
    detail = {"attempt": attempt.id, "item": late.item_id, "decision": word, "version": version}
    record(session, now=now, actor_id=scope.person_id, action="late_answer_decided", subject_kind="late_save", subject_id=late.id, detail=detail)
    return made, attempt


def _use(session: Session, late: LateSave, attempt: Attempt, now: datetime) -> int | None:
    """Score the paper with the late answer in its place; the version that it makes, or None where the result would be lower."""
    latest = session.execute(latest_results().where(Attempt.id == attempt.id)).one()
    rows, terms, papers = rows_of(latest.items), terms_of(latest.rules), Papers(session)
    marked = marks_of(session, [attempt.id]).get(attempt.id, {})
    if late.item_id in marked:
        raise Conflict("A person has marked the answer that was there. Correct that mark instead.")
    steps = load_steps(session, [row[1] for row in rows], offerings=[attempt.offering])[attempt.offering]
    scored = score_paper(papers.given(_with(rows, late), percents_of(marked)), terms, steps)
    if is_lower(sum_up(papers.stored(rows), terms), scored.score):
        return None
    version: int = latest.version + 1
    add_result(session, attempt, scored.items, version=version, reason=REASON, now=now)
    return version


def _with(rows: Sequence[Row], late: LateSave) -> list[Row]:
    return [(row[0], row[1], row[2], late.answer, *row[4:]) if row[0] == late.item_id else row for row in rows]


@dataclass(frozen=True, slots=True)
class LateOutcome:
    """What became of a late answer to the question at place n. decision: None while it waits; used: whether it counts in the result.

    client_at: when it was given, by the sender's clock, if that said so; that proves nothing.
    """

    n: int
    decision: str | None
    used: bool
    reason: str
    received_at: datetime
    client_at: datetime | None


def late_outcomes(session: Session, *, attempt_id: int) -> list[LateOutcome]:
    """The late answers of an attempt as its person is told, in the order of the paper. One query."""
    query = select(LateSave.item_id, LateSave.received_at, LateSave.client_at, LateDecision.decision, LateDecision.reason, LateDecision.version, Attempt.paper)
    query = query.join(Attempt, Attempt.id == LateSave.attempt_id).outerjoin(LateDecision, LateDecision.late_save_id == LateSave.id)
    rows = session.execute(query.where(LateSave.attempt_id == attempt_id).order_by(LateSave.id)).all()
    places = {item_id: n for n, item_id in enumerate(item_ids(rows[0].paper), 1)} if rows else {}
    found = [LateOutcome(places[row.item_id], row.decision, row.version is not None, row.reason or "", row.received_at, row.client_at) for row in rows]
    return sorted(found, key=lambda one: one.n)
