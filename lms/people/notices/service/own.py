"""The own notices: a page of them, read, all read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.people.notices.models import Notice
from lms.people.notices.rules import Topic
from lms.platform.db import Database
from lms.platform.phrases import from_stored
from lms.platform.rules import Phrase

PAGE = 30
READ_KEPT = timedelta(days=180)
UNREAD_KEPT = timedelta(days=400)
A_TIME = 5000


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as its page shows it."""

    id: int
    topic: Topic
    words: Phrase
    address: str
    made_at: datetime
    unread: bool


def list_notices(session: Session, *, person_id: int, page: int) -> tuple[list[Shown], int]:
    """A page of them, the latest first, and how many there are."""
    mine = select(Notice).where(Notice.person_id == person_id)
    rows = session.scalars(mine.order_by(Notice.id.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()
    total = session.scalar(select(func.count()).select_from(Notice).where(Notice.person_id == person_id)) or 0
    return [shown(row) for row in rows], total


def shown(row: Notice) -> Shown:
    """A stored notice in its own shape."""
    words = from_stored(json.loads(row.words))
    return Shown(row.id, Topic(row.topic), words, row.address, row.made_at, row.read_at is None)


def read_notice(session: Session, *, person_id: int, notice_id: int, now: datetime) -> str:
    """Note that one is read; gives where it leads, or nothing. Raises NotFound for another's."""
    row = session.scalar(select(Notice).where(Notice.id == notice_id, Notice.person_id == person_id))
    if row is None:
        raise NotFound("There is no such notice.")
    row.read_at = row.read_at or now
    return row.address


def read_all(session: Session, *, person_id: int, until_id: int, now: datetime) -> None:
    """Note that all are read, up to the newest that was on the page: what came since is not."""
    mine = update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None), Notice.id <= until_id)
    session.execute(mine.values(read_at=now))


def forget_notices(db: Database, now: datetime) -> int:
    """Delete what was read half a year ago or told more than a year ago, some thousands at a time; gives how many."""
    old = select(Notice.id).where((Notice.made_at < now - UNREAD_KEPT) | ((Notice.made_at < now - READ_KEPT) & Notice.read_at.is_not(None))).limit(A_TIME)
    with db.reading() as session:
        found: Sequence[int] = session.scalars(old).all()
    if found:
        with db.writing() as session:
            session.execute(delete(Notice).where(Notice.id.in_(found)))
    return len(found)
