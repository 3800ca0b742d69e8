"""Exams as offerings, and the keys that open ones keep back."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Literal, cast
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.exams.models import Exam
from lms.assessment.exams.pins import PinnedQuizzes
from lms.assessment.exams.service.admission import ExamAdmission
from lms.assessment.exams.service.candidates import is_expected
from lms.assessment.offerings import Listed, Offering
from lms.clock import local_date
from lms.content.catalogue import Catalogue, Words
from lms.content.service.pools import PoolIds
from lms.people.models import Unit
from lms.platform.rules import Phrase, phrase

PREFIX = "exam"
LISTED = 300


def key_of(exam_id: int) -> str:
    """The offering that an exam is."""
    return f"{PREFIX}:{exam_id}"


def id_of(key: str) -> int | None:
    """The exam of an offering's key; None if it is no exam's."""
    prefix, _, number = key.partition(":")
    return int(number) if prefix == PREFIX and number.isdecimal() and len(number) < 10 else None  # noqa: PLR2004  (as long as an id can be)


def title_of(exam: Exam) -> Words:
    """What an exam is called: one title, whoever reads it."""
    return {"vi": exam.title, "zh": exam.title, "en": exam.title}


class ExamSource:
    """Offers `exam:<id>` to the people who are expected at it. zone: the site's, by whose days people work in units."""

    def __init__(self, zone: ZoneInfo, pools: PoolIds, pins: PinnedQuizzes) -> None:
        self._zone, self._pools, self._pins = zone, pools, pins

    def find(self, session: Session, catalogue: Catalogue, key: str, person_id: int, now: datetime) -> Offering | None:
        """The exam as it is offered now; None if there is none, or it is not for this person."""
        exam_id = id_of(key)
        if exam_id is None:
            return None
        mine = select(Exam).where(Exam.id == exam_id, Exam.removed_at.is_(None), is_expected(person_id, local_date(now, self._zone)))
        exam = session.execute(mine).scalar_one_or_none()
        quiz = self._pins.get(session, catalogue, exam.quiz, exam.quiz_digest) if exam else None
        if exam is None or quiz is None:
            return None
        return Offering(
            key=key,
            title=title_of(exam),
            quiz=quiz,
            attempts_max=exam.attempts,
            opens_at=exam.opens_at,
            closes_at=exam.closes_at,
            review=cast("Literal['never', 'after_submit', 'after_close']", exam.review),
            pass_percent=quiz.pass_percent or None,
            stale_langs=self._pools.stale_langs(session, catalogue, quiz),
            notes=tuple(_notes(exam)),
            one_device=exam.one_device,
            admits=ExamAdmission(exam.id, exam.code, exam.networks) if exam.code or exam.networks else None,
        )

    def listed(self, session: Session, catalogue: Catalogue) -> list[Listed]:  # noqa: ARG002
        """The exams, the latest opening first, each of its unit."""
        rows = session.execute(
            select(Exam.id, Exam.title, Unit.path)
            .join(Unit, Unit.id == Exam.unit_id)
            .where(Exam.removed_at.is_(None))
            .order_by(Exam.opens_at.desc())
            .limit(LISTED)
        )
        return [Listed(key_of(row.id), {"vi": row.title, "zh": row.title, "en": row.title}, row.path) for row in rows]


def _notes(exam: Exam) -> list[Phrase]:
    said = []
    if exam.one_device:
        said.append(phrase("You answer on the device on which you start. If it fails, the supervisor lets you go on with another one."))
    if exam.watch:
        said.append(
            phrase("The site notes when the page is left and when text is pasted into an answer. The supervisor sees that; nothing is decided by it alone.")
        )
    if exam.networks:
        said.append(phrase("It can only be started in the network of the exam room."))
    return said


class OpenExams:
    """Keeps back the keys of items that an open exam may draw."""

    def __init__(self, pools: PoolIds, pins: PinnedQuizzes) -> None:
        self._pools, self._pins = pools, pins

    def guarded_until(self, session: Session, catalogue: Catalogue, item_ids: Collection[str], now: datetime) -> datetime | None:
        """The last close of the open exams that may draw one of these items; None if none may. One query where no exam is open."""
        return max((exam.closes_at for exam, ids in self._open(session, catalogue, now) if not ids.isdisjoint(item_ids)), default=None)

    def guarded_ids(self, session: Session, catalogue: Catalogue, item_ids: Collection[str], now: datetime) -> frozenset[str]:
        """The items that an open exam may draw."""
        return frozenset(item_ids) & frozenset(id_ for _, ids in self._open(session, catalogue, now) for id_ in ids)

    def _open(self, session: Session, catalogue: Catalogue, now: datetime) -> Iterator[tuple[Exam, frozenset[str]]]:
        is_open = (Exam.removed_at.is_(None), Exam.opens_at <= now, Exam.closes_at > now)
        for exam in session.scalars(select(Exam).where(*is_open)):
            quiz = self._pins.get(session, catalogue, exam.quiz, exam.quiz_digest)
            if quiz is not None:
                yield exam, self._pools.of(session, catalogue, quiz)
