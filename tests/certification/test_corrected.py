"""A proof follows the corrected result of its test: withdrawn and restored with the moment, never deleted; what rested on it says so."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from lms.assessment.events import AttemptScored
from lms.certification.models import Evidence, EvidenceMark
from lms.certification.rules.terms import Evidence as Proof
from lms.certification.rules.terms import EvidenceMark as Mark
from lms.certification.rules.terms import Record
from lms.certification.service.impact import find_resting
from lms.certification.service.own import own_standing
from lms.certification.service.records import read_records
from lms.content.catalogue import Catalogue
from lms.platform.db import Database
from lms.platform.events import announce
from tests.certification.make import G4, NOW, TODAY, Company, confirm_all, train
from tests.content.sample import COURSE

LATER = NOW + timedelta(days=2)


def scored(person_id: int, version: int, *, passed: bool | None, attempt_id: int = 7) -> AttemptScored:
    at = NOW + timedelta(days=version)
    first = AttemptScored(attempt_id, person_id, f"course:{COURSE}", "", 1, passed, 8, 10, 8, 10, 0, 60_000, NOW, None)
    return replace(first, version=version, scored_at=at)


def tell(db: Database, *events: AttemptScored) -> None:
    with db.writing() as session:
        for event in events:
            announce(session, event)


def counts(db: Database, person_id: int) -> list[bool]:
    with db.reading() as session:
        record = read_records(session, people=[person_id], schemes=[G4], evidence=True).get((person_id, G4), Record())
    return [bool(record.known(NOW + timedelta(days=days)).evidence) for days in (0, 1, 2, 3, 4)]


def test_a_pass_that_is_corrected_away_and_back_counts_when_it_was_known(db: Database, company: Company) -> None:
    worker = company.workers[0].id
    tell(db, scored(worker, 1, passed=True), scored(worker, 2, passed=False))
    assert counts(db, worker) == [False, True, False, False, False]
    tell(db, scored(worker, 3, passed=False), scored(worker, 4, passed=True), scored(worker, 5, passed=True))
    assert counts(db, worker) == [False, True, False, False, True]
    with db.reading() as session:
        assert len(session.scalars(select(Evidence).where(Evidence.scheme == G4)).all()) == 1
        kinds = select(EvidenceMark.kind, EvidenceMark.cause).join(Evidence, Evidence.id == EvidenceMark.evidence_id).where(Evidence.scheme == G4)
        assert [tuple(row) for row in session.execute(kinds.order_by(EvidenceMark.id))] == [("withdrawn", "result 2"), ("restored", "result 4")]


def test_a_corrected_fail_becomes_a_proof_from_the_correction_on(db: Database, company: Company) -> None:
    worker = company.workers[0].id
    tell(db, scored(worker, 1, passed=False), scored(worker, 2, passed=True))
    assert counts(db, worker) == [False, False, True, True, True]
    with db.reading() as session:
        [proof] = session.scalars(select(Evidence).where(Evidence.scheme == G4))
        assert (proof.on, proof.recorded_at) == (TODAY, LATER)


def test_marks_of_proofs_are_kept_for_ever(db: Database, company: Company) -> None:
    tell(db, scored(company.workers[0].id, 1, passed=True), scored(company.workers[0].id, 2, passed=None))
    for statement in (update(EvidenceMark).values(kind="restored"), delete(EvidenceMark)):
        with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
            session.execute(statement)


def test_a_period_on_a_withdrawn_proof_says_so_and_rests_on_it_no_more(db: Database, company: Company, catalogue: Catalogue) -> None:
    worker = company.workers[0]
    with db.writing() as session:
        train(session, worker)
        confirm_all(session, company, catalogue, [worker])
        [proof] = session.scalars(select(Evidence).where(Evidence.kind == "test"))
        attempt_id = int(proof.source_ref.removeprefix("attempt:"))
    tell(db, scored(worker.id, 2, passed=False, attempt_id=attempt_id))
    with db.reading() as session:
        one = next(one for one in own_standing(session, catalogue, worker.id, TODAY) if one.scheme.slug == G4)
        assert (one.withdrawn, one.shaken) == (frozenset({proof.id}), frozenset({one.periods[0].period.id}))
        assert one.standing.value == "valid"
        assert find_resting(session, attempt_ids=[attempt_id], today=TODAY) == ()


def test_of_marks_the_latest_that_was_known_counts() -> None:
    proof = Proof(1, "test", {}, date(2026, 1, 1), NOW, (Mark(2, "restored", NOW + timedelta(hours=2)), Mark(1, "withdrawn", NOW + timedelta(hours=1))))
    assert [proof.counts(NOW + timedelta(hours=hours)) for hours in (-1, 0, 1, 2)] == [False, True, False, True]
