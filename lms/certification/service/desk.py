"""The officer's desk: everybody of the subtrees who needs a scheme, counted and listed by standing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.certification.models import Assignment
from lms.certification.rules.standing import Standing, standing, value_on
from lms.certification.rules.terms import Record
from lms.certification.scheme_terms import terms_of
from lms.certification.service.assign import needed_on
from lms.certification.service.records import ALL_WE_KNOW, Key, read_records, works_on
from lms.content.catalogue import Catalogue
from lms.people.access import in_paths
from lms.people.models import Membership, Person, Unit

TILES = ("valid", "expiring", "bad", "never")
TILE_OF = {"valid": "valid", "expiring": "expiring", "none": "never", "expired": "bad", "retrain_required": "bad", "suspended": "bad", "revoked": "bad"}
WORST_FIRST = ("bad", "never", "expiring", "valid")


@dataclass(frozen=True, slots=True)
class Needed:
    """A person who needs a scheme, with the tile of the standing."""

    person_id: int
    name: str
    staff_code: str
    position: str
    unit: str
    scheme: str
    tile: str


@dataclass(frozen=True, slots=True)
class Counts:
    """People by tile, each counted once, out of `total`."""

    valid: int = 0
    expiring: int = 0
    bad: int = 0
    never: int = 0

    @property
    def total(self) -> int:
        """The denominator: all who need the scheme (or any scheme) in the subtrees."""
        return self.valid + self.expiring + self.bad + self.never


@dataclass(frozen=True)
class Desk:
    """Rows in the order of names, and how many people stand where. A person under several schemes counts by the worst of them."""

    rows: tuple[Needed, ...]
    counts: Counts
    records: dict[Key, Record]


def read_desk(session: Session, *, catalogue: Catalogue, paths: tuple[str, ...], scheme: str | None, as_of: date, known_at: datetime = ALL_WE_KNOW) -> Desk:
    """Everybody in the subtrees who needs the scheme (or any) on a day: four queries, however many people."""
    schemes = [slug for slug in catalogue.schemes if scheme in (None, slug)]
    there = (in_paths(Unit.path, paths), *works_on(as_of), Assignment.scheme.in_(schemes), *needed_on(as_of))
    joined = (
        select(Person.id, Person.full_name, Person.staff_code, Membership.position, Unit.name, Assignment.scheme)
        .join(Assignment, Assignment.person_id == Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(*there)
        .order_by(Person.sort_key, Person.id, Assignment.scheme)
        .distinct()
        .add_columns(Person.sort_key)
    )
    people = select(Assignment.person_id).join(Membership, Membership.person_id == Assignment.person_id).join(Unit, Unit.id == Membership.unit_id).where(*there)
    found = session.execute(joined).all()
    known = {key: one.known(known_at) for key, one in read_records(session, people=people, schemes=schemes, evidence=False).items()}
    terms = {slug: terms_of(catalogue.schemes[slug]) for slug in schemes}
    rows = tuple(
        Needed(row[0], row[1], row[2] or "", row[3], row[4], row[5], TILE_OF[value_on(terms[row[5]], known.get((row[0], row[5]), Record()), as_of)])
        for row in found
    )
    return Desk(rows, count_people(rows), known)


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


def summary(session: Session, catalogue: Catalogue, paths: tuple[str, ...], as_of: date) -> dict[str, Counts]:
    """Counts by scheme over the subtrees, for home pages; schemes that nobody there needs are left out."""
    desk = read_desk(session, catalogue=catalogue, paths=paths, scheme=None, as_of=as_of)
    by_scheme = {slug: [row for row in desk.rows if row.scheme == slug] for slug in catalogue.schemes}
    return {slug: count_people(rows) for slug, rows in by_scheme.items() if rows}
