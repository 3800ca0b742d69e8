"""Which items have been sat in a test: by revision, since an old one may still be what people answered."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.content.catalogue import Item
from lms.content.service.loading import load_items

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class SatItem:
    """A revision of an item, and in how many attempts of the test it is (void ones are not counted)."""

    item: Item
    attempts: int


def list_sat_items(session: Session, *, offering: str) -> list[SatItem]:
    """The revisions sat in a test, in the order of their files. Papers are read 1,000 at a time; the memory is that of the items."""
    counts: Counter[str] = Counter()
    after_id = 0
    while True:
        query = select(Attempt.id, Attempt.paper).where(Attempt.offering == offering, Attempt.state != "void", Attempt.id > after_id)
        rows = session.execute(query.order_by(Attempt.id).limit(CHUNK)).all()
        for row in rows:
            counts.update(placed[0] for placed in json.loads(row.paper))
        if len(rows) < CHUNK:
            break
        after_id = rows[-1].id
    items = load_items(session, list(counts))
    return sorted((SatItem(items[digest], n) for digest, n in counts.items()), key=_place)


def _place(one: SatItem) -> tuple[Sequence[object], str]:
    file, _, line = one.item.place.rpartition(":")
    return (file, int(line) if line.isdecimal() else 0), one.item.digest
