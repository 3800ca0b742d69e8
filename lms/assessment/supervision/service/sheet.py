"""One attempt as its supervisor sees it: answers with the times of their saves, what befell it, what came too late. No keys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, LateSave, Result
from lms.assessment.service.look import list_responses
from lms.assessment.service.papers import Placed, list_placed
from lms.assessment.service.scope import Scope
from lms.assessment.supervision.models import AttemptEvent, Presence
from lms.assessment.supervision.rules.events import ACTS, SHOWN_TO_LEARNER, Facts, facts_of
from lms.assessment.supervision.service.taking import get_supervised
from lms.people.models import Person


@dataclass(frozen=True, slots=True)
class Answered:
    """An item of the paper with the answer as it is stored; changes: how often it was changed. The client's clock is for information only."""

    placed: Placed
    answer: str
    changes: int
    saved_at: datetime | None
    client_at: datetime | None


@dataclass(frozen=True, slots=True)
class Late:
    """An answer that came after the end, kept apart."""

    placed: Placed | None
    answer: str
    received_at: datetime
    client_at: datetime | None


@dataclass(frozen=True, slots=True)
class Befell:
    """One event, with the present name of who did it."""

    event: AttemptEvent
    by: str | None


@dataclass(frozen=True, slots=True)
class Supervised:
    """All of one attempt. results: every version, the first first; acts: how many acts the page knows of."""

    attempt: Attempt
    person: Person
    answers: tuple[Answered, ...]
    late: tuple[Late, ...]
    events: tuple[Befell, ...]
    results: tuple[Result, ...]
    facts: Facts
    acts: int
    seen_at: datetime | None

    @property
    def answered(self) -> int:
        """How many items have an answer."""
        return sum(bool(one.answer) for one in self.answers)


def read_supervised(session: Session, *, attempt_id: int, scope: Scope) -> Supervised:
    """The whole of an attempt. Raises NotFound outside of the scope."""
    attempt = get_supervised(session, attempt_id=attempt_id, scope=scope)
    responses = list_responses(session, attempt_id=attempt_id)
    placed = list_placed(session, attempt.paper)
    by_item = {place.item.id: place for place in placed}
    events = list_events(session, attempt_id=attempt_id)
    late = session.scalars(select(LateSave).filter_by(attempt_id=attempt_id).order_by(LateSave.id))
    saved = [response.saved_at for response in responses.values()]
    signs = session.scalars(select(Presence.seen_at).filter_by(attempt_id=attempt_id)).all()
    return Supervised(
        attempt,
        session.scalars(select(Person).filter_by(id=attempt.person_id)).one(),
        tuple(
            Answered(place, row.answer, row.seq, row.saved_at, row.client_at) if (row := responses.get(place.item.id)) else Answered(place, "", 0, None, None)
            for place in placed
        ),
        tuple(Late(by_item.get(row.item_id), row.answer, row.received_at, row.client_at) for row in late),
        tuple(events),
        tuple(session.scalars(select(Result).filter_by(attempt_id=attempt_id).order_by(Result.version))),
        _facts(events),
        sum(one.event.kind in ACTS for one in events),
        max((*saved, *signs), default=None),
    )


def list_events(session: Session, *, attempt_id: int) -> list[Befell]:
    """What befell an attempt, the first first."""
    query = select(AttemptEvent, Person.full_name).outerjoin(Person, Person.id == AttemptEvent.by_person_id)
    return [Befell(event, name) for event, name in session.execute(query.where(AttemptEvent.attempt_id == attempt_id).order_by(AttemptEvent.id))]


def list_told(session: Session, *, attempt_id: int) -> list[AttemptEvent]:
    """The acts that the learner is shown, with their reasons, the first first. The supervisor's name is not among them."""
    query = select(AttemptEvent).where(AttemptEvent.attempt_id == attempt_id, AttemptEvent.kind.in_(SHOWN_TO_LEARNER))
    return list(session.scalars(query.order_by(AttemptEvent.id)))


def _facts(events: list[Befell]) -> Facts:
    counts: dict[str, tuple[int, int]] = {}
    for one in events:
        count, longest = counts.get(one.event.kind, (0, 0))
        counts[one.event.kind] = (count + 1, max(longest, one.event.seconds or 0))
    return facts_of((kind, count, longest) for kind, (count, longest) in counts.items())
