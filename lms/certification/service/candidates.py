"""Whom an officer may confirm now, and what the others lack."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from lms.certification.models import Assignment, Evidence
from lms.certification.rules.terms import Record
from lms.certification.rules.training import Training, training
from lms.certification.scheme_terms import terms_of
from lms.certification.service.assign import needed_on
from lms.certification.service.records import ALL_WE_KNOW, members, read_records, works_on
from lms.content.catalogue import Scheme
from lms.people.access import in_paths
from lms.people.models import Membership, Person, Unit

ORDER = ("awaiting_issue", "awaiting_exam", "in_training", "not_started")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person on the way to a confirmation."""

    person_id: int
    name: str
    staff_code: str
    unit: str
    training: Training


def list_candidates(session: Session, *, scheme: Scheme, paths: tuple[str, ...], as_of: date) -> list[Candidate]:
    """People of the subtrees who need the scheme or have evidence under it and are not at rest; the complete ones first, then by name.

    Five queries, however many people.
    """
    needed = select(Assignment.person_id).where(Assignment.scheme == scheme.slug, *needed_on(as_of))
    proven = select(Evidence.person_id).where(Evidence.scheme == scheme.slug, Evidence.kind != "external")
    concerned = union(needed, proven).subquery()
    rows = session.execute(
        select(Person.id, Person.full_name, Person.staff_code, Unit.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(in_paths(Unit.path, paths), *works_on(as_of), Person.id.in_(select(concerned.c.person_id)))
        .order_by(Person.sort_key, Person.id)
    ).all()
    records = read_records(session, people=members(paths, as_of), schemes=[scheme.slug], evidence=True)
    terms = terms_of(scheme)
    found = [
        Candidate(row[0], row[1], row[2] or "", row[3], training(terms, records.get((row[0], scheme.slug), Record()), as_of=as_of, known_at=ALL_WE_KNOW))
        for row in rows
    ]
    waiting = [one for one in found if one.training.value in ORDER]
    return sorted(waiting, key=lambda one: ORDER.index(one.training.value))
