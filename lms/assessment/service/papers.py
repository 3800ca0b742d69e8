"""The paper of an attempt: what was drawn for it, as stored, and its shape in the process's memory."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.content.catalogue import Item
from lms.content.service.loading import load_items
from lms.platform.db import Database

KEY = "assessment.shapes"
KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Placed:
    """An item in its place of a paper (from 1), with its choices in the order shown."""

    n: int
    item: Item
    letters: str


@dataclass(frozen=True, slots=True)
class Shape:
    """Whose attempt it is and what may be answered: by item id the letters there are and whether only one may be chosen."""

    person_id: int
    answers: dict[str, tuple[str, bool]]


def dump_paper(rows: list[tuple[str, str, str]]) -> str:
    """The paper as stored: [item digest, item id, letters in shown order] of each place."""
    return json.dumps(rows, separators=(",", ":"))


def item_ids(paper: str) -> list[str]:
    """The ids of the items of a stored paper, in its order."""
    return [row[1] for row in json.loads(paper)]


def list_placed(session: Session, paper: str) -> list[Placed]:
    """The items of a stored paper, as they were when it was drawn."""
    rows = json.loads(paper)
    items = load_items(session, [row[0] for row in rows])
    return [Placed(n, items[digest], letters) for n, (digest, _, letters) in enumerate(rows, 1)]


def has_critical(session: Session, digests: list[str]) -> bool:
    """Whether a paper drawn from these items may hold a critical one."""
    return any(item.critical for item in load_items(session, digests).values())


class Shapes:
    """The shapes of the papers lately answered. A paper never changes, so a shape is never stale; the oldest are dropped."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Shape] = OrderedDict()
        self._lock = Lock()

    def find(self, db: Database, attempt_id: int) -> Shape | None:
        """The shape of an attempt's paper, or None if there is no such attempt."""
        shape = self._kept.get(attempt_id)
        return shape or self._load(db, attempt_id)

    def _load(self, db: Database, attempt_id: int) -> Shape | None:
        with db.reading() as session:
            row = session.execute(select(Attempt.person_id, Attempt.paper).where(Attempt.id == attempt_id)).first()
            if row is None:
                return None
            shape = Shape(row.person_id, {p.item.id: (p.letters, p.item.kind == "single") for p in list_placed(session, row.paper)})
        with self._lock:
            self._kept[attempt_id] = shape
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return shape


def shapes_of(db: Database) -> Shapes:
    """The shapes kept for this database."""
    shapes: Shapes = db.info.setdefault(KEY, Shapes())
    return shapes
