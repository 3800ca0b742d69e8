"""What befalls a period after it was confirmed, and what calls for training again."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.certification.events import RecordsChanged
from lms.certification.models import Period, PeriodMark, TrainingTrigger
from lms.certification.rules.papers import CAUSES
from lms.certification.rules.standing import TRIGGER_WORDS, value_on
from lms.certification.rules.terms import Mark, Record, SchemeTerms, marked
from lms.certification.rules.terms import Period as PeriodTerms
from lms.certification.scheme_terms import get_scheme
from lms.certification.service.records import get_member
from lms.content.catalogue import Catalogue
from lms.errors import Conflict, Invalid, NotFound
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import tell_one
from lms.platform.audit import record
from lms.platform.events import announce
from lms.platform.rules import Phrase, phrase

MARKS: Mapping[str, str] = {"suspended": "suspend_period", "reinstated": "reinstate_period", "revoked": "revoke_period"}
TOLD: Mapping[str, Phrase] = {
    "suspended": phrase("One of your certificates is suspended. Your page of certificates says which and why."),
    "reinstated": phrase("One of your certificates is valid again after its suspension."),
    "revoked": phrase("One of your certificates is revoked. Your page of certificates says which and why."),
}


def mark_period(
    session: Session,
    *,
    period_id: int,
    kind: Literal["suspended", "reinstated", "revoked"],
    cause: str,
    note: str,
    paths: tuple[str, ...],
    actor_id: int,
    today: date,
    now: datetime,
) -> PeriodMark:
    """Suspend, reinstate or revoke a period of a person of the subtrees, from today.

    Raises NotFound out of scope, Invalid for an unknown cause, Conflict where the mark makes no sense: nothing follows a revocation.
    """
    if kind not in MARKS or cause not in CAUSES:
        raise Invalid("Choose a reason.")
    period = session.execute(select(Period).where(Period.id == period_id).with_for_update()).scalar_one_or_none()
    if period is None:
        raise NotFound("There is no such period.")
    get_member(session, paths=paths, person_id=period.person_id, on=today)
    state = marked(_as_terms(session, period), today)
    if state in ("revoked", "superseded"):
        raise Conflict("This period is revoked or replaced already; that is for good.")
    if (kind == "reinstated") != (state == "suspended") and kind != "revoked":
        raise Conflict("The period is suspended already.") if kind == "suspended" else Conflict("The period is not suspended.")
    mark = PeriodMark(period_id=period_id, kind=kind, on=today, cause=cause, note=note.strip(), at=now, by=actor_id)
    session.add(mark)
    session.flush()
    announce(session, RecordsChanged(period.scheme, (period.person_id,)))
    record(session, now=now, actor_id=actor_id, action=MARKS[kind], subject_kind="period", subject_id=period_id, detail={"cause": cause})
    tell_one(session, period.person_id, Topic.CERTIFICATE, f"mark:{mark.id}", TOLD[kind], now=now, address="/certificates/")
    return mark


def refuse_suspended(scheme: SchemeTerms, known: Record, *, name: str, today: date) -> None:
    """Raise Conflict while a person's period is suspended: a new period would make the suspension void without a word."""
    if value_on(scheme, known, today) == "suspended":
        raise Conflict("%(name)s is suspended under this scheme: lift the suspension or revoke the period first.", name=name)


def _as_terms(session: Session, period: Period) -> PeriodTerms:
    rows = session.execute(select(PeriodMark).where(PeriodMark.period_id == period.id)).scalars()
    marks = tuple(Mark(m.id, m.kind, m.on, m.at) for m in rows)
    return PeriodTerms(period.id, period.from_on, period.until_on, period.confirmed_at, frozenset(), marks)


def add_trigger(
    session: Session,
    *,
    catalogue: Catalogue,
    person_id: int,
    scheme: str,
    kind: str,
    on: date,
    why: str,
    paths: tuple[str, ...],
    actor_id: int,
    today: date,
    now: datetime,
) -> TrainingTrigger:
    """Record that something calls for training again.

    Raises NotFound out of scope, Invalid for an unknown kind or a day in the future, Conflict if it is recorded already.
    """
    get_scheme(catalogue, scheme)
    if kind not in TRIGGER_WORDS:
        raise Invalid("Choose what happened.")
    if on > today:
        raise Invalid("The day cannot lie in the future.")
    get_member(session, paths=paths, person_id=person_id, on=today)
    trigger = TrainingTrigger(person_id=person_id, scheme=scheme, kind=kind, on=on, why=why.strip(), recorded_at=now, recorded_by=actor_id)
    try:
        with session.begin_nested():
            session.add(trigger)
    except IntegrityError:
        raise Conflict("This is recorded already.") from None
    announce(session, RecordsChanged(scheme, (person_id,)))
    record(session, now=now, actor_id=actor_id, action="add_trigger", subject_kind="person", subject_id=person_id, detail={"scheme": scheme, "kind": kind})
    return trigger
