"""Documents: made in the transaction of the period they speak of, with all that is printed on them; never changed after."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.certification.models import Document, Issuer, Period
from lms.certification.rules.training import Progress
from lms.content.catalogue import Scheme, SchemeVersion
from lms.errors import NotFound
from lms.people.models import Membership, Person, Unit
from lms.platform.documents.numbering import new_code, take_number

SERIES = {"certificate": "GCN", "card": "TAT", "register_entry": "STD"}


@dataclass(frozen=True, slots=True)
class Holder:
    """The person of a document and the place of work on the day of issue."""

    person: Person
    membership: Membership
    unit: Unit


@dataclass(frozen=True, slots=True)
class Trained:
    """What the evidence of a confirmation says: first and last day, subjects and trainers of classes."""

    from_on: date
    until_on: date
    subjects: tuple[str, ...]
    trainers: tuple[str, ...]


def issue_document(
    session: Session,
    *,
    scheme: Scheme,
    version: SchemeVersion,
    issuer: Issuer,
    holder: Holder,
    period: Period,
    progress: Progress,
    trained: Trained,
    signer: str,
    issued_on: date,
    public_url: str,
    now: datetime,
) -> Document:
    """Give the period its paper: the next number of the issuer's series of the year, and a code for verification."""
    kind = version.document_kind
    seq = take_number(session, owner=f"issuer:{issuer.id}", kind=kind, year=issued_on.year)
    number = f"{seq:04}/{issued_on.year}/{SERIES[kind]}-{issuer.code}"
    code = new_code()
    payload = {
        "layout": 1,
        "form": version.document_form,
        "number": number,
        "code": code,
        "url": f"{public_url.rstrip('/')}/v/{code}",
        "demo": holder.person.demo or issuer.demo,
        "self_issued": issuer.kind == "employer",
        "name": holder.person.full_name,
        "birth": _iso(holder.person.birth_on),
        "national_id_last": holder.person.national_id_last or "",
        "position": holder.membership.position,
        "unit": holder.unit.name,
        "scheme": dict(scheme.title),
        "group": scheme.group,
        "legal_basis": [dict(words) for words, certainty in version.legal_basis if certainty in ("S", "D")],
        "basis": progress.kind,
        "minutes": progress.minutes,
        "parts": {part.part: part.minutes for part in progress.parts if part.minutes},
        "trained_from": trained.from_on.isoformat(),
        "trained_until": trained.until_on.isoformat(),
        "subjects": list(trained.subjects),
        "trainers": list(trained.trainers),
        "test_passed": progress.test_passed,
        "from": period.from_on.isoformat(),
        "until": _iso(period.until_on),
        "expires": version.document_expires,
        "issuer": issuer.name,
        "issuer_class": issuer.provider_class or "",
        "issued_on": issued_on.isoformat(),
        "signer": signer,
    }
    document = Document(
        period_id=period.id,
        issuer_id=issuer.id,
        kind=kind,
        year=issued_on.year,
        seq=seq,
        number=number,
        code=code,
        lang=holder.person.lang,
        issued_on=issued_on,
        issued_at=now,
        payload=json.dumps(payload, ensure_ascii=False, sort_keys=True),
    )
    session.add(document)
    session.flush()
    return document


def read_payload(document: Document) -> Mapping[str, object]:
    """What is printed on a document."""
    payload: Mapping[str, object] = json.loads(document.payload)
    return payload


def get_document(session: Session, *, document_id: int) -> tuple[Document, Period]:
    """A document and its period; whoever calls checks whose it is. Raises NotFound."""
    row = session.execute(select(Document, Period).join(Period, Period.id == Document.period_id).where(Document.id == document_id)).first()
    if row is None:
        raise NotFound("There is no such document.")
    return row[0], row[1]


def list_documents(session: Session, *, period_ids: Sequence[int]) -> dict[int, Document]:
    """The latest document of each period."""
    rows = session.execute(select(Document).where(Document.period_id.in_(period_ids)).order_by(Document.id)).scalars()
    return {document.period_id: document for document in rows}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
