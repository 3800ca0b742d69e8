"""Scoring a stored paper with the corrections in force: the one way, for a paper that closes and for one that is scored again."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.correction_models import Correction
from lms.assessment.models import EssayMark
from lms.assessment.rules.corrections import Amendment, Given, Memo, Scored, Step, accepted_key, key_of_revision, score_paper
from lms.assessment.rules.rejudging import Letters
from lms.assessment.rules.scoring import ItemScore, Keyed, Verdict
from lms.assessment.rules.terms import Terms
from lms.assessment.service.keys import key_of, keyed
from lms.content.service.loading import load_items

Row = tuple[str, str, str, str, Verdict, int, int]
"""[item id, digest, topic, answer, verdict, points, most points] of a stored result."""
Marks = Mapping[str, tuple[int, ...]]
"""The percents of a paper's marked essays by item id."""
NEXT = 2**31 - 1
"""The place of a correction that has no id yet."""
MEMO_MOST = 20_000


def score_closed(session: Session, *, offering: str, terms: Terms, given: Sequence[Given]) -> Scored:
    """Score the paper of an attempt at an offering with every correction in force. One query."""
    steps = load_steps(session, {one.item.digest for one in given}, offerings={offering})
    return score_paper(given, terms, steps[offering])


def load_steps(session: Session, digests: Collection[str], *, offerings: Collection[str]) -> dict[str, list[Step]]:
    """The corrections of these revisions in the order in which they were made, by the offerings for which they hold. One query, none for no revision."""
    found: dict[str, list[Step]] = {offering: [] for offering in offerings}
    if not digests:
        return found
    query = select(Correction).where(Correction.digest.in_(digests), Correction.offering.in_(["", *offerings])).order_by(Correction.id)
    for row in session.scalars(query):
        step = step_of(session, row)
        for offering in offerings:
            if row.offering in ("", offering):
                found[offering].append(step)
    return found


def step_of(session: Session, row: Correction) -> Step:
    """A correction as scoring sees it; one that is not stored yet comes after all others."""
    id_ = row.id or NEXT
    if row.kind == "undo":
        return Step(id_, Amendment(row.digest, "drop"), takes_back=row.undoes, never_lower=row.never_lower)
    if row.kind in ("full", "drop"):
        return Step(id_, Amendment(row.digest, row.kind), never_lower=row.never_lower)  # type: ignore[arg-type]
    items = load_items(session, [row.digest, *([row.to_digest] if row.to_digest else [])])
    old = key_of(items[row.digest])
    if row.kind == "accept":
        return Step(id_, Amendment(row.digest, "accept", accepted_key(old, row.answer)), never_lower=row.never_lower)
    key = key_of_revision(old, key_of(items[row.to_digest]), letters_of(row.letters))
    return Step(id_, Amendment(row.digest, "key", key), never_lower=row.never_lower)


def letters_of(stored: str) -> Letters:
    """Which letter is which, as it is stored with a correction."""
    sides = json.loads(stored)
    return Letters(sides.get("choices", {}), sides.get("targets", {}))


def rows_of(items: str) -> list[Row]:
    """The rows of a stored result."""
    return [tuple(row) for row in json.loads(items)]


class Papers:
    """Stored results as they were answered, ready to be scored again; items are read once for all of them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._keyed: dict[str, Keyed] = {}
        self._memos: dict[tuple[int, ...], Memo] = {}

    def memo(self, marks: tuple[int, ...]) -> Memo:
        """What answers bring by these marks, as far as it is known; begun anew before it grows large."""
        memo = self._memos.setdefault(marks, {})
        if len(memo) > MEMO_MOST:
            memo.clear()
        return memo

    def given(self, rows: Sequence[Row], marks: Marks) -> list[Given]:
        """The items of a stored result as they were answered, and as they were marked."""
        return [Given(item, row[3], marks.get(row[0]) if row[3] or item.key.performed else None) for item, row in zip(self._items(rows), rows, strict=True)]

    def stored(self, rows: Sequence[Row]) -> list[ItemScore]:
        """A stored result as it stands."""
        return [ItemScore(item, row[3], row[4], row[5], row[6]) for item, row in zip(self._items(rows), rows, strict=True)]

    def _items(self, rows: Sequence[Row]) -> list[Keyed]:
        missing = [row[1] for row in rows if row[1] not in self._keyed]
        if missing:
            self._keyed |= {digest: keyed(item) for digest, item in load_items(self._session, missing).items()}
        return [self._keyed[row[1]] for row in rows]


def marks_of(session: Session, attempt_ids: Collection[int]) -> dict[int, dict[str, EssayMark]]:
    """The marks of essays that count, by attempt and item: of each the one of the latest version. One query, none for no attempt."""
    found: defaultdict[int, dict[str, EssayMark]] = defaultdict(dict)
    if attempt_ids:
        query = select(EssayMark).where(EssayMark.attempt_id.in_(attempt_ids)).order_by(EssayMark.attempt_id, EssayMark.version)
        for mark in session.scalars(query):
            found[mark.attempt_id][mark.item_id] = mark
    return found


def percents_of(marks: Mapping[str, EssayMark]) -> dict[str, tuple[int, ...]]:
    """The percents of the criteria by item."""
    return {item_id: tuple(json.loads(mark.percents)) for item_id, mark in marks.items()}
