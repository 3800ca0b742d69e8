"""Doing what was wished: fetch, check, store. Every step is told in the row of the job, and the last one is one transaction with its end."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

import structlog

from lms.clock import Clock
from lms.content.models import PublishJob
from lms.content.service.desk import ContentDesk
from lms.content.service.jobs import Lost, advance, claim_next, finish
from lms.content.service.publishing import PublishReport, publish_compiled
from lms.content.service.source_states import note_source, note_sources
from lms.errors import SiteError
from lms.platform.db import Database
from lms.platform.rules import Phrase, phrase

log = structlog.get_logger()
BEAT_S = 5.0
PUBLISH_JOB = "content.publish"


@dataclass(frozen=True)
class PublishWorker:
    """Publishes for a site. beat_s: how often a running job says that it is alive."""

    db: Database
    clock: Clock
    desk: ContentDesk
    beat_s: float = BEAT_S

    def run(self, _now: datetime | None = None) -> int:
        """Do every wish that waits, one after the other, and those that a dead process left; gives how many. Called by the job queue."""
        done = 0
        while (job := self._claim()) is not None:
            self._do(job)
            done += 1
        return done

    def _claim(self) -> PublishJob | None:
        claim = secrets.token_hex(16)
        with suppress(Lost), self.db.writing() as session:
            return claim_next(session, claim=claim, now=self.clock.now())
        return None

    def _do(self, job: PublishJob) -> None:
        """One wish, to its end, whatever happens."""
        try:
            with self._alive(job):
                self._publish(job)
        except Lost:
            log.warning("publishing was taken over", job=job.id)
        except SiteError as said:
            self._fail(job, Phrase(said.message, said.params))
        except Exception:
            log.exception("publishing failed", job=job.id)
            self._fail(job, phrase("A fault of the program; its log says more. The site stays as it was."))

    def _publish(self, job: PublishJob) -> PublishReport:
        troubles = self.desk.sources.fetch(job.source, tell=partial(self._note, job))
        self._step(job, "checking")
        tree, compiled = self.desk.look(job.rev, job.source if job.rev else "")
        self._step(job, "storing")
        with self.db.writing() as session:
            now = self.clock.now()
            report = publish_compiled(session, compiled, tree, now=now, actor_id=job.asked_by)
            note_sources(session, {} if job.rev else tree.sources, now=now)
            said = [*troubles, *report.lines]
            finish(session, job_id=job.id, claim=job.claim, state="done", said=said, now=now, publication_id=report.publication_id)
        return report

    def _step(self, job: PublishJob, state: Literal["checking", "storing"] | None) -> None:
        with self.db.writing() as session:
            advance(session, job_id=job.id, claim=job.claim, state=state, now=self.clock.now())

    def _note(self, job: PublishJob, source: str, failed: Phrase | None) -> None:
        self._step(job, None)
        with self.db.writing() as session:
            note_source(session, name=source, failed=failed, now=self.clock.now())

    def _fail(self, job: PublishJob, why: Phrase) -> None:
        with suppress(Lost), self.db.writing() as session:
            finish(session, job_id=job.id, claim=job.claim, state="failed", said=[why], now=self.clock.now())

    @contextmanager
    def _alive(self, job: PublishJob) -> Iterator[None]:
        """Lengthen the lease of the job while the block runs, from a thread beside it."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(self.beat_s):
                try:
                    self._step(job, None)
                except Exception:
                    log.exception("a running publishing could not say so", job=job.id)

        thread = threading.Thread(target=beat, daemon=True, name=f"publishing-{job.id}")
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
