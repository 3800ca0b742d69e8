"""Looking at attempts: for the screens of this room and for the rooms above."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from lms.assessment.models import Attempt, LateSave, Response, Result
from lms.assessment.rules.scoring import Verdict
from lms.assessment.service.papers import item_ids
from lms.errors import NotFound

LISTED = 50


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt with its latest result; `result` is None while it is open or if it was made void before it was scored."""

    attempt: Attempt
    result: Result | None

    @property
    def passed(self) -> bool:
        """Whether it counts as passed: scored, passed, and not void."""
        return self.attempt.state != "void" and self.result is not None and bool(self.result.passed)


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item of a result; points in hundredths of a point."""

    item_id: str
    digest: str
    topic: str
    answer: str
    verdict: Verdict
    points: int
    max_points: int


@cache
def _attempts() -> Select[Attempt, Result]:
    later = aliased(Result)
    latest = select(func.max(later.version)).where(later.attempt_id == Attempt.id).scalar_subquery()
    return select(Attempt, Result).outerjoin(Result, and_(Result.attempt_id == Attempt.id, Result.version == latest))


def _view(row: Row[Attempt, Result]) -> AttemptView:
    return AttemptView(row[0], row[1])


def get_attempt(session: Session, *, attempt_id: int, person_id: int) -> AttemptView:
    """The own attempt with its latest result. Raises NotFound, also for another's."""
    row = session.execute(_attempts().where(Attempt.id == attempt_id, Attempt.person_id == person_id)).first()
    if row is None:
        raise NotFound("There is no such try.")
    return _view(row)


def list_attempts(session: Session, *, person_id: int, offerings: Collection[str], limit: int = LISTED) -> list[AttemptView]:
    """The person's attempts at these offerings, the latest first, at most `limit`, in one query."""
    query = _attempts().where(Attempt.person_id == person_id, Attempt.offering.in_(offerings)).order_by(Attempt.started_at.desc(), Attempt.id.desc())
    return [_view(row) for row in session.execute(query.limit(limit))]


def list_recent(session: Session, *, person_id: int, limit: int = 5) -> list[AttemptView]:
    """The person's latest closed attempts at anything, for a home page."""
    query = _attempts().where(Attempt.person_id == person_id, Attempt.state.in_(("submitted", "lapsed")))
    return [_view(row) for row in session.execute(query.order_by(Attempt.started_at.desc(), Attempt.id.desc()).limit(limit))]


def find_open(session: Session, *, person_id: int, offering: str) -> Attempt | None:
    """The person's open attempt at the offering; its time may be over."""
    return session.execute(select(Attempt).filter_by(person_id=person_id, offering=offering, state="open")).scalar_one_or_none()


def tries_used(session: Session, *, person_id: int, offering: str, period: str) -> int:
    """How many attempts of the period count, the open one included and void ones not."""
    query = select(func.count()).where(Attempt.person_id == person_id, Attempt.offering == offering, Attempt.period == period, Attempt.state != "void")
    return session.execute(query).scalar_one()


def has_passed(session: Session, *, person_id: int, offering: str) -> bool:
    """Whether an attempt of the person at the offering has passed and is not void."""
    query = _attempts().where(Attempt.person_id == person_id, Attempt.offering == offering, Attempt.state != "void", Result.passed.is_(True))
    return session.execute(query.limit(1)).first() is not None


def list_responses(session: Session, *, attempt_id: int) -> dict[str, Response]:
    """The stored answers of an attempt by item id."""
    return {row.item_id: row for row in session.scalars(select(Response).filter_by(attempt_id=attempt_id))}


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """An answer that came after the end. n: of its question in the paper; client_at: when it was given, by the sender's clock, if that said so."""

    n: int
    received_at: datetime
    client_at: datetime | None


def list_late(session: Session, attempt: Attempt) -> list[LateAnswer]:
    """The answers of an attempt that came too late and are kept apart, the first received first."""
    places = {item_id: n for n, item_id in enumerate(item_ids(attempt.paper), 1)}
    query = select(LateSave.item_id, LateSave.received_at, LateSave.client_at).where(LateSave.attempt_id == attempt.id).order_by(LateSave.id)
    return [LateAnswer(places[row.item_id], row.received_at, row.client_at) for row in session.execute(query)]


def items_of(result: Result) -> list[ItemResult]:
    """The items of a result, in the order of the paper."""
    return [ItemResult(*row) for row in json.loads(result.items)]


def last_saved_at(responses: dict[str, Response]) -> datetime | None:
    """When an answer was last saved."""
    return max((response.saved_at for response in responses.values()), default=None)
