"""The audit trail as the administrator reads it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lms.people.models import Person, Unit
from lms.platform.audit import AuditEvent

PAGE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One act, with the present names of who did it and to whom."""

    at: datetime
    actor_id: int | None
    actor: str | None
    action: str
    subject_kind: str
    subject_id: str
    subject: str | None
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the trail is narrowed to; empty values narrow nothing. since, before: instants."""

    subject_kind: str = ""
    subject_id: str = ""
    actor_id: int | None = None
    action: str = ""
    since: datetime | None = None
    before: datetime | None = None


def list_trail(session: Session, *, asked: Asked, page: int) -> tuple[list[Entry], int]:
    """A page of the trail, latest first, and how many acts there are; four queries."""
    where = _narrowed(asked)
    total = session.scalar(select(func.count()).select_from(AuditEvent).where(*where)) or 0
    events = session.scalars(select(AuditEvent).where(*where).order_by(AuditEvent.id.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()
    people = {event.actor_id for event in events if event.actor_id} | _ids(events, "person")
    names = dict(session.execute(select(Person.id, Person.full_name).where(Person.id.in_(people))).all())
    units = dict(session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(_ids(events, "unit")))).all())
    known = {"person": names, "unit": units}
    return [
        Entry(
            event.at,
            event.actor_id,
            names.get(event.actor_id or 0),
            event.action,
            event.subject_kind,
            event.subject_id,
            known.get(event.subject_kind, {}).get(int(event.subject_id) if event.subject_id.isdigit() else 0),
            json.loads(event.detail),
        )
        for event in events
    ], total


def _narrowed(asked: Asked) -> list[ColumnElement[bool]]:
    pairs: tuple[tuple[InstrumentedAttribute[Any], object], ...] = (
        (AuditEvent.subject_kind, asked.subject_kind),
        (AuditEvent.subject_id, asked.subject_id),
        (AuditEvent.actor_id, asked.actor_id),
        (AuditEvent.action, asked.action),
    )
    where = [column == value for column, value in pairs if value]
    if asked.since is not None:
        where.append(AuditEvent.at >= asked.since)
    if asked.before is not None:
        where.append(AuditEvent.at < asked.before)
    return where


def _ids(events: Sequence[AuditEvent], kind: str) -> set[int]:
    return {int(event.subject_id) for event in events if event.subject_kind == kind and event.subject_id.isdigit()}
