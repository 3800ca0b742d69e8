"""May these people be counted as trained on a day? Reckoned from the records themselves, never from a cache."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from lms.certification.models import Assignment
from lms.certification.rules.fitness import is_fit
from lms.certification.rules.standing import Standing, standing
from lms.certification.rules.terms import Record
from lms.certification.scheme_terms import get_scheme, terms_of
from lms.certification.service.assign import needed_on
from lms.certification.service.records import ALL_WE_KNOW, read_records, works_on
from lms.content.catalogue import Catalogue
from lms.people.access import in_paths
from lms.people.models import Membership, Person, Unit
from lms.people.rules import normal_code
from lms.people.service.listing import search_words

MOST = 20
"""People shown at once; a gate asks about one."""


@dataclass(frozen=True, slots=True)
class Fitness:
    """The answer about one person: fit, and the standing under each scheme that was asked about (slug first)."""

    person_id: int
    name: str
    staff_code: str
    position: str
    unit: str
    fit: bool
    standings: tuple[tuple[str, Standing], ...]


def ask_fitness(
    session: Session, *, catalogue: Catalogue, paths: tuple[str, ...], words: str, scheme: str | None, as_of: date
) -> tuple[Sequence[Fitness], bool]:
    """Whoever works in the subtrees on the day and is meant by words of the name, staff code or phone, and whether there are more than `MOST`.

    scheme: the one asked about; without it, every scheme that the person needs on the day. The person of exactly that staff code comes
    first. Three queries, four without a scheme. Raises NotFound for a scheme that is not published.
    """
    if scheme:
        get_scheme(catalogue, scheme)
    rows = _find(session, paths, words, as_of)
    ids = [row[0] for row in rows[:MOST]]
    asked = _asked_about(session, catalogue, ids, scheme, as_of)
    schemes = sorted({slug for slugs in asked.values() for slug in slugs})
    records = read_records(session, people=ids, schemes=schemes, evidence=False)
    found = []
    for person_id, name, code, position, unit in rows[:MOST]:
        stands = tuple(
            (slug, standing(terms_of(catalogue.schemes[slug]), records.get((person_id, slug), Record()), as_of=as_of, known_at=ALL_WE_KNOW))
            for slug in asked[person_id]
        )
        found.append(Fitness(person_id, name, code or "", position, unit, is_fit(one.value for _, one in stands), stands))
    return found, len(rows) > MOST


def _find(session: Session, paths: tuple[str, ...], words: str, as_of: date) -> Sequence[tuple[int, str, str | None, str, str]]:
    parts = search_words(words)
    if not parts:
        return []
    wanted = (
        select(Person.id, Person.full_name, Person.staff_code, Membership.position, Unit.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(in_paths(Unit.path, paths), *works_on(as_of), *(Person.search_text.contains(word, autoescape=True) for word in parts))
        .order_by(case((Person.staff_code == normal_code(words), 0), else_=1), Person.sort_key, Person.id)
        .limit(MOST + 1)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in session.execute(wanted)]


def _asked_about(session: Session, catalogue: Catalogue, ids: Sequence[int], scheme: str | None, as_of: date) -> dict[int, list[str]]:
    """The schemes to look at for each person. One that is needed and no longer published is left out by nobody's wish: it counts as not proved."""
    if scheme:
        return {person_id: [scheme] for person_id in ids}
    needed: defaultdict[int, list[str]] = defaultdict(list)
    chosen = select(Assignment.person_id, Assignment.scheme).where(Assignment.person_id.in_(ids), *needed_on(as_of)).distinct()
    for person_id, slug in session.execute(chosen.order_by(Assignment.person_id, Assignment.scheme)):
        needed[person_id].append(slug)
    return {person_id: needed[person_id] if all(slug in catalogue.schemes for slug in needed[person_id]) else [] for person_id in ids}
