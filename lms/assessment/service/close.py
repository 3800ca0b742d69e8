"""Closing an attempt: handed in or lapsed, it is scored at once from the stored paper with the stored keys."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, Response, Result
from lms.assessment.rules.corrections import Given, Step, score_paper
from lms.assessment.rules.scoring import ItemScore
from lms.assessment.rules.terms import Terms, closed_at, is_late
from lms.assessment.service.keys import keyed
from lms.assessment.service.papers import list_placed
from lms.assessment.service.results import add_result
from lms.assessment.service.scoring import score_closed
from lms.clock import to_ms
from lms.errors import NotFound
from lms.platform.db import Database

log = structlog.get_logger()
RECEIPT_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_LENGTH = 10
BATCH = 500
REOPENED = "handed in again"


def submit_attempt(session: Session, *, attempt_id: int, person_id: int, now: datetime) -> Attempt:
    """Hand in the own attempt and score it; one already closed stays as it is. Past deadline and grace it lapses instead.

    Raises NotFound for another's attempt.
    """
    attempt = _lock(session, Attempt.id == attempt_id, Attempt.person_id == person_id)
    if attempt is None:
        raise NotFound("There is no such try.")
    if attempt.state == "open":
        close_attempt(session, attempt, now)
    return attempt


def lapse_overdue(session: Session, *, person_id: int, offering: str, now: datetime) -> None:
    """Close and score the person's open attempt at the offering if its time, with the grace, is over."""
    attempt = _lock(session, Attempt.person_id == person_id, Attempt.offering == offering, Attempt.state == "open")
    if attempt is not None and is_late(attempt.deadline_at, attempt.grace_s, now):
        close_attempt(session, attempt, now)


def lapse_due(db: Database, now: datetime) -> int:
    """Close and score every open attempt whose time, with the grace, is over, each in a transaction of its own; how many.

    One that fails is logged and does not keep the others waiting; the next tick tries it again.
    """
    due_ms = type_coerce(Attempt.deadline_at, BigInteger) + Attempt.grace_s * 1000
    query = select(Attempt.id).where(Attempt.state == "open", Attempt.deadline_at < now, due_ms < to_ms(now)).order_by(Attempt.deadline_at).limit(BATCH)
    with db.reading() as session:
        ids = session.scalars(query).all()
    done = 0
    for attempt_id in ids:
        try:
            with db.writing() as session:
                attempt = _lock(session, Attempt.id == attempt_id, Attempt.state == "open")
                if attempt is not None:
                    close_attempt(session, attempt, now)
            done += attempt is not None
        except Exception:
            log.exception("attempt not closed", attempt=attempt_id)
    return done


def _lock(session: Session, *wanted: object) -> Attempt | None:
    """The attempt, so that no save comes between its scoring and its closing: a save takes the same lock."""
    query = select(Attempt).where(*wanted).with_for_update(key_share=True)  # type: ignore[arg-type]
    return session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def close_attempt(session: Session, attempt: Attempt, now: datetime) -> None:
    """Close a locked, open attempt and score it: handed in, or lapsed if its time with the grace is over.

    One that was opened again gets a further version of its result.
    """
    late = is_late(attempt.deadline_at, attempt.grace_s, now)
    attempt.state = "lapsed" if late else "submitted"
    attempt.closed_at = closed_at(attempt.deadline_at, now)
    attempt.receipt = new_receipt()
    if not attempt.practice:
        add_first_result(session, attempt, now)


def add_first_result(session: Session, attempt: Attempt, now: datetime) -> None:
    """The result of an attempt that has just been closed, from its stored paper and answers: its first one, or the next after it was opened again."""
    scored = score_answers(session, attempt, answers_of(session, attempt))
    version, reason = (_next_version(session, attempt), REOPENED) if attempt.reopened_at else (1, "")
    add_result(session, attempt, scored, version=version, reason=reason, now=now)


def answers_of(session: Session, attempt: Attempt) -> dict[str, str]:
    """The stored answers by item id."""
    return {row.item_id: row.answer for row in session.execute(select(Response.item_id, Response.answer).filter_by(attempt_id=attempt.id))}


def score_answers(session: Session, attempt: Attempt, given: Mapping[str, str], steps: Sequence[Step] | None = None) -> Sequence[ItemScore]:
    """What answers bring by the stored keys and the corrections in force, in the order of the paper. steps: these corrections, if they have been read."""
    terms = Terms.from_json(attempt.rules)
    paper = [Given(keyed(placed.item), given.get(placed.item.id, "")) for placed in list_placed(session, attempt.paper)]
    return score_closed(session, offering=attempt.offering, terms=terms, given=paper).items if steps is None else score_paper(paper, terms, steps).items


def _next_version(session: Session, attempt: Attempt) -> int:
    return 1 + (session.scalar(select(func.max(Result.version)).where(Result.attempt_id == attempt.id)) or 0)


def new_receipt() -> str:
    """A random code that a person can read out: no letter looks like a digit."""
    code = "".join(secrets.choice(RECEIPT_LETTERS) for _ in range(RECEIPT_LENGTH))
    return f"{code[:5]}-{code[5:]}"
