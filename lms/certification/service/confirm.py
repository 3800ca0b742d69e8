"""Confirming training: complete evidence becomes a period and its document, by whoever may issue."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.certification.events import RecordsChanged
from lms.certification.models import Document, Evidence, Issuer, Period
from lms.certification.rules.dates import period_dates
from lms.certification.rules.terms import Record, begun, marked
from lms.certification.rules.training import Progress, training
from lms.certification.scheme_terms import get_scheme, terms_of
from lms.certification.service.documents import Holder, Trained, issue_document
from lms.certification.service.issuers import get_issuer, require_authority
from lms.certification.service.marks import refuse_suspended
from lms.certification.service.records import members, read_records, works_on
from lms.content.catalogue import Catalogue, Scheme, SchemeVersion
from lms.errors import Conflict, Invalid, NotFound
from lms.learning.models import ClassDay
from lms.people.access import in_paths
from lms.people.models import Membership, Person, Unit
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import tell_one
from lms.platform.audit import record
from lms.platform.events import announce
from lms.platform.rules import phrase

CLASS_DAY = "class_day:"
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class _Act:
    """What holds for everybody in one confirmation."""

    scheme: Scheme
    version: SchemeVersion
    issuer: Issuer
    issuer_path: str
    issued_on: date
    today: date
    actor_id: int
    signer: str
    public_url: str
    now: datetime


def confirm(
    session: Session,
    *,
    catalogue: Catalogue,
    scheme: str,
    person_ids: Collection[int],
    issuer_id: int,
    issued_on: date,
    paths: tuple[str, ...],
    actor_id: int,
    public_url: str,
    today: date,
    now: datetime,
) -> list[Document]:
    """Confirm the complete evidence of people of the subtrees; all of them or none.

    Raises NotFound for a person or issuer out of scope; Conflict if the issuer may not issue this paper, if a person worked elsewhere or had
    not complete evidence on the day, or is suspended, or if somebody else has just confirmed it; Invalid for a day in the future or nobody
    chosen.
    """
    found = get_scheme(catalogue, scheme)
    version = found.version_on(issued_on)
    if not person_ids or len(person_ids) > MOST_AT_ONCE:
        raise Invalid("Choose from 1 to %(most)s people.", most=MOST_AT_ONCE)
    if issued_on > today:
        raise Invalid("The day of confirmation cannot lie in the future.")
    if version is None:
        raise Conflict("The scheme is not in force on this day.")
    issuer, issuer_path = get_issuer(session, issuer_id=issuer_id, paths=paths)
    require_authority(found, version, issuer)
    signer = session.execute(select(Person.full_name).where(Person.id == actor_id)).scalar_one()
    act = _Act(found, version, issuer, issuer_path, issued_on, today, actor_id, signer, public_url, now)
    wanted = sorted(set(person_ids))
    holders = _read_holders(session, wanted, paths, issued_on=issued_on, today=today)
    # The numbers before the records: whoever confirms in between is seen in the records, or collides with the number.
    numbers = _read_numbers(session, wanted, scheme)
    records = read_records(session, people=wanted, schemes=[scheme], evidence=True)
    progress = {person_id: _require_complete(act, holders[person_id], records.get((person_id, scheme), Record())) for person_id in wanted}
    trained = _read_trained(session, progress)
    try:
        documents = [_store(session, act, holders[p], records[p, scheme], progress[p], trained[p], numbers.get(p, 0) + 1) for p in wanted]
    except IntegrityError:
        raise Conflict("Somebody else has just confirmed one of these people. Look at the list again.") from None
    announce(session, RecordsChanged(scheme, tuple(wanted)))
    return documents


def _read_holders(session: Session, wanted: Collection[int], paths: tuple[str, ...], *, issued_on: date, today: date) -> dict[int, Holder]:
    """The people with their places of work on the day of issue; each works in the subtrees on that day and today."""
    here = set(session.execute(members(paths, today).where(Membership.person_id.in_(wanted))).scalars())
    if here != set(wanted):
        raise NotFound("There is no such person in your scope.")
    rows = session.execute(
        select(Person, Membership, Unit)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Person.id.in_(wanted), in_paths(Unit.path, paths), *works_on(issued_on))
    )
    holders = {row[0].id: Holder(row[0], row[1], row[2]) for row in rows}
    if set(holders) != set(wanted):
        raise Conflict("Somebody you chose did not work in your units on %(day)s yet: choose a later day of confirmation.", day=issued_on)
    return holders


def _read_numbers(session: Session, wanted: Collection[int], scheme: str) -> dict[int, int]:
    rows = session.execute(select(Period.person_id, func.max(Period.n)).where(Period.person_id.in_(wanted), Period.scheme == scheme).group_by(Period.person_id))
    return {row[0]: row[1] for row in rows}


def _require_complete(act: _Act, holder: Holder, known: Record) -> Progress:
    if not holder.unit.path.startswith(act.issuer_path):
        raise Conflict("%(issuer)s does not confirm for people of %(unit)s.", issuer=act.issuer.name, unit=holder.unit.name)
    terms = terms_of(act.scheme)
    refuse_suspended(terms, known, name=holder.person.full_name, today=act.today)
    state = training(terms, known, as_of=act.issued_on, known_at=act.now)
    if state.value != "awaiting_issue" or state.progress is None:
        raise Conflict("%(name)s: %(why)s %(what)s", name=holder.person.full_name, why=state.reason, what=state.to_do or "")
    return state.progress


def _read_trained(session: Session, progress: Mapping[int, Progress]) -> dict[int, Trained]:
    """Days, subjects and trainers of the evidence that is confirmed: two queries."""
    ids = [one for p in progress.values() for one in p.evidence_ids]
    rows = {row.id: row for row in session.execute(select(Evidence).where(Evidence.id.in_(ids))).scalars()}
    day_ids = {int(row.source_ref.removeprefix(CLASS_DAY)) for row in rows.values() if row.source_ref.startswith(CLASS_DAY)}
    days = {day.id: day for day in session.execute(select(ClassDay).where(ClassDay.id.in_(day_ids))).scalars()}
    found = {}
    for person_id, done in progress.items():
        proofs = [rows[one] for one in done.evidence_ids]
        classes = [days[key] for p in proofs if p.source_ref.startswith(CLASS_DAY) and (key := int(p.source_ref.removeprefix(CLASS_DAY))) in days]
        found[person_id] = Trained(
            min(p.on for p in proofs), max(p.on for p in proofs), _distinct(day.title for day in classes), _distinct(day.trainer for day in classes)
        )
    return found


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def _store(session: Session, act: _Act, holder: Holder, known: Record, progress: Progress, trained: Trained, n: int) -> Document:
    terms = terms_of(act.scheme).on(act.issued_on)
    assert terms is not None
    former = [p.until_on for p in begun(known, act.issued_on) if marked(p, act.issued_on) is None]
    first, last = period_dates(
        issued_on=act.issued_on, previous_until=former[-1] if former else None, months=terms.cycle_months, counting=terms.counting, starts=terms.starts
    )
    period = Period(
        person_id=holder.person.id,
        scheme=act.scheme.slug,
        n=n,
        scheme_version=act.version.from_on,
        scheme_digest=act.scheme.digest,
        from_on=first,
        until_on=last,
        basis=progress.kind,
        hours=json.dumps({part.part: part.minutes for part in progress.parts}),
        evidence_ids=json.dumps(progress.evidence_ids),
        issuer_id=act.issuer.id,
        confirmed_by=act.actor_id,
        confirmed_at=act.now,
    )
    session.add(period)
    session.flush()
    document = issue_document(
        session,
        scheme=act.scheme,
        version=act.version,
        issuer=act.issuer,
        holder=holder,
        period=period,
        progress=progress,
        trained=trained,
        signer=act.signer,
        issued_on=act.issued_on,
        public_url=act.public_url,
        now=act.now,
    )
    done = {"period_id": period.id, "evidence_ids": list(progress.evidence_ids), "scheme": act.scheme.slug}
    record(session, now=act.now, actor_id=act.actor_id, action="confirm_training", subject_kind="person", subject_id=holder.person.id, detail=done)
    told = {"period_id": period.id, "number": document.number}
    record(session, now=act.now, actor_id=act.actor_id, action="issue_document", subject_kind="document", subject_id=document.id, detail=told)
    words = phrase("%(scheme)s: your paper %(number)s is issued.", scheme=act.scheme.title, number=document.number)
    tell_one(session, holder.person.id, Topic.CERTIFICATE, f"document:{document.id}", words, now=act.now, address="/certificates/")
    return document
