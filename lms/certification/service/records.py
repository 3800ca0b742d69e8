"""Reading what the rules need, for one person or for all of a subtree, in the same few queries."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.certification.models import Evidence, EvidenceMark, Period, PeriodMark, TrainingTrigger
from lms.certification.rules import terms
from lms.errors import NotFound
from lms.people.access import in_paths
from lms.people.models import Membership, Person, Unit
from lms.people.service import scope

ALL_WE_KNOW = datetime(9999, 12, 31, tzinfo=UTC)
"""An instant after every record: the reader asks for what is known today."""

People = Select[Any] | Collection[int]
Key = tuple[int, str]


def members(paths: tuple[str, ...], on: date) -> Select[Any]:
    """The ids of the people whose main place of work on a day lies in the subtrees."""
    return select(Membership.person_id).join(Unit, Unit.id == Membership.unit_id).where(in_paths(Unit.path, paths), *works_on(on))


def works_on(on: date) -> tuple[Any, ...]:
    """The conditions that a membership is the main one on a day."""
    return Membership.main, scope.works_on(on)


def get_member(session: Session, *, paths: tuple[str, ...], person_id: int, on: date) -> tuple[Person, Membership, Unit]:
    """A person of the subtrees, with the place of work on a day. Raises NotFound, also for a person elsewhere."""
    wanted = (
        select(Person, Membership, Unit)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Person.id == person_id, in_paths(Unit.path, paths), *works_on(on))
    )
    row = session.execute(wanted).first()
    if row is None:
        raise NotFound("There is no such person in your scope.")
    return row[0], row[1], row[2]


def read_records(session: Session, *, people: People, schemes: Collection[str], evidence: bool) -> dict[Key, terms.Record]:
    """The records of people by (person, scheme): three queries, four with the evidence, however many people."""
    periods = _read_periods(session, people, schemes)
    triggers: defaultdict[Key, list[terms.Trigger]] = defaultdict(list)
    t = TrainingTrigger
    for row in session.execute(select(t.person_id, t.scheme, t.id, t.kind, t.on, t.recorded_at).where(t.person_id.in_(people), t.scheme.in_(schemes))):
        triggers[row[0], row[1]].append(terms.Trigger(row[2], row[3], row[4], row[5]))
    proofs = _read_evidence(session, people, schemes) if evidence else {}
    keys = {*periods, *triggers, *proofs}
    return {key: terms.Record(tuple(proofs.get(key, ())), tuple(periods.get(key, ())), tuple(triggers.get(key, ()))) for key in keys}


def _read_periods(session: Session, people: People, schemes: Collection[str]) -> dict[Key, list[terms.Period]]:
    p, m = Period, PeriodMark
    chosen = (p.person_id.in_(people), p.scheme.in_(schemes))
    marks: defaultdict[int, list[terms.Mark]] = defaultdict(list)
    for row in session.execute(select(m.period_id, m.id, m.kind, m.on, m.at).join(p, p.id == m.period_id).where(*chosen)):
        marks[row[0]].append(terms.Mark(row[1], row[2], row[3], row[4]))
    found: defaultdict[Key, list[terms.Period]] = defaultdict(list)
    rows = session.execute(select(p.person_id, p.scheme, p.id, p.from_on, p.until_on, p.confirmed_at, p.evidence_ids).where(*chosen))
    for person_id, scheme, period_id, from_on, until_on, at, used in rows:
        found[person_id, scheme].append(terms.Period(period_id, from_on, until_on, at, frozenset(json.loads(used)), tuple(marks.get(period_id, ()))))
    return found


@lru_cache(maxsize=4096)
def _seconds(text: str) -> Mapping[str, int]:
    """Seconds by part, read once for all proofs that say the same."""
    return MappingProxyType(json.loads(text))


def _read_evidence(session: Session, people: People, schemes: Collection[str]) -> dict[Key, list[terms.Evidence]]:
    e, m = Evidence, EvidenceMark
    found: dict[int, tuple[Key, terms.Evidence]] = {}
    wanted = select(e.person_id, e.scheme, e.id, e.kind, e.seconds, e.on, e.recorded_at, m.id, m.kind, m.at).outerjoin(m, m.evidence_id == e.id)
    for row in session.execute(wanted.where(e.person_id.in_(people), e.scheme.in_(schemes))):
        marks: tuple[terms.EvidenceMark, ...] = (terms.EvidenceMark(row[7], row[8], row[9]),) if row[7] is not None else ()
        if row[2] in found:
            marks = found[row[2]][1].marks + marks
        found[row[2]] = ((row[0], row[1]), terms.Evidence(row[2], row[3], _seconds(row[4]), row[5], row[6], marks))
    by_key: defaultdict[Key, list[terms.Evidence]] = defaultdict(list)
    for key, proof in found.values():
        by_key[key].append(proof)
    return by_key
