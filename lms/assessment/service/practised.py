"""Practice after it has closed: its result is made of the stored answers whenever somebody looks, and after a while all of it is forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, Response, Result
from lms.assessment.rules.corrections import Step
from lms.assessment.service.close import answers_of, score_answers
from lms.assessment.service.look import AttemptView
from lms.assessment.service.papers import list_placed
from lms.assessment.service.results import make_result
from lms.assessment.service.scoring import load_steps
from lms.platform.db import Database

log = structlog.get_logger()
KEPT = timedelta(days=30)
"""How long practice is kept after it has closed: long enough to look back at what went wrong this month."""
BATCH = 500


def with_result(session: Session, view: AttemptView) -> AttemptView:
    """A closed practice attempt with a result, which is stored nowhere; any other as it is."""
    attempt = view.attempt
    if not attempt.practice or attempt.closed_at is None or view.result is not None:
        return view
    return _made(session, attempt, answers_of(session, attempt))


def list_practised(session: Session, *, person_id: int, offering_prefix: str, limit: int = 5) -> list[AttemptView]:
    """The person's latest closed practice at offerings of this prefix, with results, the latest first: three queries beside those for items never read."""
    query = select(Attempt).where(Attempt.person_id == person_id, Attempt.practice, Attempt.offering.startswith(offering_prefix, autoescape=True))
    query = query.where(Attempt.closed_at.is_not(None)).order_by(Attempt.closed_at.desc(), Attempt.id.desc()).limit(limit)
    attempts = session.scalars(query).all()
    answers: dict[int, dict[str, str]] = {attempt.id: {} for attempt in attempts}
    if attempts:
        rows = session.execute(select(Response.attempt_id, Response.item_id, Response.answer).where(Response.attempt_id.in_(list(answers))))
        for row in rows:
            answers[row.attempt_id][row.item_id] = row.answer
    asked = {placed.item.digest for attempt in attempts for placed in list_placed(session, attempt.paper)}
    steps = load_steps(session, asked, offerings={attempt.offering for attempt in attempts})
    return [_made(session, attempt, answers[attempt.id], steps[attempt.offering]) for attempt in attempts]


def _made(session: Session, attempt: Attempt, answers: Mapping[str, str], steps: Sequence[Step] | None = None) -> AttemptView:
    assert attempt.closed_at is not None
    result, _ = make_result(attempt, score_answers(session, attempt, answers, steps), version=1, reason="", now=attempt.closed_at)
    return AttemptView(attempt, result)


def forget_practice(db: Database, now: datetime) -> int:
    """Delete practice that closed more than 30 days ago, with its answers; how many attempts. It never had a result, evidence or a late answer."""
    gone = 0
    with db.reading() as session:
        query = select(Attempt.id).where(
            Attempt.practice, Attempt.closed_at < now - KEPT, ~select(Result.attempt_id).where(Result.attempt_id == Attempt.id).exists()
        )
        ids = session.scalars(query.order_by(Attempt.closed_at).limit(BATCH)).all()
    for attempt_id in ids:
        try:
            with db.writing() as session:
                session.execute(delete(Response).where(Response.attempt_id == attempt_id))
                session.execute(delete(Attempt).where(Attempt.id == attempt_id, Attempt.practice))
            gone += 1
        except Exception:
            log.exception("practice not forgotten", attempt=attempt_id)
    return gone
