"""What the page of a sitting tells of itself: that it lives, where it is, and, where candidates were told so, that it was left or text was pasted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.assessment.supervision.models import AttemptEvent, Presence
from lms.assessment.supervision.rules.events import SENT, Kind
from lms.assessment.supervision.service.acts import FREE
from lms.errors import NotFound
from lms.platform.db import insert_into

NOT_SOONER = timedelta(seconds=20)
"""A sign of life sooner than this after the last one is not written, unless another question is in view."""
FACTS_KEPT = 300
"""More facts of one attempt say nothing new."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened on the page: ref names it for ever; ago_ms: before it was sent, by a steady clock; lasted_s, chars: how long, how much."""

    ref: str
    kind: Kind
    ago_ms: int
    lasted_s: int = 0
    chars: int = 0


@dataclass(frozen=True, slots=True)
class Present:
    """What the page is told in return."""

    open: bool
    deadline_at: datetime
    elsewhere: bool


def note_signs(
    session: Session, *, attempt_id: int, person_id: int, place: int, facts: Sequence[Fact], watched: bool, device: str | None, now: datetime
) -> Present:
    """Note a sign of life of the own open attempt, and its facts if they are watched. Raises NotFound for another's.

    The instants of facts are the server's: now less what the page's steady clock says, never before the start. Twice sent is noted once.
    """
    attempt = session.execute(select(Attempt).filter_by(id=attempt_id, person_id=person_id)).scalar_one_or_none()
    if attempt is None:
        raise NotFound("There is no such try.")
    elsewhere = attempt.device is not None and attempt.device != device
    if attempt.state == "open" and not elsewhere:
        _note_presence(session, attempt_id, place, now)
        if watched and facts:
            _note_facts(session, attempt, [fact for fact in facts if fact.kind in SENT], now)
    return Present(attempt.state == "open", attempt.deadline_at, elsewhere)


def _note_presence(session: Session, attempt_id: int, place: int, now: datetime) -> None:
    insert = insert_into(session, Presence).values(attempt_id=attempt_id, seen_at=now, place=place)
    stale = (Presence.seen_at <= now - NOT_SOONER) | (Presence.place != place)
    session.execute(insert.on_conflict_do_update(index_elements=["attempt_id"], set_={"seen_at": now, "place": place}, where=stale))


def _note_facts(session: Session, attempt: Attempt, facts: Sequence[Fact], now: datetime) -> None:
    kept = session.scalar(select(func.count()).select_from(AttemptEvent).where(AttemptEvent.attempt_id == attempt.id, AttemptEvent.kind.in_(SENT))) or 0
    total_s = int((now - attempt.started_at).total_seconds())
    for fact in facts[: max(0, FACTS_KEPT - kept)]:
        at = max(attempt.started_at, now - timedelta(milliseconds=fact.ago_ms))
        _note(session, attempt.id, fact.kind, at, fact.ref, min(fact.lasted_s, total_s) if fact.kind is Kind.BACK else None, fact.chars)


def _note(session: Session, attempt_id: int, kind: Kind, at: datetime, ref: str, seconds: int | None = None, chars: int = 0) -> None:
    values = {"attempt_id": attempt_id, "kind": kind, "at": at, "by_person_id": None, "reason": "", "ref": ref}
    values |= {"seconds": seconds, "detail": str(chars) if chars else ""}
    session.execute(insert_into(session, AttemptEvent).values(values).on_conflict_do_nothing(index_elements=["attempt_id", "ref"]))


def claim_device(session: Session, *, attempt_id: int, person_id: int, device: str, ref: str, now: datetime) -> bool:
    """Let this device have an attempt that a supervisor has freed. Whether the attempt is this device's; one that is another's notes that it was asked."""
    mine = select(Attempt).filter_by(id=attempt_id, person_id=person_id).with_for_update(key_share=True)
    attempt = session.execute(mine.execution_options(populate_existing=True)).scalar_one_or_none()
    if attempt is None:
        raise NotFound("There is no such try.")
    if attempt.device == FREE and attempt.state == "open":
        attempt.device = device
        session.flush()
        _note(session, attempt_id, Kind.BOUND, now, f"bound-{ref}-{int(now.timestamp())}")
    elif attempt.device != device:
        _note(session, attempt_id, Kind.REFUSED_DEVICE, now, f"other-{ref}")
    return attempt.device == device
