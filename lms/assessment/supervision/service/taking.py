"""One attempt as a supervisor takes it in hand: in the own part of the organisation, never the own one, and as it was on the screen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.assessment.service.scope import Scope, within
from lms.assessment.supervision.models import AttemptEvent
from lms.assessment.supervision.rules.events import ACTS, Kind
from lms.assessment.supervision.service.reasons import reason_of
from lms.errors import Conflict, NotAllowed, NotFound
from lms.people.models import Unit
from lms.platform.audit import record


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something to which attempt, and why. seen: the number of acts that the supervisor's page knew of."""

    attempt_id: int
    scope: Scope
    reason: str
    seen: int
    now: datetime


def get_supervised(session: Session, *, attempt_id: int, scope: Scope, lock: bool = False) -> Attempt:
    """The attempt, locked against saves if asked. Raises NotFound outside of the scope."""
    query = select(Attempt).outerjoin(Unit, Unit.id == Attempt.unit_id).where(Attempt.id == attempt_id, within(scope))
    if lock:
        query = query.with_for_update(key_share=True, of=Attempt)
    attempt = session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if attempt is None:
        raise NotFound("There is no such sitting in your part of the organisation.")
    return attempt


def take(session: Session, act: Act) -> Attempt:
    """Lock the attempt for an act. Raises NotFound, NotAllowed for the own attempt, Invalid without a reason, Conflict where somebody else acted since."""
    attempt = get_supervised(session, attempt_id=act.attempt_id, scope=act.scope, lock=True)
    if attempt.person_id == act.scope.person_id:
        raise NotAllowed("Nobody decides about the own sitting; ask another supervisor.")
    reason_of(act.reason)
    if count_acts(session, attempt.id) != act.seen:
        raise Conflict("Somebody else has just decided something about this sitting. Look at it again first; nothing was changed.")
    return attempt


def count_acts(session: Session, attempt_id: int) -> int:
    """How often a supervisor did something to an attempt."""
    query = select(func.count()).select_from(AttemptEvent).where(AttemptEvent.attempt_id == attempt_id, AttemptEvent.kind.in_(ACTS))
    return session.execute(query).scalar_one()


def note(session: Session, act: Act, kind: Kind, *, seconds: int | None = None, detail: str = "") -> None:
    """Write an act beside its attempt, where the learner sees it, and into the audit trail."""
    reason = reason_of(act.reason)
    values = {"attempt_id": act.attempt_id, "kind": kind, "at": act.now, "by_person_id": act.scope.person_id, "reason": reason}
    session.add(AttemptEvent(**values, seconds=seconds, detail=detail))
    known = {"reason": reason} | ({"seconds": seconds} if seconds is not None else {})
    record(session, now=act.now, actor_id=act.scope.person_id, action=f"attempt_{kind}", subject_kind="attempt", subject_id=act.attempt_id, detail=known)
    session.flush()
