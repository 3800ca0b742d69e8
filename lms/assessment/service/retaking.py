"""What comes before another try: the wait between two, and the lessons that a failed one sends back to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from lms.assessment.offerings import Offering, ToRead
from lms.assessment.rules.retaking import failed_topics, next_try_at
from lms.assessment.service.look import AttemptView, items_of, list_attempts
from lms.errors import NotAllowed

LOOKED_AT = 1000
"""More tries than any offering with a wait allows."""


class TooEarly(NotAllowed):
    """The wait between two tries is not over."""


class LessonsFirst(NotAllowed):
    """A failed try sends back to lessons that have not been read again."""


@dataclass(frozen=True, slots=True)
class Before:
    """What stands before the next try. opens_at: when the wait is over (None: there is none, or it is); to_read: lessons, with those read already."""

    opens_at: datetime | None = None
    to_read: tuple[ToRead, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether the next try cannot begin yet."""
        return self.opens_at is not None or any(not lesson.read for lesson in self.to_read)


def before_next(session: Session, *, person_id: int, offering: Offering, now: datetime, zone: tzinfo) -> Before:
    """What stands before the person's next try at this offering now. No query where the quiz has no rule for it."""
    retake = offering.quiz.policy.retake
    if not retake.waits and retake.lessons_first == "no":
        return Before()
    tries = [view for view in list_attempts(session, person_id=person_id, offerings=[offering.key], limit=LOOKED_AT) if view.attempt.state != "void"]
    closed = [view.attempt.closed_at for view in tries if view.attempt.closed_at is not None]
    opens_at = next_try_at(closed, hours=retake.wait_hours, days=retake.wait_days, after=retake.after, zone=zone)
    waits = opens_at if opens_at is not None and now < opens_at else None
    return Before(waits, tuple(_to_read(session, person_id, offering, tries)))


def check_retake(session: Session, *, person_id: int, offering: Offering, now: datetime, zone: tzinfo) -> None:
    """Raises TooEarly during the wait, LessonsFirst before the lessons have been read."""
    before = before_next(session, person_id=person_id, offering=offering, now=now, zone=zone)
    if before.opens_at is not None:
        raise TooEarly("The next try opens at %(at)s.", at=before.opens_at)
    if before.blocks:
        raise LessonsFirst("Read the lessons on what went wrong to their end first; they are listed on the page of the test.")


def _to_read(session: Session, person_id: int, offering: Offering, tries: Sequence[AttemptView]) -> Sequence[ToRead]:
    """After a try that failed, and none that passed: its lessons, counted as read if that was after it was handed in."""
    first = offering.quiz.policy.retake.lessons_first
    last = next((view for view in tries if view.result is not None and view.attempt.closed_at is not None), None)
    if first == "no" or offering.lessons is None or last is None or any(view.passed for view in tries):
        return ()
    assert last.result is not None
    assert last.attempt.closed_at is not None
    if last.result.passed is not False:
        return ()
    topics = None if first == "yes" else failed_topics([(item.topic, item.verdict) for item in items_of(last.result)])
    return offering.lessons.list_to_read(session, person_id=person_id, topics=topics, since=last.attempt.closed_at)
