"""Wishes to publish as rows: asked for, claimed by one process at a time, taken up again when that process died."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.content.models import PublishJob
from lms.errors import Conflict, NotFound
from lms.platform.db import insert_into
from lms.platform.phrases import from_stored, to_stored
from lms.platform.rules import Phrase, phrase

Kind = Literal["button", "command", "hook", "poll"]
RUNNING = ("fetching", "checking", "storing")
LEASE = timedelta(seconds=20)
"""How long a job is left alone whose process says nothing."""
TRIES = 3


class Lost(Conflict):
    """Another process has taken the job over, because this one was silent for too long."""


def ask_publishing(session: Session, *, kind: Kind, now: datetime, actor_id: int | None = None, source: str = "", rev: str = "") -> PublishJob:
    """Wish that something be published; a wish of the same kind of content that still waits is the same wish."""
    row = {
        "kind": kind,
        "source": source,
        "rev": rev,
        "asked_at": now,
        "asked_by": actor_id,
        "state": "queued",
        "slot": 1,
        "claim": "",
        "tries": 0,
        "message": "",
    }
    session.execute(insert_into(session, PublishJob).values(row).on_conflict_do_nothing())
    return session.scalars(select(PublishJob).filter_by(state="queued", source=source, rev=rev)).one()


def claim_next(session: Session, *, claim: str, now: datetime) -> PublishJob | None:
    """Take the oldest wish, if nobody else is publishing. `claim` names the process.

    The database lets only one job run: raises Lost for whom another process was faster by a moment.
    """
    running = session.scalars(select(PublishJob).where(PublishJob.state.in_(RUNNING)).with_for_update()).one_or_none()
    if running is not None:
        if running.lease_until is not None and now <= running.lease_until:
            return None
        _give_up(session, running, now=now)
    job = session.scalars(select(PublishJob).filter_by(state="queued").order_by(PublishJob.id).limit(1).with_for_update()).one_or_none()
    if job is None:
        return None
    job.state, job.claim, job.started_at, job.lease_until, job.tries = "fetching", claim, now, now + LEASE, job.tries + 1
    try:
        session.flush()
    except IntegrityError as taken:
        raise Lost("Another process has begun to publish.") from taken
    return job


def _give_up(session: Session, job: PublishJob, *, now: datetime) -> None:
    """A job whose process is gone waits again; unless it has died too often, or the same wish waits already."""
    waits = session.scalar(select(PublishJob.id).filter_by(state="queued", source=job.source, rev=job.rev))
    if waits is None and job.tries < TRIES:
        job.state, job.claim, job.lease_until = "queued", "", None
    else:
        why = phrase("It was interrupted; publishing %(id)s does the same.", id=waits) if waits else phrase("It was interrupted %(n)s times.", n=job.tries)
        job.state, job.ended_at, job.message = "failed", now, _dump([why])
    session.flush()


def advance(session: Session, *, job_id: int, claim: str, state: Literal["fetching", "checking", "storing"] | None, now: datetime) -> None:
    """Say that the job goes on, in this state (None: in the same). Raises Lost."""
    values: dict[str, object] = {"lease_until": now + LEASE} | ({"state": state} if state else {})
    _change(session, job_id, claim, values)


def finish(
    session: Session, *, job_id: int, claim: str, state: Literal["done", "failed"], said: Sequence[Phrase], now: datetime, publication_id: int | None = None
) -> None:
    """End the job, in the transaction of what it did. Raises Lost, which rolls that back."""
    _change(session, job_id, claim, {"state": state, "ended_at": now, "message": _dump(said), "publication_id": publication_id})


def _change(session: Session, job_id: int, claim: str, values: dict[str, object]) -> None:
    mine = update(PublishJob).where(PublishJob.id == job_id, PublishJob.claim == claim, PublishJob.state.in_(RUNNING)).values(values)
    changed = session.execute(mine.returning(PublishJob.id).execution_options(synchronize_session=False)).scalar()
    if changed is None:
        raise Lost("Another process has taken publishing %(id)s over.", id=job_id)


def get_job(session: Session, job_id: int) -> PublishJob:
    """A wish. Raises NotFound."""
    job = session.get(PublishJob, job_id)
    if job is None:
        raise NotFound("There is no such publishing.")
    return job


def find_latest(session: Session) -> PublishJob | None:
    """The wish that was made last."""
    return session.scalars(select(PublishJob).order_by(PublishJob.id.desc()).limit(1)).one_or_none()


def message_of(job: PublishJob) -> list[Phrase]:
    """What the job said at its end."""
    return list(from_stored(json.loads(job.message))) if job.message else []


def is_over(job: PublishJob) -> bool:
    """Whether the job has ended."""
    return job.ended_at is not None


def _dump(said: Sequence[Phrase]) -> str:
    return json.dumps([to_stored(one) for one in said], ensure_ascii=False)
