"""Results: one version after the other, told to the rooms above as soon as nothing in them is open."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from lms.assessment.events import AttemptScored
from lms.assessment.models import Attempt, Result
from lms.assessment.rules.corrections import sum_up
from lms.assessment.rules.scoring import ItemScore, Score
from lms.assessment.rules.terms import Terms
from lms.clock import to_ms
from lms.platform.events import announce


def add_result(session: Session, attempt: Attempt, scored: Sequence[ItemScore], *, version: int, reason: str, now: datetime) -> Result:
    """Store what the items of a closed attempt brought; announce it unless essays wait to be marked for the first time."""
    assert attempt.closed_at is not None
    result, score = make_result(attempt, scored, version=version, reason=reason, now=now)
    session.add(result)
    session.flush()
    if not score.unmarked or version > 1:
        announce(session, _event(attempt, score, result, attempt.closed_at))
    return result


def make_result(attempt: Attempt, scored: Sequence[ItemScore], *, version: int, reason: str, now: datetime) -> tuple[Result, Score]:
    """The result of a closed attempt, not stored: of practice nothing else is ever made."""
    assert attempt.closed_at is not None
    score = sum_up(scored, Terms.from_json(attempt.rules))
    elapsed_ms = to_ms(attempt.closed_at) - to_ms(attempt.started_at)
    result = Result(
        attempt_id=attempt.id,
        version=version,
        points=score.points,
        max_points=score.max_points,
        correct=score.correct,
        item_count=score.item_count,
        critical_wrong=score.critical_wrong,
        unmarked=score.unmarked,
        passed=score.passed,
        elapsed_ms=elapsed_ms,
        items=dump_items(scored),
        scored_at=now,
        reason=reason,
    )
    return result, score


def _event(attempt: Attempt, score: Score, result: Result, closed_at: datetime) -> AttemptScored:
    return AttemptScored(
        attempt_id=attempt.id,
        person_id=attempt.person_id,
        offering=attempt.offering,
        period=attempt.period,
        n=attempt.n,
        passed=score.passed,
        points=score.points,
        max_points=score.max_points,
        correct=score.correct,
        item_count=score.item_count,
        critical_wrong=score.critical_wrong,
        elapsed_ms=result.elapsed_ms,
        submitted_at=closed_at,
        unit_id=attempt.unit_id,
        version=result.version,
        scored_at=result.scored_at,
    )


def dump_items(scored: Sequence[ItemScore]) -> str:
    """The items of a result as stored."""
    rows = [[s.item.item_id, s.item.digest, s.item.topic, s.answer, s.verdict, s.points, s.max_points] for s in scored]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
