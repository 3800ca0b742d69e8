"""Which confirmed training rests on attempts: evidence, the periods that used it, their documents. Nothing is changed."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.certification.models import Document, Evidence, Period, PeriodMark
from lms.certification.service.intake import is_withdrawn
from lms.content.impact.rooms import Resting

CHUNK = 500
ATTEMPT = "attempt:"
ENDS = ("revoked", "superseded")
"""A revoked period has still used its proofs; those of a superseded one count again."""


@dataclass
class _Scheme:
    """What is known of a scheme: proofs that fall (evidence id -> person), those that stay, and what was counted."""

    falling: dict[int, int] = field(default_factory=dict)
    staying: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    used: set[int] = field(default_factory=set)
    periods: int = 0
    in_force: int = 0
    alone: int = 0
    documents: int = 0


def find_resting(session: Session, *, attempt_ids: Collection[int], today: date) -> tuple[Resting, ...]:
    """See `RestingOf`: two queries however many attempts and people there are, one where no proof falls, none where no attempt is asked for."""
    schemes = _read_proofs(session, {f"{ATTEMPT}{id_}" for id_ in attempt_ids}) if attempt_ids else {}
    if schemes:
        _count_periods(session, schemes, today)
    return tuple(_resting(scheme, one) for scheme, one in sorted(schemes.items()))


def _read_proofs(session: Session, falling: set[str]) -> dict[str, _Scheme]:
    found: dict[str, _Scheme] = {}
    query = select(Evidence.id, Evidence.scheme, Evidence.person_id, Evidence.source_ref).where(Evidence.kind == "test", ~is_withdrawn(Evidence.id))
    for row in session.execute(query.execution_options(yield_per=CHUNK)):
        one = found.setdefault(row.scheme, _Scheme())
        if row.source_ref in falling:
            one.falling[row.id] = row.person_id
        else:
            one.staying.add(row.id)
    return {scheme: one for scheme, one in found.items() if one.falling}


def _count_periods(session: Session, schemes: dict[str, _Scheme], today: date) -> None:
    revoked, superseded = (select(PeriodMark.id).where(PeriodMark.period_id == Period.id, PeriodMark.kind == kind).exists() for kind in ENDS)
    papers = select(func.count()).select_from(Document).where(Document.period_id == Period.id).correlate(Period).scalar_subquery()
    query = select(Period.scheme, Period.person_id, Period.evidence_ids, Period.until_on, papers.label("papers"), revoked.label("revoked"))
    query = query.where(Period.scheme.in_(sorted(schemes)), ~superseded)
    for row in session.execute(query.execution_options(yield_per=CHUNK)):
        one, used = schemes[row.scheme], set(json.loads(row.evidence_ids))
        if resting := used & set(one.falling):
            runs = row.until_on is None or row.until_on >= today
            one.used |= resting
            if row.revoked:
                continue
            one.people.add(row.person_id)
            one.periods += 1
            one.in_force += runs
            one.alone += runs and used.isdisjoint(one.staying)
            one.documents += row.papers


def _resting(scheme: str, one: _Scheme) -> Resting:
    waiting = {person for id_, person in one.falling.items() if id_ not in one.used}
    return Resting(scheme, len(one.people), one.periods, one.in_force, one.alone, one.documents, len(waiting))
