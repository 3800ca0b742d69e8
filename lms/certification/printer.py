"""The job that prints batches of papers: some at a time, taken up again where a process died."""

import io
import json
import secrets
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import structlog
from pypdf import PdfWriter
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from lms.certification.models import Document, DocumentBatch, DocumentBatchPart
from lms.certification.papers import Lang, Layout, papers_pdf, single_pdfs
from lms.certification.service.batches import forget_old
from lms.certification.service.documents import read_payload
from lms.clock import Clock
from lms.errors import Conflict
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import tell_one
from lms.platform.db import Database
from lms.platform.rules import phrase

log = structlog.get_logger()
JOB = "certification.papers"
LEASE = timedelta(seconds=120)
TRIES = 3
STEP = 40
"""Papers in one go of typst: fonts stand in each file once, and the memory of hundreds of pages is not asked for at once."""
STRETCH = 1 << 20


class Lost(Conflict):
    """Another process has taken the batch over."""


@dataclass(frozen=True)
class BatchPrinter:
    """Prints the batches of a site that wait."""

    db: Database
    clock: Clock

    def run(self, now: datetime) -> int:
        """Print all that waits, and forget what is old; gives how many batches. Called by the job queue."""
        with self.db.reading() as session:
            if session.scalar(select(DocumentBatch.id).where(DocumentBatch.state != "forgotten").limit(1)) is None:
                return 0
        with self.db.writing() as session:
            done = forget_old(session, now=now)
        while (claimed := self._claim()) is not None:
            self._print(*claimed)
            done += 1
        return done

    def _claim(self) -> tuple[int, str] | None:
        now, claim = self.clock.now(), secrets.token_hex(16)
        free = or_(DocumentBatch.lease_until.is_(None), DocumentBatch.lease_until < now)
        with self.db.writing() as session:
            batch = session.scalar(select(DocumentBatch).where(DocumentBatch.state == "waiting", free).order_by(DocumentBatch.id).limit(1).with_for_update())
            if batch is None:
                return None
            batch.tries += 1
            batch.claim, batch.lease_until = claim, now + LEASE
            if batch.tries > TRIES:
                batch.state = "failed"
            return batch.id, claim

    def _print(self, batch_id: int, claim: str) -> None:
        """One batch to its end, whatever happens."""
        try:
            while self._step(batch_id, claim):
                pass
        except Lost:
            log.warning("a batch of papers was taken over", batch=batch_id)
        except Exception:
            log.exception("a batch of papers failed", batch=batch_id)
            self._give_up(batch_id, claim)

    def _step(self, batch_id: int, claim: str) -> bool:
        """Print some papers, or bind what is printed; whether there is more to do. No transaction is open while typst works."""
        with self.db.reading() as session:
            batch = session.get_one(DocumentBatch, batch_id)
            if batch.state != "waiting" or batch.claim != claim:
                return False
            layout, form, lang, done = cast("Layout", batch.layout), batch.form, batch.lang, batch.done
            ids = json.loads(batch.document_ids)[done : done + STEP]
            documents = {one.id: one for one in session.scalars(select(Document).where(Document.id.in_(ids)))}
        if not ids:
            self._bind(batch_id, claim, form)
            return False
        body = _printed([documents[one] for one in ids], layout, form, lang)
        with self.db.writing() as session:
            batch = self._mine(session, batch_id, claim)
            session.add(DocumentBatchPart(batch_id=batch_id, n=done, body=body))
            batch.done = done + len(ids)
        return True

    def _bind(self, batch_id: int, claim: str, form: str) -> None:
        """Make one file of the files of the steps."""
        whole = (_bound_pdf if form == "pdf" else _bound_zip)(self._parts(batch_id))
        with self.db.writing() as session:
            batch = self._mine(session, batch_id, claim)
            session.execute(delete(DocumentBatchPart).where(DocumentBatchPart.batch_id == batch_id))
            for n, at in enumerate(range(0, len(whole), STRETCH)):
                session.add(DocumentBatchPart(batch_id=batch_id, n=n, body=whole[at : at + STRETCH]))
            batch.state, batch.ready_at, batch.size = "ready", self.clock.now(), len(whole)
            batch.claim, batch.lease_until = "", None
            words = phrase("The papers that you asked for are ready: %(n)s of them, kept for three days.", n=batch.total)
            tell_one(session, batch.made_by, Topic.DESK, f"papers:{batch_id}", words, now=self.clock.now(), address=f"/certification/papers/{batch_id}")

    def _parts(self, batch_id: int) -> Iterator[bytes]:
        with self.db.reading() as session:
            for n in session.scalars(select(DocumentBatchPart.n).where(DocumentBatchPart.batch_id == batch_id).order_by(DocumentBatchPart.n)).all():
                yield session.execute(select(DocumentBatchPart.body).where(DocumentBatchPart.batch_id == batch_id, DocumentBatchPart.n == n)).scalar_one()

    def _mine(self, session: Session, batch_id: int, claim: str) -> DocumentBatch:
        """The batch with a lease that goes on. Raises Lost."""
        batch = session.scalar(select(DocumentBatch).where(DocumentBatch.id == batch_id, DocumentBatch.claim == claim).with_for_update())
        if batch is None:
            raise Lost("Another process has taken this batch over.")
        batch.lease_until = self.clock.now() + LEASE
        return batch

    def _give_up(self, batch_id: int, claim: str) -> None:
        with suppress(Lost), self.db.writing() as session:
            batch = self._mine(session, batch_id, claim)
            batch.state, batch.claim, batch.lease_until = "failed", "", None
            session.execute(delete(DocumentBatchPart).where(DocumentBatchPart.batch_id == batch_id))


def _printed(documents: Sequence[Document], layout: Layout, form: str, lang: str) -> bytes:
    """Some papers as one PDF, or as a package of a PDF each."""
    papers = [(one.kind, read_payload(one), cast("Lang", one.lang if lang == "own" else lang)) for one in documents]
    if form == "pdf":
        return papers_pdf(papers, layout=layout)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for document, body in zip(documents, single_pdfs(papers, layout=layout), strict=True):
            package.writestr(f"{document.number.replace('/', '-')}.pdf", body)
    return out.getvalue()


def _bound_pdf(parts: Iterator[bytes]) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for part in parts:
        writer.append(io.BytesIO(part))
    writer.write(out)
    return out.getvalue()


def _bound_zip(parts: Iterator[bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as whole:
        for part in parts:
            with zipfile.ZipFile(io.BytesIO(part)) as package:
                for entry in package.infolist():
                    whole.writestr(entry, package.read(entry))
    return out.getvalue()
