"""Ids of items for ever: a deleted one is remembered, and comes back with its own key or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lms.content.items.making import propose_id
from lms.content.models import ItemLife, ItemRevision
from lms.content.packages.compiler import Compiled
from lms.content.packages.workspace import Package
from lms.content.source.problems import Findings, Place, Problem
from lms.content.source.tree import ContentTree
from lms.platform.db import insert_into
from lms.platform.rules import phrase

BATCH = 500
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The last revision of a deleted item. keys: the digests with which it may come back."""

    digest: str
    place: str
    keys: frozenset[str]


def list_tombstones(session: Session) -> dict[str, Tombstone]:
    """The deleted items by id; those deleted before lives were recorded are known by their revisions."""
    gone = {
        row.item_id: Tombstone(row.digest, row.place, frozenset({row.key_digest}))
        for row in session.execute(select(ItemLife.item_id, ItemLife.digest, ItemLife.key_digest, ItemLife.place).where(ItemLife.gone_at.is_not(None)))
    }
    if session.scalar(select(func.count()).select_from(ItemLife)):
        older: dict[str, list[tuple[str, str]]] = {}
        unknown = select(ItemRevision.item_id, ItemRevision.digest, ItemRevision.key_digest).outerjoin(ItemLife, ItemLife.item_id == ItemRevision.item_id)
        for row in session.execute(unknown.where(ItemLife.item_id.is_(None))):
            older.setdefault(row.item_id, []).append((row.digest, row.key_digest))
        gone |= {id_: Tombstone(those[-1][0], "", frozenset(key for _, key in those)) for id_, those in older.items()}
    return gone


def find_returned(session: Session, compiled: Compiled, tree: ContentTree) -> tuple[Problem, ...]:
    """An error for each deleted id that another item has taken, at its line, naming the former revision."""
    gone = list_tombstones(session)
    found = Findings()
    for package in compiled.packages.values():
        for item in package.items:
            former = gone.get(item.id)
            if former and item.key_digest not in former.keys:
                message = phrase(
                    "The id %(id)s belongs to a deleted item with another key (revision %(revision)s, %(place)s).",
                    id=item.id,
                    revision=former.digest[:SHOWN],
                    place=former.place or "–",
                )
                hint = phrase("Give the new one an id of its own, for example #%(example)s.", example=propose_id(item.digest))
                found.error(Place(item.place, line_of_id(tree, item.place, item.id)), "item-other-key", message, hint)
    return tuple(found.problems)


def line_of_id(tree: ContentTree, path: str, item_id: str) -> int:
    """The line of a file in which an item begins; 1 if it is not found."""
    text = tree.files.get(path, b"").decode("utf-8", "replace")
    return next((number for number, line in enumerate(text.splitlines(), 1) if line.startswith("##") and item_id in line), 1)


def record_lives(session: Session, published: Iterable[Package], kept: Iterable[str], *, now: datetime) -> None:
    """Keep which items live where, and from when on one is gone. kept: packages that stay as they were, whose items live on."""
    known = {row.item_id: row for row in session.execute(select(ItemLife.item_id, ItemLife.digest, ItemLife.place, ItemLife.package, ItemLife.gone_at))}
    stays = set(kept)
    living: dict[str, dict[str, object]] = {}
    for package in published:
        for item in package.items:
            living[item.id] = {"item_id": item.id, "package": package.name, "place": item.place, "digest": item.digest, "key_digest": item.key_digest}
            living[item.id]["gone_at"] = None
    changed = [
        row for id_, row in living.items() if id_ not in known or any(getattr(known[id_], key) != row[key] for key in ("digest", "place", "package", "gone_at"))
    ]
    for start in range(0, len(changed), BATCH):
        insert = insert_into(session, ItemLife)
        fresh = {key: insert.excluded[key] for key in ("package", "place", "digest", "key_digest", "gone_at")}
        session.execute(insert.on_conflict_do_update(index_elements=["item_id"], set_=fresh), changed[start : start + BATCH])
    left = [id_ for id_, row in known.items() if id_ not in living and row.package not in stays and row.gone_at is None]
    for start in range(0, len(left), BATCH):
        session.execute(update(ItemLife).where(ItemLife.item_id.in_(left[start : start + BATCH])).values(gone_at=now))
