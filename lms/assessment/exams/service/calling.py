"""Calling people to an exam that they are listed for."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from lms.assessment.exams.models import Exam
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import Told, tell
from lms.platform.rules import phrase


def call(session: Session, exam: Exam, person_ids: Iterable[int], *, now: datetime) -> None:
    """Tell people that they are to sit an exam, once for each opening."""
    words = phrase("You are called to the test “%(title)s”: from %(opens)s until %(closes)s.", title=exam.title, opens=exam.opens_at, closes=exam.closes_at)
    cause = f"exam:{exam.id}:{exam.opens_at:%Y%m%d%H%M}"
    tell(session, [Told(one, Topic.TEST, cause, words, "/") for one in person_ids], now=now)
