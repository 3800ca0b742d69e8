"""Evidence from the rooms below: once, in the transaction of its cause, through the site's events."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from lms.assessment.events import AttemptScored, AttemptVoided
from lms.assessment.models import Attempt
from lms.certification.models import Evidence, EvidenceMark
from lms.certification.service.records import read_records
from lms.content.catalogue import Catalogue
from lms.learning.events import AttendanceRecorded, LessonDone
from lms.platform.db import Database
from lms.platform.events import announce
from tests.certification.make import G1, G4, NOW, Company
from tests.content.sample import COURSE, QUIZ


def lesson_done(person_id: int, ref: str = "khoa/bai#1", credited_s: int = 95) -> LessonDone:
    return LessonDone(person_id, "khoa", "bai", "law", credited_s, "l1", "c1", (G1, G4), date(2026, 11, 20), NOW, ref)


def attempt(person_id: int, *, passed: bool | None = True, offering: str = f"course:{COURSE}") -> AttemptScored:
    return AttemptScored(7, person_id, offering, "", 1, passed, 8, 10, 8, 10, 0, 60_000, NOW + timedelta(hours=16), None)


def stored(db: Database) -> list[tuple[str, str, dict[str, int], str, date]]:
    with db.reading() as session:
        return [(e.scheme, e.kind, e.seconds_by_part, e.source_ref, e.on) for e in session.execute(select(Evidence).order_by(Evidence.id)).scalars()]


def test_a_lesson_counts_for_every_scheme_of_its_course_and_each_report_once(db: Database, company: Company) -> None:
    worker = company.workers[0].id
    with db.writing() as session:
        for event in (lesson_done(worker), lesson_done(worker), lesson_done(worker, "khoa/bai#2", 30)):
            announce(session, event)
    day = date(2026, 11, 20)
    assert stored(db) == [(slug, "lesson", {"law": n}, ref, day) for n, ref in ((95, "khoa/bai#1"), (30, "khoa/bai#2")) for slug in (G1, G4)]


def test_a_class_day_counts_in_minutes_by_part(db: Database, company: Company) -> None:
    with db.writing() as session:
        announce(session, AttendanceRecorded(company.workers[0].id, 5, (G4,), {"law": 90, "practice": 0}, date(2026, 11, 20), NOW, company.officer.id))
    assert stored(db) == [(G4, "class", {"law": 5400}, "class_day:5", date(2026, 11, 20))]


def test_a_passed_test_of_a_course_counts_on_its_local_day_and_nothing_else_does(db: Database, company: Company, catalogue: Catalogue) -> None:
    worker = company.workers[0].id
    assert catalogue.courses[COURSE].schemes
    with db.writing() as session:
        for event in (
            attempt(worker, passed=False),
            attempt(worker, passed=None),
            attempt(worker, offering="round:x/y"),
            attempt(worker, offering="course:gone"),
            attempt(worker),
        ):
            announce(session, event)
    assert stored(db) == [(slug, "test", {}, "attempt:7", date(2026, 11, 23)) for slug in catalogue.courses[COURSE].schemes]


def test_evidence_goes_with_its_cause(db: Database, company: Company) -> None:
    with pytest.raises(RuntimeError), db.writing() as session:
        announce(session, lesson_done(company.workers[0].id))
        raise RuntimeError
    assert stored(db) == []


def test_evidence_is_never_changed_or_deleted(db: Database, company: Company) -> None:
    with db.writing() as session:
        announce(session, lesson_done(company.workers[0].id))
    for statement in (update(Evidence).values(seconds="{}"), delete(Evidence)):
        with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
            session.execute(statement)


def test_a_void_attempt_withdraws_its_proof_and_only_its_own(db: Database, company: Company, catalogue: Catalogue) -> None:
    worker, officer = company.workers[0].id, company.officer.id
    schemes = catalogue.courses[COURSE].schemes
    voided = AttemptVoided(7, worker, f"course:{COURSE}", officer, "Thi hộ", NOW + timedelta(days=2))
    with db.writing() as session:
        announce(session, attempt(worker))
        announce(session, replace(attempt(worker), attempt_id=8))
        for event in (voided, voided, replace(voided, person_id=officer)):
            announce(session, event)
    with db.reading() as session:
        rows = session.scalars(select(EvidenceMark)).all()
        assert [(row.kind, row.cause, row.at) for row in rows] == [("withdrawn", "void", voided.at)] * len(schemes)
        records = read_records(session, people=[worker], schemes=list(schemes), evidence=True)
    for record in records.values():
        assert len(record.known(voided.at - timedelta(seconds=1)).evidence) == 2
        assert len(record.known(voided.at).evidence) == 1
    assert len(stored(db)) == 2 * len(schemes)
    with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
        session.execute(delete(EvidenceMark))


@pytest.mark.parametrize(("quiz", "counts"), [pytest.param(QUIZ, True, id="of the course's quiz"), pytest.param("another", False, id="of another quiz")])
def test_a_passed_exam_of_a_courses_quiz_counts_for_its_schemes(db: Database, company: Company, catalogue: Catalogue, quiz: str, counts: bool) -> None:
    worker = company.workers[0].id
    times = {"started_at": NOW, "deadline_at": NOW + timedelta(hours=1), "closed_at": NOW + timedelta(minutes=1), "grace_s": 0}
    with db.writing() as session:
        made = Attempt(person_id=worker, offering="exam:1", period="", n=1, quiz=quiz, quiz_digest="d", seed=1, lang="vi", paper="[]", rules="{}", **times)
        made.state = "submitted"
        session.add(made)
        session.flush()
        announce(session, replace(attempt(worker, offering="exam:1"), attempt_id=made.id))
    assert len(stored(db)) == (len(catalogue.courses[COURSE].schemes) if counts else 0)
