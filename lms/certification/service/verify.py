"""What a stranger with a code or a number may learn of a document: the least that proves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lms.certification.models import Document, Period, PeriodMark
from lms.certification.rules.papers import PaperState, mask_name, paper_state
from lms.certification.rules.terms import Mark
from lms.certification.rules.terms import Period as PeriodTerms
from lms.certification.service.documents import read_payload
from lms.content.catalogue import Words
from lms.platform.documents.numbering import is_code

MOST = 5
LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class Verified:
    """The public face of a document."""

    number: str
    code: str
    kind: str
    name: str
    scheme: Words
    issuer: str
    issued_on: date
    from_on: date
    until_on: date | None
    state: PaperState
    demo: bool
    self_issued: bool


def find_by_code(session: Session, *, code: str, as_of: date) -> Verified | None:
    """The document of a code, or None; anything that is not a code is not looked up."""
    wanted = code.strip().lower()
    return next(iter(_find(session, Document.code == wanted, as_of)), None) if is_code(wanted) else None


def find_by_number(session: Session, *, number: str, as_of: date) -> list[Verified]:
    """The documents of a number as it is printed."""
    wanted = number.strip().upper().replace("\x00", "")
    return _find(session, Document.number == wanted, as_of) if 0 < len(wanted) <= LONGEST_NUMBER else []


def _find(session: Session, condition: ColumnElement[bool], as_of: date) -> list[Verified]:
    rows = session.execute(select(Document, Period).join(Period, Period.id == Document.period_id).where(condition).order_by(Document.id).limit(MOST)).all()
    marks = (
        session.execute(select(PeriodMark).where(PeriodMark.period_id.in_([row[1].id for row in rows])).order_by(PeriodMark.id)).scalars().all() if rows else []
    )
    return [_show(document, period, [mark for mark in marks if mark.period_id == period.id], as_of) for document, period in rows]


def _show(document: Document, period: Period, marks: list[PeriodMark], as_of: date) -> Verified:
    printed: Mapping[str, object] = read_payload(document)
    terms = PeriodTerms(
        period.id,
        period.from_on,
        period.until_on,
        period.confirmed_at,
        frozenset(),
        tuple(Mark(m.id, m.kind, m.on, m.at) for m in marks),
    )
    scheme = printed["scheme"]
    assert isinstance(scheme, dict)
    return Verified(
        document.number,
        document.code,
        document.kind,
        mask_name(str(printed["name"])),
        scheme,
        str(printed["issuer"]),
        document.issued_on,
        period.from_on,
        period.until_on,
        paper_state(terms, cause=marks[-1].cause if marks else None, recorded=not printed["expires"], as_of=as_of),
        bool(printed["demo"]),
        bool(printed["self_issued"]),
    )
