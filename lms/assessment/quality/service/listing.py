"""Lists of items with their figures: what should be looked at first, and one item with its history."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, desc, func, select
from sqlalchemy.orm import Session

from lms.assessment.quality.models import ItemFigures, ItemReport, ItemReportAnswer
from lms.assessment.quality.rules.looking import Figures, Flag
from lms.assessment.quality.service.computing import ItemLine, read_body
from lms.content.catalogue import Item
from lms.content.models import ItemLife
from lms.content.service.loading import load_items
from lms.errors import NotFound

PAGE = 50
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """An item in the list. place: file:line where it stands now, or stood last; gone_at: since when it is in no bank any more.

    waiting: reports of learners without an answer; reports: all of them.
    """

    item: Item
    place: str
    gone_at: datetime | None
    figures: Figures
    flags: tuple[Flag, ...]
    waiting: int
    reports: int


@dataclass(frozen=True, slots=True)
class Revised:
    """A revision that was sat, with its figures; item: None for the row of all revisions together."""

    item: Item | None
    figures: Figures
    flags: tuple[Flag, ...]


def list_items(session: Session, *, scope: str, bank: str = "", page: int = 1) -> tuple[list[Listed], int]:
    """The items of a scope, what needs looking at first: reported ones, then by their flags, then by how often they were sat. Four queries at most."""
    query, waiting, reports = _rows(scope, bank)
    total = session.execute(select(func.count()).select_from(ItemFigures).where(*_listed(scope, bank))).scalar_one()
    order = (desc(waiting), ItemFigures.look.desc(), ItemFigures.n.desc(), ItemFigures.item_id)
    rows = session.execute(query.add_columns(waiting, reports).order_by(*order).offset((page - 1) * PAGE).limit(PAGE)).all()
    return list(_shown(session, rows)), total


def each_item(session: Session, *, scope: str, bank: str = "") -> Iterator[Listed]:
    """Every item of a scope in the same order, a batch at a time."""
    page = 1
    while True:
        found, total = list_items(session, scope=scope, bank=bank, page=page)
        yield from found
        if not found or page * PAGE >= total:
            return
        page += 1


def _listed(scope: str, bank: str) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [ItemFigures.scope == scope, ItemFigures.listed.is_(True)]
    return [*wanted, ItemFigures.bank == bank] if bank else wanted


def _rows(scope: str, bank: str) -> tuple[Select[ItemFigures], ScalarSelect[int], ScalarSelect[int]]:
    of_item = (ItemReport.item_id == ItemFigures.item_id, *([ItemReport.offering == scope] if scope else []))
    every = select(func.count()).select_from(ItemReport).where(*of_item)
    open_ones = every.outerjoin(ItemReportAnswer).where(ItemReportAnswer.report_id.is_(None))
    query = select(ItemFigures).where(*_listed(scope, bank))
    return query, open_ones.correlate(ItemFigures).scalar_subquery(), every.correlate(ItemFigures).scalar_subquery()


def _shown(session: Session, rows: Collection[object]) -> Iterator[Listed]:
    kept = [(row[0], row[1], row[2]) for row in rows]  # type: ignore[index]
    items = load_items(session, [figures.digest for figures, _, _ in kept])
    lives = list_lives(session, [figures.item_id for figures, _, _ in kept])
    for row, waiting, reports in kept:
        item = items[row.digest]
        life = lives.get(row.item_id)
        figures, flags = read_body(row.body)
        yield Listed(item, row.place, life.gone_at if life else None, figures, flags, waiting, reports)


def list_lives(session: Session, item_ids: Collection[str]) -> dict[str, ItemLife]:
    """Where items stand now, by id."""
    return {life.item_id: life for life in session.scalars(select(ItemLife).where(ItemLife.item_id.in_(item_ids)))}


def list_paths(session: Session, lines: Collection[ItemLine]) -> dict[str, str]:
    """The files in which items stand now, or stood last, by id."""
    return _paths(session, {line.item_id: line.path for line in lines})


def list_paths_of(session: Session, items: Collection[Item]) -> dict[str, str]:
    """The same of item revisions."""
    return _paths(session, {item.id: item.place for item in items})


def _paths(session: Session, paths: dict[str, str]) -> dict[str, str]:
    ids = list(paths)
    for start in range(0, len(ids), CHUNK):
        paths |= {item_id: life.place for item_id, life in list_lives(session, ids[start : start + CHUNK]).items()}
    return paths


def list_banks(session: Session, *, scope: str) -> list[str]:
    """The banks of which items were sat."""
    return list(session.scalars(select(ItemFigures.bank).where(ItemFigures.scope == scope, ItemFigures.listed).distinct().order_by(ItemFigures.bank)))


def get_item(session: Session, *, scope: str, item_id: str) -> tuple[str, list[Revised]]:
    """Where an item stands (file:line) and its revisions, the one sat last first and all together at the end. Raises NotFound if it has no figures.

    Two queries whatever its history.
    """
    query = select(ItemFigures).where(ItemFigures.scope == scope, ItemFigures.item_id == item_id)
    rows = session.scalars(query.order_by(ItemFigures.last_attempt.desc(), ItemFigures.digest)).all()
    if not rows:
        raise NotFound("There are no figures of this question yet.")
    items = load_items(session, [row.digest for row in rows if row.digest])
    revised = [Revised(items.get(row.digest), *read_body(row.body)) for row in sorted(rows, key=lambda row: (not row.digest, not row.listed))]
    return rows[0].place, revised
