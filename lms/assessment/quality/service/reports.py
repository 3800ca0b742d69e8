"""Reports: a learner says that something is wrong with a question of an own paper; a trainer answers; the learner reads the answer."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.assessment.quality.models import ItemReport, ItemReportAnswer
from lms.assessment.rules.answers.texts import clean
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.platform.audit import record

REASONS = ("unclear", "key", "picture", "translation", "other")
OUTCOMES = ("done", "declined")
WORDS_MOST = 500
PER_DAY = 20
PAGE = 50


@dataclass(frozen=True, slots=True)
class Reported:
    """A report with its answer, if it has one."""

    report: ItemReport
    answer: ItemReportAnswer | None


def report_item(session: Session, *, attempt_id: int, person_id: int, item_id: str, reason: str, words: str, now: datetime) -> ItemReport:
    """Report an item of the own paper, while it is sat or afterwards; once for each item of a paper.

    Raises NotFound for another's attempt or an item that is not in it, Invalid for an unknown reason or too long a text, NotAllowed past
    `PER_DAY` reports in 24 hours, Conflict where it has been reported.
    """
    attempt = session.execute(select(Attempt).filter_by(id=attempt_id, person_id=person_id)).scalar_one_or_none()
    digest = next((row[0] for row in json.loads(attempt.paper) if row[1] == item_id), None) if attempt else None
    if attempt is None or digest is None or attempt.state == "void":
        raise NotFound("There is no such question in your papers.")
    text = clean(words, lines=True)
    if reason not in REASONS:
        raise Invalid("Choose what is wrong with the question.")
    if len(text) > WORDS_MOST:
        raise Invalid("This text is too long: at most %(most)s characters. Nothing was changed.", most=WORDS_MOST)
    since = now - timedelta(days=1)
    lately = select(func.count()).select_from(ItemReport).where(ItemReport.person_id == person_id, ItemReport.reported_at > since)
    if session.execute(lately).scalar_one() >= PER_DAY:
        raise NotAllowed("You have reported %(most)s questions since yesterday. Tell your trainer about the others.", most=PER_DAY)
    made = ItemReport(
        attempt_id=attempt.id,
        person_id=person_id,
        offering=attempt.offering,
        item_id=item_id,
        digest=digest,
        lang=attempt.lang,
        reason=reason,
        words=text,
        reported_at=now,
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError as twice:
        raise Conflict("You have reported this question already. The answer will stand with your result.") from twice
    return made


def list_own(session: Session, *, attempt_id: int) -> dict[str, Reported]:
    """The reports of an attempt by item, with their answers, in one query."""
    query = select(ItemReport, ItemReportAnswer).outerjoin(ItemReportAnswer).where(ItemReport.attempt_id == attempt_id)
    return {report.item_id: Reported(report, answer) for report, answer in session.execute(query)}


def list_reports(session: Session, *, waiting: bool, item_id: str = "", offering: str = "", page: int = 1) -> tuple[list[Reported], int]:
    """Reports that wait (the oldest first) or all (the latest first), and how many there are. Two queries."""
    query = select(ItemReport, ItemReportAnswer).outerjoin(ItemReportAnswer)
    if waiting:
        query = query.where(ItemReportAnswer.report_id.is_(None))
    if item_id:
        query = query.where(ItemReport.item_id == item_id)
    if offering:
        query = query.where(ItemReport.offering == offering)
    total = session.execute(select(func.count()).select_from(query.subquery())).scalar_one() if page > 1 or not item_id else 0
    order = ItemReport.id if waiting else ItemReport.id.desc()
    rows = session.execute(query.order_by(order).offset((page - 1) * PAGE).limit(PAGE)).all()
    found = [Reported(report, answer) for report, answer in rows]
    return found, max(total, len(found))


def get_report(session: Session, *, report_id: int) -> Reported:
    """One report. Raises NotFound."""
    row = session.execute(select(ItemReport, ItemReportAnswer).outerjoin(ItemReportAnswer).where(ItemReport.id == report_id)).first()
    if row is None:
        raise NotFound("There is no such report.")
    return Reported(row[0], row[1])


def answer_report(session: Session, *, report_id: int, actor_id: int, outcome: str, words: str, now: datetime) -> None:
    """Say what came of a report; the learner reads it. Raises NotFound, Invalid, and Conflict where somebody was faster."""
    get_report(session, report_id=report_id)
    text = clean(words, lines=True)
    if outcome not in OUTCOMES:
        raise Invalid("Say whether the question was mended or stays as it is.")
    if outcome == "declined" and not text:
        raise Invalid("Say why the question stays as it is: the learner reads it.")
    if len(text) > WORDS_MOST:
        raise Invalid("This text is too long: at most %(most)s characters. Nothing was changed.", most=WORDS_MOST)
    session.add(ItemReportAnswer(report_id=report_id, outcome=outcome, words=text, answered_by=actor_id, answered_at=now))
    try:
        session.flush()
    except IntegrityError as faster:
        raise Conflict("Somebody has answered this report already.") from faster
    record(session, now=now, actor_id=actor_id, action="item_report_answered", subject_kind="item_report", subject_id=report_id, detail={"outcome": outcome})
