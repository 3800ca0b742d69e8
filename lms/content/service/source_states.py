"""How each content source was found last, for the content page and the poll."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lms.content.models import SourceState
from lms.platform.db import insert_into
from lms.platform.phrases import from_stored, to_stored
from lms.platform.rules import Phrase


@dataclass(frozen=True, slots=True)
class FoundSource:
    """A source as found last. failed: why it could not be fetched or read, since an instant; None where all is well."""

    name: str
    looked_at: datetime
    rev: str
    failed: Phrase | None
    failing_since: datetime | None


def note_source(session: Session, *, name: str, failed: Phrase | None, now: datetime) -> None:
    """Keep how a fetch went."""
    row = {"name": name, "looked_at": now, "rev": "", "failed": json.dumps(to_stored(failed)) if failed else "", "failing_since": now if failed else None}
    insert = insert_into(session, SourceState)
    fresh = {"looked_at": now, "failed": row["failed"]}
    session.execute(insert.values(row).on_conflict_do_update(index_elements=["name"], set_=fresh))
    still = SourceState.failing_since.is_(None) if failed else SourceState.failing_since.is_not(None)
    session.execute(update(SourceState).where(SourceState.name == name, still).values(failing_since=now if failed else None))


def note_sources(session: Session, revs: Mapping[str, str], *, now: datetime) -> None:
    """Keep what was read where."""
    for name, rev in revs.items():
        insert = insert_into(session, SourceState)
        row = {"name": name, "looked_at": now, "rev": rev, "failed": ""}
        session.execute(insert.values(row).on_conflict_do_update(index_elements=["name"], set_={"rev": rev}))


def list_sources(session: Session) -> dict[str, FoundSource]:
    """All that were ever looked at, by name."""
    rows = session.scalars(select(SourceState).order_by(SourceState.name))
    return {
        row.name: FoundSource(row.name, row.looked_at, row.rev, from_stored(json.loads(row.failed)) if row.failed else None, row.failing_since) for row in rows
    }


def claim_look(session: Session, *, name: str, every: timedelta, now: datetime) -> bool:
    """Whether it is time to look at a source again; if so, nobody else does for that long."""
    insert = insert_into(session, SourceState)
    row = {"name": name, "looked_at": now, "rev": "", "failed": ""}
    fresh = insert.values(row).on_conflict_do_update(
        index_elements=["name"], set_={"looked_at": now}, where=or_(SourceState.looked_at <= now - every, SourceState.looked_at > now)
    )
    return session.execute(fresh.returning(SourceState.name)).scalar() is not None
