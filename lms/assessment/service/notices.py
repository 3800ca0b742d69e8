"""What people who are sitting are told of corrections of their paper: never what is right, only that it has been put right."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.assessment.correction_models import Correction
from lms.assessment.models import Attempt
from lms.assessment.service.papers import shapes_of
from lms.platform.db import Database
from lms.platform.rules import Phrase, phrase

KEY = "assessment.corrections"
LOOK_EVERY = timedelta(seconds=2)
KEPT = 20_000
WORDS: Mapping[str, str] = {
    "full": phrase("Question %(n)s is void: it counts as right for everybody. You need not answer it.").message,
    "drop": phrase("Question %(n)s is void: it counts for nobody. You need not answer it.").message,
    "accept": phrase("Question %(n)s has been put right: one more answer counts as right. Answer it as you think best.").message,
    "key": phrase("Question %(n)s has been put right: its key was wrong and has been replaced. Answer it as you think best.").message,
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A correction of the question at place n of a paper."""

    item_id: str
    n: int
    kind: str

    @property
    def words(self) -> Phrase:
        """What the person is told."""
        return Phrase(WORDS[self.kind], {"n": self.n})


class CorrectionWatch:
    """Which items have ever been corrected, in process memory and never older than two seconds, so that a save asks nothing of the database for it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = Lock()
        self._looked_at: datetime | None = None
        self._newest = 0
        self._items: frozenset[str] = frozenset()
        self._told: dict[int, tuple[Notice, ...]] = {}

    def forget(self) -> None:
        """Look again at the next question."""
        self._looked_at = None

    def items(self, now: datetime) -> frozenset[str]:
        """Ids of items with a correction, in force or taken back."""
        looked_at = self._looked_at
        if looked_at is None or not looked_at <= now < looked_at + LOOK_EVERY:
            with self._lock, self._db.reading() as session:
                self._look(session)
                self._looked_at = now
        return self._items

    def _look(self, session: Session) -> None:
        newest = session.scalar(select(func.max(Correction.id))) or 0
        if newest != self._newest:
            self._items, self._newest, self._told = frozenset(session.scalars(select(Correction.item_id).distinct())), newest, {}

    def notices(self, attempt_id: int, now: datetime) -> tuple[Notice, ...]:
        """The notices of an attempt's paper in its order: no query where none of its items was ever corrected, two the first time where one was."""
        corrected = self.items(now)
        shape = shapes_of(self._db).find(self._db, attempt_id) if corrected else None
        if shape is None or corrected.isdisjoint(shape.answers):
            return ()
        told = self._told
        if attempt_id not in told:
            with self._db.reading() as session:
                found = list_notices(session, attempt_id)
            if len(told) >= KEPT:
                told.clear()
            told[attempt_id] = found
        return told[attempt_id]


def list_notices(session: Session, attempt_id: int) -> tuple[Notice, ...]:
    """The corrections in force of an attempt's paper, of each question the latest."""
    attempt = session.execute(select(Attempt.offering, Attempt.paper).where(Attempt.id == attempt_id)).one()
    paper = [(row[0], row[1]) for row in json.loads(attempt.paper)]
    latest = {row.digest: row for row in in_force(session, [digest for digest, _ in paper], attempt.offering)}
    return tuple(Notice(item_id, n, latest[digest].kind) for n, (digest, item_id) in enumerate(paper, 1) if digest in latest)


def in_force(session: Session, digests: Sequence[str], offering: str) -> list[Correction]:
    """The corrections of these revisions that hold in a test and have not been taken back, the earliest first. One query."""
    query = select(Correction).where(Correction.digest.in_(digests), Correction.offering.in_(("", offering))).order_by(Correction.id)
    rows = session.scalars(query).all()
    undone = {row.undoes for row in rows}
    return [row for row in rows if row.kind != "undo" and row.id not in undone]


def watch_of(db: Database) -> CorrectionWatch:
    """The watch kept for this database."""
    watch: CorrectionWatch = db.info.setdefault(KEY, CorrectionWatch(db))
    return watch
