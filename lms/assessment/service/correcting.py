"""Making a correction: it holds from its commit, and a job brings it to the papers that had closed, some at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.assessment.correction_models import Correction, CorrectionRun, ResultCause
from lms.assessment.models import Attempt
from lms.assessment.service.dry_run import CLOSED, Change, Tally, latest_results, rescored
from lms.assessment.service.results import add_result
from lms.assessment.service.scoring import Papers, step_of
from lms.assessment.service.wishes import REASON_MOST
from lms.errors import Conflict, Invalid, NotFound
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import tell_one
from lms.platform.audit import record
from lms.platform.rules import phrase

BATCH = 100
LEASE = timedelta(seconds=60)
"""How long a run is left alone whose process says nothing; a batch takes a second or two."""
TRIES = 5
REASON = "correction"
"""What stands in the result itself; the words for those concerned stand with the correction."""


class Lost(Conflict):
    """Another process has taken the run over, because this one was silent for too long."""


def make_correction(session: Session, row: Correction, *, reason: str, ask_id: str, tally: Tally, actor_id: int, now: datetime) -> Correction:
    """Store a correction (see `wishes.to_row`) with its run. tally: of the dry run of this moment. The same form sent twice is one correction.

    Raises Invalid without a reason, Conflict while another correction of this revision is being applied.
    """
    said = " ".join(reason.split())
    if not said or len(said) > REASON_MOST:
        raise Invalid("Give a reason; everybody concerned reads it. At most %(most)s characters.", most=REASON_MOST)
    known = session.scalars(select(Correction).filter_by(ask_id=ask_id)).one_or_none()
    if known is not None:
        return known
    row.reason, row.ask_id, row.made_by, row.made_at = said, ask_id, actor_id, now
    row.before_digest, row.after_digest = tally.digests
    session.add(row)
    try:
        session.flush()
        session.add(CorrectionRun(correction_id=row.id, digest=row.digest, total=tally.concerned))
        session.flush()
    except IntegrityError as taken:
        raise Conflict("Another correction of this question is being applied. Wait until that is done, then look at the dry run again.") from taken
    detail = {"kind": row.kind, "item": row.item_id, "digest": row.digest, "offering": row.offering, "never_lower": row.never_lower, "undoes": row.undoes}
    record(session, now=now, actor_id=actor_id, action="item_corrected", subject_kind="correction", subject_id=row.id, detail=detail)
    return row


def claim_run(session: Session, *, claim: str, now: datetime) -> CorrectionRun | None:
    """Take the oldest run that waits, or one whose process is gone; None while another is going on. The database lets only one go on: raises Lost."""
    running = session.scalars(select(CorrectionRun).filter_by(state="running").with_for_update()).one_or_none()
    if running is not None:
        if running.lease_until is not None and now <= running.lease_until:
            return None
        running.state, running.claim, running.lease_until = ("queued" if running.tries < TRIES else "failed"), "", None
        session.flush()
    query = select(CorrectionRun).filter_by(state="queued").order_by(CorrectionRun.correction_id).limit(1)
    run = session.scalars(query.with_for_update()).one_or_none()
    if run is None:
        return None
    run.state, run.claim, run.lease_until, run.tries = "running", claim, now + LEASE, run.tries + 1
    try:
        session.flush()
    except IntegrityError as taken:
        raise Lost("Another process has begun to correct results.") from taken
    return run


def run_batch(session: Session, *, correction_id: int, claim: str, now: datetime, most: int = BATCH) -> bool:
    """Score the next attempts again, and say how far it is; whether there are more. One transaction: what it says is what it did. Raises Lost.

    Attempts that are being sat are locked too, so that one which is just closing is waited for, and looked at when it has closed.
    """
    run = session.scalars(select(CorrectionRun).where(CorrectionRun.correction_id == correction_id).with_for_update()).one()
    if run.claim != claim or run.state != "running":
        raise Lost("Another process has taken correction %(id)s over.", id=correction_id)
    row = session.get_one(Correction, correction_id)
    attempts = _lock(session, row, run.done_to, most)
    if attempts:
        _rescore(session, row, run, attempts, now)
        run.done_to, run.tries = attempts[-1].id, 1
    run.lease_until = now + LEASE
    more = len(attempts) == most
    if not more:
        run.state, run.ended_at, run.lease_until, run.claim = "done", now, None, ""
    session.flush()
    return more


def _lock(session: Session, row: Correction, after_id: int, most: int) -> Sequence[Attempt]:
    holds = Attempt.paper.contains(f'"{row.digest}"', autoescape=True)
    query = select(Attempt).where(holds, Attempt.id > after_id).order_by(Attempt.id).limit(most).with_for_update(key_share=True)
    query = query.where(Attempt.offering == row.offering) if row.offering else query
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _rescore(session: Session, row: Correction, run: CorrectionRun, attempts: Sequence[Attempt], now: datetime) -> None:
    by_id = {attempt.id: attempt for attempt in attempts if attempt.state in CLOSED}
    if not by_id:
        return
    chunk = session.execute(latest_results().where(Attempt.id.in_(by_id)).order_by(Attempt.id)).all()
    for change in rescored(session, Papers(session), chunk, step_of(session, row)):
        run.seen += 1
        run.kept += change.became == "kept"
        run.unclear += change.became == "unclear"
        if change.became != "changed":
            continue
        run.changed += 1
        run.to_pass += change.passes
        run.to_fail += change.fails
        _store(session, row, by_id[change.attempt_id], change, now)


def _store(session: Session, row: Correction, attempt: Attempt, change: Change, now: datetime) -> None:
    version = change.version + 1
    add_result(session, attempt, change.items, version=version, reason=REASON, now=now)
    session.add(
        ResultCause(attempt_id=attempt.id, version=version, kind="correction", correction_id=row.id, reason=row.reason, made_by=row.made_by),
    )
    session.flush()
    words = phrase("A question was corrected, and your result has changed with it. Your result page says what and why.")
    tell_one(session, attempt.person_id, Topic.TEST, f"corrected:{attempt.id}:{version}", words, now=now, address=f"/sittings/{attempt.id}/result")


def go_on(session: Session, *, correction_id: int) -> None:
    """Let a run that failed too often be tried again. Raises NotFound where it has not."""
    again = update(CorrectionRun).where(CorrectionRun.correction_id == correction_id, CorrectionRun.state == "failed").values(state="queued", tries=0)
    if session.execute(again.returning(CorrectionRun.correction_id)).scalar() is None:
        raise NotFound("There is no such correction that has stopped.")
