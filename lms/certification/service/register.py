"""The register of group 4 (Mẫu 11) and the list of papers of a kind, for a unit and a stretch of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms.certification.models import Document, Period, PeriodMark
from lms.certification.service.documents import read_payload
from lms.people.access import in_paths
from lms.people.models import Membership, Unit

PAGE = 50
MOST_PRINTED = 5000
BY_NUMBER = (Document.issued_on, Document.year, Document.seq, Document.id)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the register, as it was printed; revoked: struck out, yet never removed."""

    document_id: int
    number: str
    person_id: int
    printed: Mapping[str, object]
    trained_from: date
    trained_until: date
    until_on: date | None
    revoked: bool


def read_register(session: Session, *, paths: tuple[str, ...], scheme: str, from_on: date, until_on: date, page: int | None = None) -> tuple[list[Entry], int]:
    """Entries issued in a stretch of time to people of the subtrees, in the order of their numbers, and how many there are.

    A person belongs to where the work was on the day of issue. Without a page all are read (at most 5,000, for printing).
    """
    there = issued(paths, scheme, from_on, until_on)
    total = session.execute(select(func.count()).select_from(there.subquery())).scalar_one()
    wanted = there.order_by(*BY_NUMBER)
    wanted = wanted.limit(MOST_PRINTED) if page is None else wanted.offset((page - 1) * PAGE).limit(PAGE)
    rows = session.execute(wanted).all()
    ids = [row[1].id for row in rows]
    struck = set(session.execute(select(PeriodMark.period_id).where(PeriodMark.period_id.in_(ids), PeriodMark.kind == "revoked")).scalars()) if ids else set()
    return [_entry(row[0], row[1], revoked=row[1].id in struck) for row in rows], total


def _entry(document: Document, period: Period, *, revoked: bool) -> Entry:
    printed = read_payload(document)
    days = [date.fromisoformat(str(printed[key])) for key in ("trained_from", "trained_until")]
    return Entry(document.id, document.number, period.person_id, printed, days[0], days[1], period.until_on, revoked)


def issued(paths: tuple[str, ...], scheme: str, from_on: date, until_on: date) -> Select[Document, Period]:
    """Papers of a scheme issued in a stretch of time to people who worked in the subtrees on that day, with their periods."""
    worked = (
        select(Membership.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(
            in_paths(Unit.path, paths),
            Membership.person_id == Period.person_id,
            Membership.from_on <= Document.issued_on,
            (Membership.until_on.is_(None)) | (Membership.until_on >= Document.issued_on),
        )
        .exists()
    )
    return (
        select(Document, Period)
        .join(Period, Period.id == Document.period_id)
        .where(Period.scheme == scheme, Document.issued_on.between(from_on, until_on), worked)
    )
