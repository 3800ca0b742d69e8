"""Many papers as one file: which of them, asked for, looked at, forgotten after some days."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.certification.models import Document, DocumentBatch, DocumentBatchPart, Period, PeriodMark
from lms.certification.rules.terms import Mark, mark_on
from lms.certification.service.register import BY_NUMBER, issued
from lms.errors import Conflict, Invalid, NotFound
from lms.people.rules import covers
from lms.platform.audit import record
from lms.platform.db import Database

LAYOUTS = ("a5", "a4", "wallet")
LANGS = ("own", "vi", "zh", "en")
FORMS = ("pdf", "zip")
MOST = {"pdf": 5000, "zip": 1000}
KEPT = timedelta(days=3)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """Documents to print, in the order of their numbers, and how many were left out because they are revoked, replaced or suspended."""

    document_ids: tuple[int, ...]
    left_out: int


def choose(session: Session, *, paths: tuple[str, ...], scheme: str, from_on: date, until_on: date, today: date) -> Choice:
    """What the register lists for the same question and what may still be shown today."""
    there = issued(paths, scheme, from_on, until_on)
    rows = session.execute(there.with_only_columns(Document.id, Document.period_id).order_by(*BY_NUMBER)).all()
    marks: dict[int, list[Mark]] = {}
    for one in session.scalars(select(PeriodMark).where(PeriodMark.period_id.in_(there.with_only_columns(Period.id)))):
        marks.setdefault(one.period_id, []).append(Mark(one.id, one.kind, one.on, one.at))
    barred = {period_id for period_id, found in marks.items() if mark_on(found, today) is not None}
    ids = tuple(document_id for document_id, period_id in rows if period_id not in barred)
    return Choice(ids, len(rows) - len(ids))


def ask(
    session: Session,
    chosen: Choice,
    *,
    paths: tuple[str, ...],
    scheme: str,
    layout: str,
    lang: str,
    form: str,
    actor_id: int,
    now: datetime,
) -> DocumentBatch:
    """Ask the job for a file. Raises Invalid for nothing, too many or an unknown layout, language or form."""
    if layout not in LAYOUTS or lang not in LANGS or form not in FORMS:
        raise Invalid("Choose layout, language and kind of file.")
    if layout == "wallet" and form == "zip":
        raise Invalid("Cards for the wallet come ten to a sheet, as one PDF.")
    if not chosen.document_ids:
        raise Invalid("There is nothing to print. Choose another unit, scheme or time.")
    if len(chosen.document_ids) > MOST[form]:
        raise Invalid("These are more than %(most)s papers. Choose a smaller unit or a shorter time.", most=MOST[form])
    ids = json.dumps(chosen.document_ids)
    batch = DocumentBatch(made_by=actor_id, made_at=now, scheme=scheme, paths=json.dumps(paths), layout=layout, lang=lang, form=form, document_ids=ids)
    batch.total = len(chosen.document_ids)
    session.add(batch)
    session.flush()
    detail = {"scheme": scheme, "papers": batch.total, "paths": list(paths)}
    record(session, now=now, actor_id=actor_id, action="documents_printed", subject_kind="document_batch", subject_id=batch.id, detail=detail)
    return batch


def get_batch(session: Session, *, batch_id: int, person_id: int, paths: Sequence[str]) -> DocumentBatch:
    """A batch that one has asked for, as long as its people are in one's scope. Raises NotFound."""
    batch = session.get(DocumentBatch, batch_id)
    if batch is None or batch.made_by != person_id or not all(covers(tuple(paths), path) for path in json.loads(batch.paths)):
        raise NotFound("There is no such file.")
    return batch


def list_batches(session: Session, *, person_id: int) -> Sequence[DocumentBatch]:
    """The latest that somebody has asked for."""
    mine = select(DocumentBatch).where(DocumentBatch.made_by == person_id, DocumentBatch.state != "forgotten")
    return session.scalars(mine.order_by(DocumentBatch.id.desc()).limit(SHOWN)).all()


def check_ready(batch: DocumentBatch) -> None:
    """Raises Conflict while there is no file, NotFound when there is none any more."""
    if batch.state == "forgotten":
        raise NotFound("This file was kept for some days only. Ask for it again.")
    if batch.state != "ready":
        raise Conflict("This file is not ready yet.")


def iter_file(db: Database, batch_id: int) -> Iterator[bytes]:
    """The file of a batch, a stretch at a time, read with sessions of its own."""
    n = 0
    while True:
        with db.reading() as session:
            body = session.scalar(select(DocumentBatchPart.body).where(DocumentBatchPart.batch_id == batch_id, DocumentBatchPart.n == n))
        if body is None:
            return
        yield body
        n += 1


def forget_old(session: Session, *, now: datetime) -> int:
    """Delete the files of batches that are older than some days; gives how many. What was printed stays in the audit trail."""
    old = session.scalars(select(DocumentBatch).where(DocumentBatch.state != "forgotten", DocumentBatch.made_at < now - KEPT)).all()
    for batch in old:
        session.execute(delete(DocumentBatchPart).where(DocumentBatchPart.batch_id == batch.id))
        batch.state, batch.document_ids, batch.claim, batch.lease_until = "forgotten", "[]", "", None
    return len(old)
