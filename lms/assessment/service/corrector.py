"""The job that brings corrections to the papers that had closed."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import structlog

from lms.assessment.service.correcting import Lost, claim_run, run_batch
from lms.clock import Clock
from lms.platform.db import Database

log = structlog.get_logger()
CORRECT_JOB = "assessment.correct"


@dataclass(frozen=True)
class Corrector:
    """Corrects results for a site, a batch a transaction; what a dead process left is taken up when its lease is over."""

    db: Database
    clock: Clock

    def run(self, _now: datetime | None = None) -> int:
        """Bring every correction that waits to its papers, one after the other; gives how many. Called by the job queue."""
        done = 0
        while (found := self._claim()) is not None:
            correction_id, claim = found
            try:
                while self._batch(correction_id, claim):
                    pass
            except Lost:
                log.warning("a correction was taken over", correction=correction_id)
                break
            done += 1
        return done

    def _claim(self) -> tuple[int, str] | None:
        claim = secrets.token_hex(16)
        with suppress(Lost), self.db.writing() as session:
            run = claim_run(session, claim=claim, now=self.clock.now())
            return (run.correction_id, claim) if run else None
        return None

    def _batch(self, correction_id: int, claim: str) -> bool:
        with self.db.writing() as session:
            return run_batch(session, correction_id=correction_id, claim=claim, now=self.clock.now())
