"""One person's standing under every scheme that concerns them, with history, evidence and documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.certification.models import Assignment, Document, Evidence, Issuer, Period, PeriodMark, TrainingTrigger, TrainingWaiver
from lms.certification.rules.papers import PaperState, paper_state
from lms.certification.rules.standing import Standing, standing
from lms.certification.rules.terms import Period as PeriodTerms
from lms.certification.rules.terms import Record
from lms.certification.rules.training import Training, training
from lms.certification.rules.waivers import waived_until
from lms.certification.scheme_terms import terms_of
from lms.certification.service.assign import needed_on
from lms.certification.service.documents import list_documents
from lms.certification.service.records import ALL_WE_KNOW, read_records
from lms.certification.service.waivers import list_waivers, waiver_of
from lms.content.catalogue import Catalogue, Scheme, SchemeVersion


@dataclass(frozen=True, slots=True)
class PeriodShown:
    """A period as a page shows it, with its state, its paper and its issuer's name."""

    period: Period
    state: PaperState
    document: Document | None
    issuer: str
    marks: tuple[PeriodMark, ...]


@dataclass(frozen=True)
class OwnStanding:
    """Where a person stands under a scheme. document: of the period that speaks; needed: whether the scheme is assigned on the day.

    why: the assignments that hold on the day; waivers: all, the latest first; waived_until: the last day on which missing training is excused, if it is.

    withdrawn: ids of proofs whose cause was corrected; shaken: ids of periods that rest on one of these.
    """

    scheme: Scheme
    version: SchemeVersion | None
    needed: bool
    standing: Standing
    training: Training
    document: Document | None
    periods: tuple[PeriodShown, ...] = field(default=())
    evidence: tuple[Evidence, ...] = field(default=())
    triggers: tuple[TrainingTrigger, ...] = field(default=())
    withdrawn: frozenset[int] = frozenset()
    shaken: frozenset[int] = frozenset()
    why: tuple[Assignment, ...] = ()
    waivers: tuple[TrainingWaiver, ...] = ()
    waived_until: date | None = None

    @property
    def current(self) -> PeriodShown | None:
        """The period that speaks."""
        return next((shown for shown in self.periods if shown.period.id == self.standing.period_id), None)


def own_standing(session: Session, catalogue: Catalogue, person_id: int, as_of: date, known_at: datetime = ALL_WE_KNOW) -> list[OwnStanding]:
    """Every published scheme that is assigned to the person or of which there is a record; a constant number of queries."""
    assigned = session.scalars(select(Assignment).where(Assignment.person_id == person_id, *needed_on(as_of)).order_by(Assignment.from_on, Assignment.id)).all()
    needed = {one.scheme for one in assigned}
    waivers = [one for one in list_waivers(session, person_id=person_id) if one.made_at <= known_at]
    records = read_records(session, people=[person_id], schemes=list(catalogue.schemes), evidence=True)
    periods = _read_periods(session, person_id)
    documents = list_documents(session, period_ids=[period.id for period, _ in periods])
    marks = _read_marks(session, person_id)
    evidence = list(session.execute(select(Evidence).filter_by(person_id=person_id).order_by(Evidence.on.desc(), Evidence.id.desc())).scalars())
    triggers = list(session.execute(select(TrainingTrigger).filter_by(person_id=person_id).order_by(TrainingTrigger.on.desc())).scalars())
    found = []
    for slug, scheme in catalogue.schemes.items():
        record = records.get((person_id, slug))
        if record is None and slug not in needed:
            continue
        terms, record = terms_of(scheme), record or Record()
        by_id = {p.id: p for p in record.known(known_at).periods}
        shown = tuple(_show(period, issuer, by_id, documents, marks, as_of, recorded=terms.recorded) for period, issuer in periods if period.id in by_id)
        stands = standing(terms, record, as_of=as_of, known_at=known_at)
        excused = tuple(one for one in waivers if one.scheme == slug)
        found.append(
            OwnStanding(
                scheme,
                scheme.version_on(as_of),
                slug in needed,
                stands,
                training(terms, record, as_of=as_of, known_at=known_at),
                documents.get(stands.period_id or 0),
                shown,
                tuple(e for e in evidence if e.scheme == slug and e.recorded_at <= known_at),
                tuple(t for t in triggers if t.scheme == slug and t.recorded_at <= known_at),
                *_shaken(record, known_at),
                tuple(one for one in assigned if one.scheme == slug),
                excused,
                waived_until([waiver_of(one) for one in excused], stands.value, as_of),
            )
        )
    return found


def _shaken(record: Record, known_at: datetime) -> tuple[frozenset[int], frozenset[int]]:
    """The proofs that were withdrawn, and the periods that rest on one of them."""
    withdrawn = frozenset(e.id for e in record.evidence if e.recorded_at <= known_at and not e.counts(known_at))
    return withdrawn, frozenset(p.id for p in record.known(known_at).periods if p.evidence_ids & withdrawn)


def _read_periods(session: Session, person_id: int) -> list[tuple[Period, str]]:
    wanted = (
        select(Period, Issuer.name)
        .outerjoin(Issuer, Issuer.id == Period.issuer_id)
        .where(Period.person_id == person_id)
        .order_by(Period.from_on.desc(), Period.id.desc())
    )
    return [(row[0], row[1] or row[0].external_issuer) for row in session.execute(wanted)]


def _read_marks(session: Session, person_id: int) -> list[PeriodMark]:
    wanted = select(PeriodMark).join(Period, Period.id == PeriodMark.period_id).where(Period.person_id == person_id).order_by(PeriodMark.id)
    return list(session.execute(wanted).scalars())


def _show(
    period: Period,
    issuer: str,
    by_id: Mapping[int, PeriodTerms],
    documents: Mapping[int, Document],
    marks: list[PeriodMark],
    as_of: date,
    *,
    recorded: bool,
) -> PeriodShown:
    own = tuple(mark for mark in marks if mark.period_id == period.id)
    cause = own[-1].cause if own else None
    return PeriodShown(period, paper_state(by_id[period.id], cause=cause, recorded=recorded, as_of=as_of), documents.get(period.id), issuer, own)
