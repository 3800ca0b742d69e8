"""The officer's desk: everybody of the subtrees who needs a scheme, counted and listed by standing."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from lms.certification.models import Assignment
from lms.certification.rules.standing import Standing, standing, value_on
from lms.certification.rules.terms import Record
from lms.certification.rules.waivers import waived_until
from lms.certification.scheme_terms import terms_of
from lms.certification.service.assign import needed_on
from lms.certification.service.records import ALL_WE_KNOW, Key, read_records, works_on
from lms.certification.service.waivers import read_waivers
from lms.content.catalogue import Catalogue
from lms.people.access import in_paths
from lms.people.models import Membership, Person, Unit

TILES = ("valid", "expiring", "bad", "never", "waived")
TILE_OF = {"valid": "valid", "expiring": "expiring", "none": "never", "expired": "bad", "retrain_required": "bad", "suspended": "bad", "revoked": "bad"}
WORST_FIRST = ("bad", "never", "expiring", "waived", "valid")


@dataclass(frozen=True, slots=True)
class Needed:
    """A person who needs a scheme, with the tile of the standing. waived_until: the last day on which nobody misses it, under that tile."""

    person_id: int
    name: str
    staff_code: str
    position: str
    unit: str
    scheme: str
    tile: str
    waived_until: date | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """People by tile, each counted once, out of `total`."""

    valid: int = 0
    expiring: int = 0
    bad: int = 0
    never: int = 0
    waived: int = 0

    @property
    def total(self) -> int:
        """The denominator: all who need the scheme (or any scheme) in the subtrees."""
        return self.valid + self.expiring + self.bad + self.never + self.waived


@dataclass(frozen=True)
class Desk:
    """Rows in the order of names, and how many people stand where. A person under several schemes counts by the worst of them."""

    rows: tuple[Needed, ...]
    counts: Counts
    records: dict[Key, Record]
    catalogue: Catalogue
    as_of: date

    def total(self, tiles: Collection[str]) -> int:
        """How many rows stand under the tiles."""
        return sum(row.tile in tiles for row in self.rows)

    def page(self, tiles: Collection[str], number: int, size: int) -> Sequence[tuple[Needed, Standing]]:
        """A page of the rows of the tiles, with the whole standing of each."""
        rows = [row for row in self.rows if row.tile in tiles][(number - 1) * size : number * size]
        return [(row, stand(self.catalogue, self, row, as_of=self.as_of)) for row in rows]


def read_desk(session: Session, *, catalogue: Catalogue, paths: tuple[str, ...], scheme: str | None, as_of: date, known_at: datetime = ALL_WE_KNOW) -> Desk:
    """Everybody in the subtrees who needs the scheme (or any) on a day: five queries, however many people."""
    schemes = chosen_schemes(catalogue, scheme)
    there = _there(paths, schemes, as_of)
    joined = select_needed(paths, schemes, as_of).order_by(Person.sort_key, Person.id, Assignment.scheme).distinct().add_columns(Person.sort_key)
    people = select(Assignment.person_id).join(Membership, Membership.person_id == Assignment.person_id).join(Unit, Unit.id == Membership.unit_id).where(*there)
    found = session.execute(joined).all()
    known = {key: one.known(known_at) for key, one in read_records(session, people=people, schemes=schemes, evidence=False).items()}
    terms = {slug: terms_of(catalogue.schemes[slug]) for slug in schemes}
    waivers = read_waivers(session, people, as_of, known_at)

    def needed(row: Row[int, str, str | None, str, str, str, str]) -> Needed:
        key = (row[0], row[5])
        value = value_on(terms[row[5]], known.get(key, Record()), as_of)
        until = waived_until(waivers.get(key, ()), value, as_of)
        return Needed(row[0], row[1], row[2] or "", row[3], row[4], row[5], "waived" if until else TILE_OF[value], until)

    rows = tuple(needed(row) for row in found)
    return Desk(rows, count_people(rows), known, catalogue, as_of)


def chosen_schemes(catalogue: Catalogue, scheme: str | None) -> list[str]:
    """The published scheme of that name, or all of them."""
    return [slug for slug in catalogue.schemes if scheme in (None, slug)]


def _there(paths: tuple[str, ...], schemes: Collection[str], on: date) -> tuple[Any, ...]:
    return (in_paths(Unit.path, paths), *works_on(on), Assignment.scheme.in_(schemes), *needed_on(on))


def select_needed(paths: tuple[str, ...], schemes: Collection[str], on: date) -> Select[int, str, str | None, str, str, str]:
    """Who of the subtrees needs which of the schemes on a day: id, full_name, staff_code, position, unit, scheme."""
    return (
        select(Person.id, Person.full_name, Person.staff_code, Membership.position, Unit.name.label("unit"), Assignment.scheme)
        .join(Assignment, Assignment.person_id == Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(*_there(paths, schemes, on))
    )


def count_people(rows: Sequence[Needed]) -> Counts:
    """Each person once, by the worst tile."""
    worst: dict[int, int] = {}
    for row in rows:
        worst[row.person_id] = min(WORST_FIRST.index(row.tile), worst.get(row.person_id, len(WORST_FIRST)))
    counted = Counter(WORST_FIRST[index] for index in worst.values())
    return Counts(**{tile: counted[tile] for tile in TILES})


def stand(catalogue: Catalogue, desk: Desk, row: Needed, *, as_of: date, known_at: datetime = ALL_WE_KNOW) -> Standing:
    """The whole standing of a row, with reason and what to do."""
    return standing(terms_of(catalogue.schemes[row.scheme]), desk.records.get((row.person_id, row.scheme), Record()), as_of=as_of, known_at=known_at)


def count_by_scheme(catalogue: Catalogue, desk: Desk) -> dict[str, Counts]:
    """Counts by scheme; schemes that nobody there needs are left out."""
    by_scheme = {slug: [row for row in desk.rows if row.scheme == slug] for slug in catalogue.schemes}
    return {slug: count_people(rows) for slug, rows in by_scheme.items() if rows}
