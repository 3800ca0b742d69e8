"""Marking essays: who may sees papers without names, gives percents by criterion, and a new result replaces the open one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from lms.assessment.models import Attempt, EssayMark, Result
from lms.assessment.rules.answers.judging import FULL
from lms.assessment.rules.answers.texts import clean
from lms.assessment.rules.scoring import ItemScore, score_marked
from lms.assessment.rules.terms import Terms
from lms.assessment.service.keys import keyed
from lms.assessment.service.look import CLOSED, ItemResult, items_of
from lms.assessment.service.papers import Placed, list_placed
from lms.assessment.service.results import add_result
from lms.assessment.service.scope import Scope, within
from lms.content.catalogue import Words
from lms.errors import Invalid, NotFound
from lms.people.models import Unit

PAGE = 50
COMMENT_MOST = 2000
REASON = "essays marked"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An attempt with essays to mark; nothing here tells whose it is."""

    attempt_id: int
    title: Words
    closed_at: datetime
    essays: int


@dataclass(frozen=True, slots=True)
class Essay:
    """One essay to mark, in its place of the paper."""

    placed: Placed
    answer: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a marker gives an essay: a whole percent for each criterion, and words for the learner."""

    percents: tuple[int, ...]
    comment: str = ""


def list_waiting(session: Session, *, scope: Scope, page: int = 1) -> tuple[list[Waiting], bool]:
    """The attempts that this person may mark, the oldest first, never the own ones; and whether there are more pages. One query."""
    query = _waiting(scope).order_by(Attempt.closed_at, Attempt.id).offset((page - 1) * PAGE).limit(PAGE + 1)
    rows = session.execute(query).all()
    found = [Waiting(attempt.id, Terms.from_json(attempt.rules).title, attempt.closed_at or result.scored_at, result.unmarked) for attempt, result in rows]
    return found[:PAGE], len(found) > PAGE


def get_essays(session: Session, *, attempt_id: int, scope: Scope) -> tuple[Attempt, list[Essay]]:
    """The essays of an attempt that wait. Raises NotFound where there is none that this person may mark."""
    attempt, result = _get(session, attempt_id, scope)
    return attempt, [Essay(place, item.answer) for place, item in _items(session, attempt, result) if item.verdict == "unmarked"]


def mark_essays(session: Session, *, attempt_id: int, scope: Scope, given: Mapping[str, Given], now: datetime) -> Result:
    """Mark every essay that waits: a new version of the result, announced as scored.

    Raises NotFound as `get_essays` does, also where somebody else was faster and nothing waits any more; Invalid where a mark is missing or
    no whole percent.
    """
    attempt, result = _get(session, attempt_id, scope, lock=True)
    terms = Terms.from_json(attempt.rules)
    pairs = _items(session, attempt, result)
    scored = [_marked(place, item, given, terms) if item.verdict == "unmarked" else _kept(place, item) for place, item in pairs]
    made = add_result(session, attempt, scored, version=result.version + 1, reason=REASON, now=now)
    for item in (item for _, item in pairs if item.verdict == "unmarked"):
        mark = given[item.item_id]
        values = {"attempt_id": attempt.id, "version": made.version, "item_id": item.item_id, "percents": json.dumps(mark.percents)}
        session.add(EssayMark(**values, comment=clean(mark.comment, lines=True), marked_by=scope.person_id, marked_at=now))
    session.flush()
    return made


def _marked(place: Placed, item: ItemResult, given: Mapping[str, Given], terms: Terms) -> ItemScore:
    essay = keyed(place.item)
    mark = given.get(item.item_id)
    if mark is None or len(mark.percents) != len(essay.rubric) or not all(0 <= percent <= FULL for percent in mark.percents):
        raise Invalid("Give each criterion a whole percent from 0 to 100. Nothing was saved.")
    if len(mark.comment) > COMMENT_MOST:
        raise Invalid("This text is too long: at most %(most)s characters. Nothing was changed.", most=COMMENT_MOST)
    return score_marked(essay, item.answer, mark.percents, terms.marks)


def _kept(place: Placed, item: ItemResult) -> ItemScore:
    return ItemScore(keyed(place.item), item.answer, item.verdict, item.points, item.max_points)


def _items(session: Session, attempt: Attempt, result: Result) -> list[tuple[Placed, ItemResult]]:
    return list(zip(list_placed(session, attempt.paper), items_of(result), strict=True))


def _get(session: Session, attempt_id: int, scope: Scope, *, lock: bool = False) -> tuple[Attempt, Result]:
    if lock:
        session.execute(select(Attempt.id).where(Attempt.id == attempt_id).with_for_update())
    row = session.execute(_waiting(scope).where(Attempt.id == attempt_id)).first()
    if row is None:
        raise NotFound("There is no such paper to mark, or it has been marked.")
    return row[0], row[1]


def _waiting(scope: Scope) -> Select[Attempt, Result]:
    later = aliased(Result)
    newer = select(later.attempt_id).where(later.attempt_id == Result.attempt_id, later.version > Result.version).exists()
    query = select(Attempt, Result).join(Result, Result.attempt_id == Attempt.id).outerjoin(Unit, Unit.id == Attempt.unit_id)
    return query.where(Result.unmarked > 0, ~newer, Attempt.state.in_(CLOSED), Attempt.person_id != scope.person_id, within(scope))
