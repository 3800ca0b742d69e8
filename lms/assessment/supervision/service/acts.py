"""The acts of a supervisor on one attempt, each with a reason: more time, open again, hand in, make void, let another device go on.

Every act locks the attempt as a save does, so that it comes either before or after each answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.assessment.events import AttemptVoided
from lms.assessment.models import Attempt
from lms.assessment.rules.terms import Terms, closed_at
from lms.assessment.service.close import close_attempt
from lms.assessment.service.look import CLOSED
from lms.assessment.supervision.rules.events import Kind
from lms.assessment.supervision.rules.time import extra_until, new_deadline
from lms.assessment.supervision.service.reasons import reason_of, seconds_of
from lms.assessment.supervision.service.taking import Act, note, take
from lms.errors import Conflict
from lms.platform.events import announce

FREE = ""
"""What stands for the device of an attempt that the next one to open the paper takes."""


@dataclass(frozen=True, slots=True)
class Window:
    """What of its offering decides whether an attempt goes on.

    closes_at: its close now, none where there is none; offered: whether it still is; locked: its rules allow no reopening;
    keys_shown: what is right may have been seen already; proven: evidence of training rests on it.
    """

    closes_at: datetime | None
    offered: bool = True
    locked: bool = False
    keys_shown: bool = False
    proven: bool = False


def give_time(session: Session, act: Act, *, minutes: int, window: Window) -> Attempt:
    """More time in an open attempt: deadline = min(start + limit + extra, close). Raises as `take` does; Conflict where it would gain nothing."""
    attempt = _take_open(session, act)
    seconds = seconds_of(minutes)
    deadline = new_deadline(attempt.started_at, _limit_s(attempt), attempt.extra_s + seconds, window.closes_at)
    if deadline <= attempt.deadline_at or deadline <= act.now:
        raise Conflict("More time would gain nothing: the test closes at %(at)s for everybody.", at=window.closes_at or deadline)
    attempt.extra_s, attempt.deadline_at = attempt.extra_s + seconds, deadline
    note(session, act, Kind.EXTRA_TIME, seconds=seconds)
    return attempt


def reopen(session: Session, act: Act, *, minutes: int, window: Window) -> Attempt:
    """Open a closed attempt again, with so many minutes from now, at the latest until the close.

    Its result stays in the history and counts no more; closing again adds the next version. Raises as `take` does; Conflict where the window
    is over, the paper's keys may be known, evidence rests on it, or another attempt of the person was begun since.
    """
    attempt = take(session, act)
    _refuse_reopening(session, attempt, act, window)
    limit_s = _limit_s(attempt)
    detail = f"{attempt.state} {attempt.receipt or ''}".strip()
    attempt.extra_s = extra_until(attempt.started_at, limit_s, act.now + timedelta(seconds=seconds_of(minutes)))
    attempt.deadline_at = deadline = new_deadline(attempt.started_at, limit_s, attempt.extra_s, window.closes_at)
    attempt.state, attempt.closed_at, attempt.receipt, attempt.reopened_at = "open", None, None, act.now
    try:
        session.flush()
    except IntegrityError as lost:
        raise Conflict("Another try has been started since; only the last one can be opened again.") from lost
    note(session, act, Kind.REOPENED, seconds=int((deadline - act.now).total_seconds()), detail=detail)
    return attempt


def _refuse_reopening(session: Session, attempt: Attempt, act: Act, window: Window) -> None:
    if attempt.state not in CLOSED:
        raise Conflict("Only a sitting that was handed in or ran out of time can be opened again.")
    if window.locked:
        raise Conflict("The rules of a contest lock its times and tries, so a sitting is not opened again. Make it void with a reason: it then uses up no try.")
    if not window.offered or (window.closes_at is not None and act.now >= window.closes_at):
        raise Conflict("The test has closed, so no sitting can be opened again.")
    if window.proven:
        raise Conflict("It has passed, and evidence of training rests on it, so it is not opened again.")
    if window.keys_shown:
        raise Conflict("What is right in this paper can be seen already, so it is not opened again. Make it void with a reason: the next try has a new paper.")
    later = select(Attempt.id).where(Attempt.person_id == attempt.person_id, Attempt.offering == attempt.offering, Attempt.id > attempt.id)
    if session.scalar(later.where(Attempt.state != "void").limit(1)) is not None:
        raise Conflict("Another try has been started since; only the last one can be opened again.")


def hand_in(session: Session, act: Act) -> Attempt:
    """Hand in an open attempt: what is saved is scored. Raises as `take` does; Conflict where it has closed."""
    attempt = _take_open(session, act)
    close_attempt(session, attempt, act.now)
    note(session, act, Kind.HANDED_IN)
    return attempt


def make_void(session: Session, act: Act) -> Attempt:
    """An attempt counts no more and uses up no try; its paper, answers and results stay. Raises as `take` does; Conflict where it is void already."""
    attempt = take(session, act)
    if attempt.state == "void":
        raise Conflict("This sitting is void already.")
    detail = attempt.state
    attempt.closed_at = attempt.closed_at or closed_at(attempt.deadline_at, act.now)
    attempt.state = "void"
    session.flush()
    note(session, act, Kind.VOIDED, detail=detail)
    announce(session, AttemptVoided(attempt.id, attempt.person_id, attempt.offering, act.scope.person_id, reason_of(act.reason), act.now))
    return attempt


def unlock_device(session: Session, act: Act) -> Attempt:
    """Let the next device that opens the paper go on with it. Raises as `take` does; Conflict where any device may."""
    attempt = _take_open(session, act)
    if attempt.device is None or attempt.device == FREE:
        raise Conflict("This sitting is not bound to a device: it goes on wherever it is opened next.")
    attempt.device = FREE
    note(session, act, Kind.UNLOCKED)
    return attempt


def _take_open(session: Session, act: Act) -> Attempt:
    attempt = take(session, act)
    if attempt.state != "open":
        raise Conflict("This sitting is over; it has been handed in, ran out of time or was made void.")
    return attempt


def _limit_s(attempt: Attempt) -> int:
    return Terms.from_json(attempt.rules).limit_s
