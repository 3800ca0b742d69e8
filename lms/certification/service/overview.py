"""The desk from the cache of statuses: counted and paged by the database, so that a page costs the same code however many people.

The cache speaks only of today, and only while it is of the published schemes and no day of change has come that it has not taken up;
`open_desk` and `summary` ask the function wherever it does not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from lms.certification.models import Assignment, CachedStatus
from lms.certification.rules.standing import Standing, standing
from lms.certification.rules.terms import Record
from lms.certification.rules.waivers import WAIVABLE, waived_until
from lms.certification.scheme_terms import terms_of
from lms.certification.service.desk import TILE_OF, TILES, WORST_FIRST, Counts, Desk, Needed, chosen_schemes, count_by_scheme, read_desk, select_needed
from lms.certification.service.records import ALL_WE_KNOW, read_records
from lms.certification.service.statuses import speaks
from lms.certification.service.waivers import is_waived, read_waivers
from lms.content.catalogue import Catalogue
from lms.people.models import Person

Listed = Sequence[tuple[Needed, Standing]]


@dataclass(frozen=True)
class Overview:
    """A desk of today: `counts` as of `Desk`, `rows_by_tile` the number of rows (person and scheme) of each tile."""

    session: Session
    catalogue: Catalogue
    needed: Subquery
    counts: Counts
    rows_by_tile: dict[str, int]
    today: date

    def total(self, tiles: Collection[str]) -> int:
        """How many rows stand under the tiles."""
        return sum(self.rows_by_tile[tile] for tile in set(tiles))

    def page(self, tiles: Collection[str], number: int, size: int) -> Listed:
        """A page of the rows of the tiles in the order of names, with the whole standing of each: five queries."""
        n = self.needed.c
        wanted = select(n.id, n.full_name, n.staff_code, n.position, n.unit, n.scheme, n.worst).where(n.worst.in_([WORST_FIRST.index(tile) for tile in tiles]))
        rows = self.session.execute(wanted.order_by(n.sort_key, n.id, n.scheme).offset((number - 1) * size).limit(size)).all()
        records = read_records(self.session, people={row[0] for row in rows}, schemes={row[5] for row in rows}, evidence=False)
        waivers = read_waivers(self.session, {row[0] for row in rows}, self.today)
        listed = []
        for row in rows:
            key = (row[0], row[5])
            stands = standing(terms_of(self.catalogue.schemes[row[5]]), records.get(key, Record()), as_of=self.today, known_at=ALL_WE_KNOW)
            until = waived_until(waivers.get(key, ()), stands.value, self.today)
            listed.append((Needed(row[0], row[1], row[2] or "", row[3], row[4], row[5], WORST_FIRST[row[6]], until), stands))
        return listed


def open_desk(session: Session, *, catalogue: Catalogue, paths: tuple[str, ...], scheme: str | None, as_of: date, today: date) -> Overview | Desk:
    """The desk of a day: from the cache where it speaks, else by the function."""
    schemes = chosen_schemes(catalogue, scheme)
    if as_of != today or not _speaks(session, catalogue, schemes, today):
        return read_desk(session, catalogue=catalogue, paths=paths, scheme=scheme, as_of=as_of)
    needed = _needed(paths, schemes, today)
    of_person = select(func.min(needed.c.worst).label("worst")).group_by(needed.c.id).subquery()
    return Overview(session, catalogue, needed, Counts(**_by_tile(session, of_person)), _by_tile(session, needed), today)


def summary(session: Session, catalogue: Catalogue, paths: tuple[str, ...], today: date) -> dict[str, Counts]:
    """Counts by scheme over the subtrees, for home pages; schemes that nobody there needs are left out."""
    schemes = chosen_schemes(catalogue, None)
    if not _speaks(session, catalogue, schemes, today):
        return count_by_scheme(catalogue, read_desk(session, catalogue=catalogue, paths=paths, scheme=None, as_of=today))
    needed = _needed(paths, schemes, today)
    worst = select(needed.c.scheme, func.min(needed.c.worst).label("worst")).group_by(needed.c.scheme, needed.c.id).subquery()
    found: dict[str, dict[str, int]] = {}
    for slug, index, n in session.execute(select(worst.c.scheme, worst.c.worst, func.count()).group_by(worst.c.scheme, worst.c.worst)):
        found.setdefault(slug, dict.fromkeys(TILES, 0))[WORST_FIRST[index]] = n
    return {slug: Counts(**found[slug]) for slug in schemes if slug in found}


def _speaks(session: Session, catalogue: Catalogue, schemes: Sequence[str], today: date) -> bool:
    return speaks(session, {slug: catalogue.schemes[slug].digest for slug in schemes}, today)


def _needed(paths: tuple[str, ...], schemes: Sequence[str], today: date) -> Subquery:
    missing = or_(CachedStatus.standing.is_(None), CachedStatus.standing.in_(WAIVABLE))
    waived = and_(missing, is_waived(Assignment.person_id, Assignment.scheme, today))
    tile: Any = case(
        (waived, WORST_FIRST.index("waived")),
        *((CachedStatus.standing == value, WORST_FIRST.index(tile)) for value, tile in TILE_OF.items()),
        else_=WORST_FIRST.index("never"),
    )
    cached = and_(CachedStatus.person_id == Assignment.person_id, CachedStatus.scheme == Assignment.scheme)
    asked = select_needed(paths, schemes, today).outerjoin(CachedStatus, cached).add_columns(Person.sort_key, tile.label("worst"))
    return asked.distinct().subquery()


def _by_tile(session: Session, rows: Subquery) -> dict[str, int]:
    found: dict[int, int] = {index: n for index, n in session.execute(select(rows.c.worst, func.count()).group_by(rows.c.worst))}  # noqa: C416  (rows)
    return {tile: found.get(WORST_FIRST.index(tile), 0) for tile in TILES}
