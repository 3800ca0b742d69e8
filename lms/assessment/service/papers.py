"""The paper of an attempt: what was drawn for it, as stored, and its shape in the process's memory."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.assessment.rules.answers.canonical import Asked
from lms.assessment.rules.navigation import steps_of
from lms.assessment.rules.terms import Terms
from lms.content.catalogue import Item
from lms.content.service.loading import load_items
from lms.platform.db import Database

KEY = "assessment.shapes"
KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Placed:
    """An item in its place of a paper (from 1), with its choices, and the right side of a matching, in the order shown."""

    n: int
    item: Item
    letters: str
    targets: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """Whose attempt it is and, by item id, what may be answered and in which step of the paper. practice: see `Attempt`."""

    person_id: int
    answers: dict[str, Asked]
    steps: dict[str, int]
    practice: bool = False


Row = tuple[str, str, str] | tuple[str, str, str, str]
"""[item digest, item id, letters in shown order], and of a matching the letters of its right side in shown order."""


@lru_cache(maxsize=4096)
def _asked(kind: str, letters: str, targets: str, gaps: int) -> Asked:
    """One object for all items that ask alike, since thousands of papers are kept."""
    return Asked(kind, letters, targets, gaps)


def asked_of(item: Item) -> Asked:
    """What may be answered to an item."""
    letters, targets = ("".join(sorted(choice.letter for choice in side)) for side in (item.choices, item.targets))
    return _asked(item.shown_kind, letters, targets, len(item.blanks) if item.kind == "gaps" else 0)


def dump_paper(rows: Sequence[Row]) -> str:
    """The paper as stored."""
    return json.dumps(rows, separators=(",", ":"))


def item_ids(paper: str) -> list[str]:
    """The ids of the items of a stored paper, in its order."""
    return [row[1] for row in json.loads(paper)]


def list_placed(session: Session, paper: str) -> list[Placed]:
    """The items of a stored paper, as they were when it was drawn."""
    rows = json.loads(paper)
    items = load_items(session, [row[0] for row in rows])
    return [Placed(n, items[digest], letters, "".join(targets)) for n, (digest, _, letters, *targets) in enumerate(rows, 1)]


def has_critical(session: Session, digests: list[str]) -> bool:
    """Whether a paper drawn from these items may hold a critical one."""
    return any(item.critical for item in load_items(session, digests).values())


def has_essay(session: Session, digests: list[str]) -> bool:
    """Whether a paper drawn from these items may hold one that a person marks."""
    return any(item.kind == "essay" and not item.accept for item in load_items(session, digests).values())


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
            row = session.execute(select(Attempt.person_id, Attempt.paper, Attempt.rules).where(Attempt.id == attempt_id)).first()
            if row is None:
                return None
            terms = Terms.from_json(row.rules)
            answers = {p.item.id: asked_of(p.item) for p in list_placed(session, row.paper)}
            steps = {} if terms.navigation == "free" else steps_of(terms.navigation, list(answers), terms.sections)
            shape = Shape(row.person_id, answers, steps, terms.practice)
        with self._lock:
            self._kept[attempt_id] = shape
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return shape


def shapes_of(db: Database) -> Shapes:
    """The shapes kept for this database."""
    shapes: Shapes = db.info.setdefault(KEY, Shapes())
    return shapes
