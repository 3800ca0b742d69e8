"""Marks of essays as they are stored: the first ones, and those that correct them with a reason."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, aliased

from lms.assessment.correction_models import MarkingClaim, ResultCause
from lms.assessment.models import Attempt, EssayMark, Result
from lms.assessment.rules.answers.judging import FULL
from lms.assessment.rules.answers.texts import clean
from lms.assessment.rules.corrections import score_paper
from lms.assessment.service.dry_run import CLOSED, latest_results, terms_of
from lms.assessment.service.papers import Placed, list_placed
from lms.assessment.service.results import add_result
from lms.assessment.service.scope import Scope, within
from lms.assessment.service.scoring import Papers, load_steps, marks_of, percents_of, rows_of
from lms.assessment.service.wishes import REASON_MOST
from lms.content.catalogue import Words
from lms.errors import Invalid, NotFound
from lms.people.models import Unit
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import tell_one
from lms.platform.audit import record
from lms.platform.db import insert_into
from lms.platform.rules import phrase

PAGE = 50
REASON = "mark corrected"
CLAIM = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Given:
    """What a marker gives an essay: a whole percent for each criterion, and words for the learner."""

    percents: tuple[int, ...]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """An essay with the mark that counts."""

    placed: Placed
    answer: str
    mark: EssayMark


@dataclass(frozen=True, slots=True)
class MarkedPaper:
    """A paper whose essays have been marked, without a name; marked_at: the latest time."""

    attempt_id: int
    title: Words
    closed_at: datetime


def claim_paper(session: Session, *, attempt_id: int, person_id: int, now: datetime) -> None:
    """Say that somebody is marking a paper for the next half hour, so that others take another one; it forbids nobody anything."""
    row = {"attempt_id": attempt_id, "person_id": person_id, "until_at": now + CLAIM}
    insert = insert_into(session, MarkingClaim).values(row)
    session.execute(insert.on_conflict_do_update(index_elements=["attempt_id", "person_id"], set_={"until_at": insert.excluded.until_at}))


def store_marks(session: Session, attempt: Attempt, given: Mapping[str, Given], *, by: int, reason: str, now: datetime) -> Result:
    """A new version of the result with these marks beside those that are kept, scored with the corrections in force. The attempt is locked before."""
    latest = session.execute(latest_results().where(Attempt.id == attempt.id)).one()
    rows, terms = rows_of(latest.items), terms_of(latest.rules)
    percents = percents_of(marks_of(session, [attempt.id]).get(attempt.id, {})) | {item_id: mark.percents for item_id, mark in given.items()}
    steps = load_steps(session, [row[1] for row in rows], offerings=[attempt.offering])[attempt.offering]
    scored = score_paper(Papers(session).given(rows, percents), terms, steps)
    made = add_result(session, attempt, scored.items, version=latest.version + 1, reason=reason, now=now)
    for item_id, mark in given.items():
        values: dict[str, Any] = {"attempt_id": attempt.id, "version": made.version, "item_id": item_id, "percents": json.dumps(mark.percents)}
        session.add(EssayMark(**values, comment=clean(mark.comment, lines=True), marked_by=by, marked_at=now))
    session.execute(delete(MarkingClaim).where(MarkingClaim.attempt_id == attempt.id))
    session.flush()
    words = phrase("Your written or practical tasks are marked. Your result page shows what may be seen of it.")
    tell_one(session, attempt.person_id, Topic.TEST, f"marked:{attempt.id}:{made.version}", words, now=now, address=f"/sittings/{attempt.id}/result")
    return made


def list_marked(session: Session, *, scope: Scope, page: int = 1) -> tuple[list[MarkedPaper], bool]:
    """Papers with marks that may be corrected, the latest first, never the own ones; and whether there are more. One query."""
    query = _marked(scope).order_by(Attempt.closed_at.desc(), Attempt.id.desc()).offset((page - 1) * PAGE).limit(PAGE + 1)
    found = [MarkedPaper(row.id, terms_of(row.rules).title, row.closed_at) for row in session.execute(query)]
    return found[:PAGE], len(found) > PAGE


def get_marked(session: Session, *, attempt_id: int, scope: Scope) -> list[Marked]:
    """The marked essays of a paper. Raises NotFound where there is none that this person may see."""
    row = session.execute(_marked(scope).where(Attempt.id == attempt_id)).first()
    if row is None:
        raise NotFound("There is no such marked paper.")
    marks = marks_of(session, [attempt_id])[attempt_id]
    answers = {one[0]: one[3] for one in rows_of(row.items)}
    return [Marked(place, answers[place.item.id], marks[place.item.id]) for place in list_placed(session, row.paper) if place.item.id in marks]


def correct_marks(session: Session, *, attempt_id: int, scope: Scope, given: Mapping[str, Given], reason: str, now: datetime) -> tuple[Result, Attempt]:
    """Correct the marks of a paper: a new version of the result with the reason, which the learner reads.

    Raises NotFound as `get_marked` does, Invalid without a reason, where a mark is no whole percent, or where nothing is other than before.
    """
    said = " ".join(reason.split())
    attempt = session.execute(select(Attempt).where(Attempt.id == attempt_id).with_for_update()).scalar_one_or_none()
    marked = get_marked(session, attempt_id=attempt_id, scope=scope)
    if attempt is None or not said or len(said) > REASON_MOST:
        raise Invalid("Give a reason; the person reads it. At most %(most)s characters.", most=REASON_MOST)
    changed = {one.placed.item.id: _sound(one, given) for one in marked if _sound(one, given) != _now(one)}
    if not changed:
        raise Invalid("The marks are what they were. Nothing was saved.")
    made = store_marks(session, attempt, changed, by=scope.person_id, reason=REASON, now=now)
    session.add(ResultCause(attempt_id=attempt_id, version=made.version, kind="mark", correction_id=None, reason=said, made_by=scope.person_id))
    session.flush()
    detail = {"items": sorted(changed), "version": made.version}
    record(session, now=now, actor_id=scope.person_id, action="marks_corrected", subject_kind="attempt", subject_id=attempt_id, detail=detail)
    return made, attempt


def _sound(one: Marked, given: Mapping[str, Given]) -> Given:
    mark = given.get(one.placed.item.id)
    if mark is None or len(mark.percents) != len(one.placed.item.rubric) or not all(0 <= percent <= FULL for percent in mark.percents):
        raise Invalid("Give each criterion a whole percent from 0 to 100. Nothing was saved.")
    return Given(mark.percents, clean(mark.comment, lines=True))


def _now(one: Marked) -> Given:
    return Given(tuple(json.loads(one.mark.percents)), one.mark.comment)


def _marked(scope: Scope) -> Select[*tuple[Any, ...]]:
    mark = aliased(EssayMark)
    marked = select(mark.item_id).where(mark.attempt_id == Attempt.id).exists()
    query = latest_results().add_columns(Attempt.paper).outerjoin(Unit, Unit.id == Attempt.unit_id)
    return query.where(marked, Attempt.state.in_(CLOSED), Attempt.person_id != scope.person_id, within(scope))
