"""Seals over the audit trail: each binds the events since the one before it with the site's key, so that a change behind the database's back shows.

The database refuses to change the trail by triggers; whoever can take these away cannot make a seal.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.clock import to_ms
from lms.platform.audit import AuditEvent
from lms.platform.db import Base, Database, append_only
from lms.platform.rules import Phrase, phrase

EVERY = timedelta(hours=1)
SETTLED = timedelta(minutes=10)
"""Events younger than this wait for the next seal: a transaction that began before another may be committed after it."""
MOST = 20_000
AT_ONCE = 1000
TOLD = ("id", "at", "actor_id", "action", "subject_kind", "subject_id", "detail")
FIRST = "0" * 64


class AuditSeal(Base):
    """The events up to `upto_id`, since the seal before, `events` in number. digest: keyed, over them and the digest before."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    upto_id: Mapped[int] = mapped_column(unique=True)
    events: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]


append_only(AuditSeal.__table__)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of a look at every seal. broken: the first that does not fit (its events lie between these ids); unsealed: events since the last."""

    seals: int
    events: int
    unsealed: int
    broken: tuple[int, int] | None


class AuditSealer:
    """Makes a seal about every hour. A job of every minute: it looks first."""

    def __init__(self, db: Database, key: str) -> None:
        self._db = db
        self._key = key

    def run(self, now: datetime) -> int:
        """Seal what has settled; gives how many events."""
        with self._db.reading() as session:
            last = session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
            if last is not None and now < last.sealed_at + EVERY:
                return 0
            upto = _upto(session, last.upto_id if last else 0, now)
            if upto is None:
                return 0
        with self._db.writing() as session:
            newest = session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
            if (newest.id if newest else 0) != (last.id if last else 0):
                return 0
            since, before = (last.upto_id, last.digest) if last else (0, FIRST)
            digest, events = _digest(session, self._key, before, since, upto)
            session.add(AuditSeal(upto_id=upto, events=events, digest=digest, sealed_at=now))
        return events


def _upto(session: Session, since: int, now: datetime) -> int | None:
    """The last event that the next seal may bind."""
    settled = select(AuditEvent.id).where(AuditEvent.id > since, AuditEvent.at < now - SETTLED).order_by(AuditEvent.id).limit(MOST).subquery()
    upto: int | None = session.scalar(select(func.max(settled.c.id)))
    return upto


def _digest(session: Session, key: str, before: str, since: int, upto: int) -> tuple[str, int]:
    made = hmac.new(key.encode(), f"audit:{before}".encode(), hashlib.sha256)
    events = 0
    for line in _lines(session, since, upto):
        made.update(line)
        events += 1
    return made.hexdigest(), events


def _lines(session: Session, since: int, upto: int) -> Iterator[bytes]:
    """The events between two ids, each as one line that always reads alike."""
    told = select(*(AuditEvent.__table__.columns[name] for name in TOLD)).order_by(AuditEvent.id).limit(AT_ONCE)
    while True:
        events = session.execute(told.where(AuditEvent.id > since, AuditEvent.id <= upto)).all()
        for one in events:
            values = [one.id, to_ms(one.at), *one[2:]]
            yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        if len(events) < AT_ONCE:
            return
        since = events[-1].id


def verdict_of(found: Verified) -> Phrase:
    """What came of a look, in words."""
    if found.broken is not None:
        first, last = found.broken
        return phrase("The trail was changed behind the site's back: events %(first)s to %(last)s do not fit their seal.", first=first, last=last)
    counts = {"events": found.events, "seals": found.seals, "unsealed": found.unsealed}
    return phrase("The trail is whole: %(events)s events under %(seals)s seals; %(unsealed)s wait for the next.", **counts)


def verify(session: Session, key: str) -> Verified:
    """Look at every seal and every event that it binds."""
    before, since, events, seals = FIRST, 0, 0, 0
    for seal in session.scalars(select(AuditSeal).order_by(AuditSeal.id)).all():
        digest, n = _digest(session, key, before, since, seal.upto_id)
        if not hmac.compare_digest(digest, seal.digest) or n != seal.events:
            return Verified(seals, events, 0, (since + 1, seal.upto_id))
        before, since, events, seals = seal.digest, seal.upto_id, events + n, seals + 1
    unsealed = session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.id > since)) or 0
    return Verified(seals, events, unsealed, None)
