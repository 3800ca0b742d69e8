"""Certificates from elsewhere: entered by an officer as evidence and as a period, from the paper itself."""

import json
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.certification.events import RecordsChanged
from lms.certification.models import Evidence, Period
from lms.certification.rules.dates import end_of_term
from lms.certification.rules.terms import Record
from lms.certification.scheme_terms import get_scheme, terms_of
from lms.certification.service.intake import add_evidence
from lms.certification.service.marks import refuse_suspended
from lms.certification.service.records import get_member, read_records
from lms.content.catalogue import Catalogue
from lms.errors import Conflict, Invalid
from lms.platform.audit import record
from lms.platform.events import announce


def record_external(
    session: Session,
    *,
    catalogue: Catalogue,
    scheme: str,
    person_id: int,
    number: str,
    body: str,
    from_on: date,
    until_on: date | None,
    paths: tuple[str, ...],
    actor_id: int,
    today: date,
    now: datetime,
) -> Period:
    """Enter a certificate that another body issued; until_on: as printed, else counted by the scheme.

    Raises NotFound out of scope; Invalid for days that contradict each other, lie in the future, before birth, or run longer than the scheme
    allows; Conflict if the same certificate has been entered, for this person or another, or if a period of the person is suspended.
    """
    found = get_scheme(catalogue, scheme)
    person, _, _ = get_member(session, paths=paths, person_id=person_id, on=today)
    terms = terms_of(found).on(from_on)
    if terms is None:
        raise Invalid("The scheme was not in force on %(day)s.", day=from_on)
    if from_on > today or (person.birth_on is not None and from_on <= person.birth_on):
        raise Invalid("The certificate cannot begin in the future or before the person was born.")
    longest = end_of_term(from_on, terms.cycle_months, terms.counting) if terms.cycle_months else None
    until = until_on or longest
    if until is not None and (until < from_on or (longest is not None and until > longest)):
        raise Invalid("The last day must lie between %(first)s and %(last)s.", first=from_on, last=longest or until)
    known = read_records(session, people=[person_id], schemes=[scheme], evidence=False).get((person_id, scheme), Record())
    refuse_suspended(terms_of(found), known, name=person.full_name, today=today)
    ref = f"{body.strip().lower()}:{number.strip().lower()}"
    taken = session.execute(select(Evidence.id).where(Evidence.kind == "external", Evidence.scheme == scheme, Evidence.source_ref == ref)).first()
    detail = {"number": number.strip(), "body": body.strip(), "from": from_on.isoformat(), "until": until.isoformat() if until else None}
    if taken or not add_evidence(
        session,
        person_id=person_id,
        scheme=scheme,
        kind="external",
        seconds={},
        on=from_on,
        source_ref=ref,
        digest="",
        recorded_by=actor_id,
        now=now,
        detail=detail,
    ):
        raise Conflict("The certificate %(number)s of %(body)s has been entered already.", number=number.strip(), body=body.strip())
    proof = session.execute(select(Evidence.id).where(Evidence.person_id == person_id, Evidence.scheme == scheme, Evidence.source_ref == ref)).scalar_one()
    last = session.execute(select(func.max(Period.n)).where(Period.person_id == person_id, Period.scheme == scheme)).scalar_one()
    period = Period(
        person_id=person_id,
        scheme=scheme,
        n=(last or 0) + 1,
        scheme_version=terms.from_on,
        scheme_digest=found.digest,
        from_on=from_on,
        until_on=until,
        basis="external",
        evidence_ids=json.dumps([proof]),
        external_issuer=body.strip(),
        external_number=number.strip(),
        confirmed_by=actor_id,
        confirmed_at=now,
    )
    session.add(period)
    try:
        session.flush()
    except IntegrityError:
        raise Conflict("Somebody else has just recorded a period of this person. Look again.") from None
    announce(session, RecordsChanged(scheme, (person_id,)))
    record(session, now=now, actor_id=actor_id, action="record_external", subject_kind="person", subject_id=person_id, detail={"period_id": period.id})
    return period
