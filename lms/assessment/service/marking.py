"""Marking essays: who may sees papers without names, gives percents by criterion, and a new result replaces the open one.

Where a test wants two markers, both mark without seeing each other; where their marks lie apart, a third person decides.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from lms.assessment.correction_models import EssayReading, MarkingClaim
from lms.assessment.models import Attempt, Result
from lms.assessment.rules.answers.judging import FULL
from lms.assessment.rules.answers.texts import clean
from lms.assessment.rules.marking import agree, mean
from lms.assessment.rules.terms import Terms
from lms.assessment.service.look import CLOSED, ItemResult, items_of
from lms.assessment.service.papers import Placed, list_placed
from lms.assessment.service.remarking import Given, store_marks
from lms.assessment.service.scope import Scope, within
from lms.content.catalogue import Words
from lms.errors import Invalid, NotFound
from lms.people.models import Person, Unit

__all__ = ["COMMENT_MOST", "Essay", "Given", "Waiting", "get_essays", "list_read", "list_readings", "list_waiting", "mark_essays", "performer_of"]
PAGE = 50
COMMENT_MOST = 2000
REASON = "essays marked"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An attempt with essays to mark; nothing here tells whose it is.

    markers: how many people are to mark it; read: how many have (beyond `markers` a third decides). claimed_by: another who is at it, until when.
    """

    attempt_id: int
    title: Words
    closed_at: datetime
    essays: int
    markers: int = 1
    read: int = 0
    claimed_by: str = ""
    claimed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Essay:
    """One essay to mark, in its place of the paper."""

    placed: Placed
    answer: str


def list_waiting(session: Session, *, scope: Scope, page: int = 1, now: datetime | None = None) -> tuple[list[Waiting], bool]:
    """The attempts that this person may mark, the oldest first, never the own ones nor those that the person has marked; and whether there are more.

    now: for the claims of others; without it none is told. One query.
    """
    query = _waiting(scope).add_columns(_readers())
    if now is not None:
        claims = (MarkingClaim.attempt_id == Attempt.id, MarkingClaim.person_id != scope.person_id, MarkingClaim.until_at > now)
        named = select(Person.full_name).join(MarkingClaim, MarkingClaim.person_id == Person.id).where(*claims)
        until = select(MarkingClaim.until_at).where(*claims)
        last = MarkingClaim.until_at.desc()
        query = query.add_columns(*(one.order_by(last).limit(1).correlate(Attempt).scalar_subquery() for one in (named, until)))
    rows = session.execute(query.order_by(Attempt.closed_at, Attempt.id).offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return [_listed(*row) for row in rows[:PAGE]], len(rows) > PAGE


def _listed(attempt: Attempt, result: Result, readers: int, name: str | None = None, until: datetime | None = None) -> Waiting:
    terms = Terms.from_json(attempt.rules)
    return Waiting(attempt.id, terms.title, attempt.closed_at or result.scored_at, result.unmarked, terms.markers, readers, name or "", until)


def list_read(session: Session, *, scope: Scope) -> list[Waiting]:
    """The attempts that this person has marked and that wait for another marker: until then the own marks may be given anew. One query."""
    query = _waiting(scope, again=True).add_columns(_readers()).order_by(Attempt.closed_at, Attempt.id).limit(PAGE)
    return [_listed(*row) for row in session.execute(query)]


def _readers() -> Any:
    """How many people have marked an attempt."""
    return select(func.count(EssayReading.read_by.distinct())).where(EssayReading.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery()


def get_essays(session: Session, *, attempt_id: int, scope: Scope, again: bool = False) -> tuple[Attempt, list[Essay]]:
    """The essays of an attempt that wait; again: those that this person has marked, while another marker is missing.

    Raises NotFound where there is none that this person may mark.
    """
    attempt, result = _get(session, attempt_id, scope, again=again)
    return attempt, [Essay(place, item.answer) for place, item in _items(session, attempt, result) if item.verdict == "unmarked"]


def performer_of(session: Session, attempt_id: int, placed: Iterable[Placed]) -> str:
    """Who has to perform before the marker, with their staff code; '' where everything is written, for then nobody is named."""
    if not any(place.item.practical for place in placed):
        return ""
    mine = select(Person.full_name, Person.staff_code).join(Attempt, Attempt.person_id == Person.id).where(Attempt.id == attempt_id)
    name, code = session.execute(mine).one()
    return f"{name} ({code})" if code else str(name)


def list_readings(session: Session, attempt_id: int) -> dict[int, dict[str, EssayReading]]:
    """What each person gave, by person and item, the first reader in front; of one person the latest counts. One query."""
    found: dict[int, dict[str, EssayReading]] = {}
    for row in session.scalars(select(EssayReading).filter_by(attempt_id=attempt_id).order_by(EssayReading.id)):
        found.setdefault(row.read_by, {})[row.item_id] = row
    return found


def mark_essays(session: Session, *, attempt_id: int, scope: Scope, given: Mapping[str, Given], now: datetime, again: bool = False) -> Result | None:
    """Mark every essay that waits, or give the own marks anew.

    What comes of it: a new version of the result, announced as scored; None where another person has yet to mark.
    Raises NotFound as `get_essays` does, also where somebody else was faster and nothing waits any more; Invalid where a mark is missing or
    no whole percent.
    """
    attempt, result = _get(session, attempt_id, scope, again=again, lock=True)
    waiting = [place for place, item in _items(session, attempt, result) if item.verdict == "unmarked"]
    _check(waiting, given)
    if Terms.from_json(attempt.rules).markers == 1:
        return store_marks(session, attempt, given, by=scope.person_id, reason=REASON, now=now)
    before = [one for person_id, one in list_readings(session, attempt_id).items() if person_id != scope.person_id]
    _read(session, attempt_id, waiting, given, scope, decides=len(before) > 1, now=now)
    final = given if len(before) > 1 else _agreed(waiting, before, given)
    return store_marks(session, attempt, final, by=scope.person_id, reason=REASON, now=now) if final else None


def _check(waiting: Sequence[Placed], given: Mapping[str, Given]) -> None:
    for place in waiting:
        mark = given.get(place.item.id)
        if mark is None or len(mark.percents) != len(place.item.rubric) or not all(0 <= percent <= FULL for percent in mark.percents):
            raise Invalid("Give each criterion a whole percent from 0 to 100. Nothing was saved.")
        if len(mark.comment) > COMMENT_MOST:
            raise Invalid("This text is too long: at most %(most)s characters. Nothing was changed.", most=COMMENT_MOST)


def _read(session: Session, attempt_id: int, waiting: Sequence[Placed], given: Mapping[str, Given], scope: Scope, *, decides: bool, now: datetime) -> None:
    for item_id in (place.item.id for place in waiting):
        mark = given[item_id]
        values: dict[str, Any] = {"attempt_id": attempt_id, "item_id": item_id, "percents": json.dumps(mark.percents), "decides": decides}
        session.add(EssayReading(**values, comment=clean(mark.comment, lines=True), read_by=scope.person_id, read_at=now))
    session.flush()


def _agreed(waiting: Sequence[Placed], before: Sequence[Mapping[str, EssayReading]], given: Mapping[str, Given]) -> dict[str, Given] | None:
    """The mean of both where the markers agree on every essay; None where one of them is missing, or they lie apart."""
    if not before:
        return None
    found: dict[str, Given] = {}
    for place in waiting:
        item_id = place.item.id
        one, other = before[0].get(item_id), given[item_id]
        if one is None or not agree([line.percent for line in place.item.rubric], json.loads(one.percents), other.percents):
            return None
        comments = [text for text in (one.comment, clean(other.comment, lines=True)) if text]
        found[item_id] = Given(mean(json.loads(one.percents), other.percents), "\n".join(comments))
    return found


def _items(session: Session, attempt: Attempt, result: Result) -> list[tuple[Placed, ItemResult]]:
    return list(zip(list_placed(session, attempt.paper), items_of(result), strict=True))


def _get(session: Session, attempt_id: int, scope: Scope, *, again: bool = False, lock: bool = False) -> tuple[Attempt, Result]:
    if lock:
        session.execute(select(Attempt.id).where(Attempt.id == attempt_id).with_for_update())
    row = session.execute(_waiting(scope, again=again).where(Attempt.id == attempt_id)).first()
    if row is None:
        raise NotFound("There is no such paper to mark, or it has been marked.")
    return row[0], row[1]


def _waiting(scope: Scope, *, again: bool = False) -> Select[*tuple[Any, ...]]:
    later = aliased(Result)
    newer = select(later.attempt_id).where(later.attempt_id == Result.attempt_id, later.version > Result.version).exists()
    read = select(EssayReading.id).where(EssayReading.attempt_id == Attempt.id, EssayReading.read_by == scope.person_id).exists()
    query = select(Attempt, Result).join(Result, Result.attempt_id == Attempt.id).outerjoin(Unit, Unit.id == Attempt.unit_id)
    closed = Attempt.state.in_(CLOSED)
    return query.where(Result.unmarked > 0, ~newer, read if again else ~read, closed, Attempt.person_id != scope.person_id, within(scope))
