"""The cache of statuses says what the rules say: after every change, on every day, and at every revision of a scheme."""

import argparse
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from lms.assessment.events import AttemptVoided
from lms.certification.cli import run_check, run_rebuild
from lms.certification.models import CachedStatus, EvidenceMark, StatusBuild
from lms.certification.rules.standing import standing
from lms.certification.rules.status import NOTHING, StatusReckoner, status_of
from lms.certification.rules.terms import Evidence, Period, Record, Trigger
from lms.certification.rules.training import training
from lms.certification.scheme_terms import terms_of
from lms.certification.service import statuses
from lms.certification.service.intake import on_attempt_voided
from lms.certification.service.marks import add_trigger, mark_period
from lms.certification.service.records import ALL_WE_KNOW, read_records
from lms.certification.service.statuses import Difference, StatusKeeper, build, check, refresh_due, speaks
from lms.clock import MovableClock
from lms.content.catalogue import Catalogue
from lms.platform.db import Database
from lms.platform.keys import make_keys
from tests.certification.make import (
    G1,
    G4,
    LATER,
    NOW,
    TODAY,
    Company,
    assign_all,
    confirm_all,
    exam,
    lesson,
    make_scheme,
    mark,
    period,
    record_of,
    train,
    trigger,
)
from tests.counting import count_queries

MARKED = st.sampled_from(["suspended", "reinstated", "revoked", "superseded"])
DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Proofs, periods that use some of them, marks and triggers in any contradiction."""
    things: list[Evidence | Period | Trigger] = []
    for n in range(draw(st.integers(0, 4))):
        on = draw(DAYS)
        things.append(exam(n, on) if draw(st.booleans()) else replace(lesson(n, 960, on), kind=draw(st.sampled_from(["lesson", "class", "external"]))))
    for n in range(draw(st.integers(0, 3))):
        first = draw(DAYS)
        marks = [
            mark(10 * n + k, draw(st.sampled_from(["suspended", "reinstated", "revoked", "superseded"])), draw(DAYS)) for k in range(draw(st.integers(0, 2)))
        ]
        lasts = draw(st.none() | st.integers(0, 800))
        last = None if lasts is None else first + timedelta(days=lasts)
        things.append(period(n, first, last, *marks, used=tuple(draw(st.sets(st.integers(0, 3))))))
    things += [trigger(n, draw(DAYS)) for n in range(draw(st.integers(0, 2)))]
    return record_of(*things)


@given(records(), DAYS, DAYS)
@settings(max_examples=150)
def test_a_status_is_what_standing_and_training_say_and_holds_until_its_day(record: Record, as_of: date, later: date) -> None:
    scheme = make_scheme(parts={})
    reckoner = StatusReckoner({"scheme": scheme}, as_of=as_of, known_at=LATER)
    found = reckoner.status("scheme", record)
    stands, trained = standing(scheme, record, as_of=as_of, known_at=LATER), training(scheme, record, as_of=as_of, known_at=LATER)
    assert (found.standing, found.training, found.until_on) == (stands.value, trained.value, stands.until_on)
    assert reckoner.status("scheme", record) == found == status_of(scheme, record, as_of=as_of, known_at=LATER)
    if as_of <= later and (found.next_change_on is None or later < found.next_change_on):
        assert status_of(scheme, record, as_of=later, known_at=LATER) == found


def test_records_of_one_shape_are_computed_once_and_others_are_not_mixed_up() -> None:
    reckoner = StatusReckoner({"scheme": make_scheme()}, as_of=TODAY, known_at=LATER)
    first = reckoner.status("scheme", record_of(period(1, date(2026, 1, 1), date(2028, 1, 1))))
    assert reckoner.status("scheme", record_of(period(7, date(2026, 1, 1), date(2028, 1, 1)))) is first
    assert reckoner.status("scheme", record_of(period(7, date(2026, 1, 1), date(2026, 11, 1)))).standing == "expired"
    assert reckoner.status("scheme", record_of(period(7, date(2026, 1, 1), date(2028, 1, 1), mark(1, "revoked", TODAY)))).standing == "revoked"
    assert reckoner.status("scheme", Record()) == NOTHING


def differences(db: Database, catalogue: Catalogue, today: date = TODAY) -> list[Difference]:
    with db.reading() as session:
        return [one for one in check(session, catalogue, today=today) if isinstance(one, Difference)]


def cached(db: Database, person_id: int, scheme: str = G4) -> tuple[str, str] | None:
    with db.reading() as session:
        found = session.get(CachedStatus, (person_id, scheme))
        return None if found is None else (found.standing, found.training)


def test_every_change_of_a_record_changes_the_cache_in_its_transaction(app: Flask, company: Company, catalogue: Catalogue) -> None:
    db, worker = app.extensions["site"].db, company.workers[0]
    plain: dict[str, Any] = {"paths": company.paths, "actor_id": company.officer.id, "today": TODAY, "now": NOW}
    seen = []

    def note() -> None:
        seen.append(cached(db, worker.id))
        assert differences(db, catalogue) == []

    with db.writing() as session:
        train(session, worker)
    note()
    with db.writing() as session:
        on_attempt_voided(session, AttemptVoided(int(f"1{worker.id}"), worker.id, "course:x", company.officer.id, "", NOW))
    note()
    with db.writing() as session:
        train(session, worker, tag="2")
        [document] = confirm_all(session, company, catalogue, [worker])
    note()
    with db.writing() as session:
        mark_period(session, period_id=document.period_id, kind="suspended", cause="evidence", note="", **plain)
    note()
    with db.writing() as session:
        mark_period(session, period_id=document.period_id, kind="revoked", cause="evidence", note="", **plain)
    note()
    assert seen == [("none", "awaiting_issue"), ("none", "awaiting_exam"), ("valid", "complete"), ("suspended", "complete"), ("revoked", "not_started")]
    with db.writing() as session:
        add_trigger(session, catalogue=catalogue, person_id=worker.id, scheme=G1, kind="job_change", on=TODAY, why="", **plain)
    assert cached(db, worker.id, G1) == ("none", "not_started")
    with pytest.raises(ZeroDivisionError), db.writing() as session:
        train(session, company.workers[1])
        raise ZeroDivisionError
    assert cached(db, company.workers[1].id) is None


def test_a_scheme_that_is_not_published_has_no_status(app: Flask, company: Company, catalogue: Catalogue) -> None:
    db = app.extensions["site"].db
    with db.writing() as session:
        train(session, company.workers[0], scheme="former")
    assert cached(db, company.workers[0].id, "former") is None
    assert differences(db, catalogue) == []


@pytest.fixture()
def trained(db: Database, company: Company, catalogue: Catalogue) -> Company:
    """One worker confirmed, one with evidence, one with nothing; and nothing computed, as before the first build."""
    with db.writing() as session:
        assign_all(session, company.workers)
        train(session, company.workers[0])
        train(session, company.workers[1])
        confirm_all(session, company, catalogue, company.workers[:1])
        session.execute(delete(CachedStatus))
    return company


def test_a_build_in_batches_computes_everything_and_is_taken_up_where_it_stopped(
    db: Database, trained: Company, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statuses, "BATCH", 1)
    assert len(differences(db, catalogue)) == 2
    half = build(db, catalogue, today=TODAY, now=NOW)
    assert next(half) == 1
    half.close()
    with db.reading() as session:
        assert not speaks(session, {G4: catalogue.schemes[G4].digest}, TODAY)
    assert list(build(db, catalogue, today=TODAY, now=NOW)) == [1, 0]
    assert differences(db, catalogue) == []
    with db.reading() as session:
        assert speaks(session, {slug: scheme.digest for slug, scheme in catalogue.schemes.items()}, TODAY)
    assert list(build(db, catalogue, today=TODAY, now=NOW)) == []
    assert sum(build(db, catalogue, today=TODAY, now=NOW, again=True)) == 2


def test_a_new_revision_of_a_scheme_is_computed_anew_and_a_scheme_that_went_is_forgotten(db: Database, trained: Company, catalogue: Catalogue) -> None:
    list(build(db, catalogue, today=TODAY, now=NOW))
    with db.reading() as session:
        assert not speaks(session, {G4: "another"}, TODAY)
    revised = {G1: catalogue.schemes[G1], G4: replace(catalogue.schemes[G4], digest="another")}
    assert sum(build(db, replace(catalogue, schemes=revised), today=TODAY, now=NOW)) == 2
    with db.reading() as session:
        assert speaks(session, {G4: "another"}, TODAY)
    list(build(db, replace(catalogue, schemes={G1: catalogue.schemes[G1]}), today=TODAY, now=NOW))
    with db.reading() as session:
        assert session.scalars(select(CachedStatus)).all() == []
        assert session.scalars(select(StatusBuild.scheme)).all() == [G1]


def test_the_day_on_which_a_status_changes_comes_by_the_job(app: Flask, clock: MovableClock, company: Company, catalogue: Catalogue) -> None:
    site = app.extensions["site"]
    with site.db.writing() as session:
        train(session, company.workers[0])
        confirm_all(session, company, catalogue, company.workers[:1])
    keeper = site.part(StatusKeeper)
    assert keeper.run(clock.now()) == 1
    assert keeper.run(clock.now()) == 0
    clock.move(days=366)
    assert [one.cached and one.cached[0] for one in differences(site.db, catalogue, date(2027, 11, 23))] == ["valid"]
    assert keeper.run(clock.now()) == 1
    assert cached(site.db, company.workers[0].id) == ("expired", "not_started")
    assert differences(site.db, catalogue, date(2027, 11, 23)) == []


def test_the_check_names_rows_that_are_missing_wrong_or_too_many(db: Database, trained: Company, catalogue: Catalogue) -> None:
    list(build(db, catalogue, today=TODAY, now=NOW))
    first, second, third = (worker.id for worker in trained.workers)
    with db.writing() as session:
        session.execute(update(CachedStatus).where(CachedStatus.person_id == first).values(standing="expired"))
        session.execute(delete(CachedStatus).where(CachedStatus.person_id == second))
        session.add(CachedStatus(person_id=third, scheme=G4, standing="valid", training="complete", computed_at=NOW))
    found = [(one.person_id, one.cached and one.cached[0], one.computed[0]) for one in differences(db, catalogue)]
    assert found == [(first, "expired", "valid"), (second, None, "none"), (third, "valid", "none")]


def test_statements_do_not_grow_with_people(db: Database, trained: Company, catalogue: Catalogue) -> None:
    seen = []
    for people in (trained.workers[:1], trained.workers):
        with db.writing() as session, count_queries(db) as counted:
            statuses.refresh(session, catalogue, scheme=G4, person_ids=[one.id for one in people], today=TODAY, now=NOW)
            statuses.refresh(session, catalogue, scheme=G4, person_ids=[], today=TODAY, now=NOW)
            refresh_due(session, catalogue, today=TODAY, now=NOW)
        seen.append(len(counted))
    assert seen[0] == seen[1] <= 7
    with db.reading() as session:
        known = read_records(session, people=[trained.workers[0].id], schemes=[G4], evidence=True)
        assert session.scalars(select(EvidenceMark)).all() == []
    terms = terms_of(catalogue.schemes[G4])
    assert status_of(terms, known[trained.workers[0].id, G4], as_of=TODAY, known_at=ALL_WE_KNOW).standing == "valid"


def test_the_commands_compute_compare_and_say_where_they_differ(app: Flask, company: Company, catalogue: Catalogue, capsys: pytest.CaptureFixture[str]) -> None:
    site = app.extensions["site"]
    make_keys(site.settings.instance)
    asked = argparse.Namespace(instance=site.settings.instance, make_site=lambda _settings: site, said_in="en")
    with site.db.writing() as session:
        train(session, company.workers[0])
    assert run_check(asked) == 1
    assert "Not computed yet" in capsys.readouterr().out
    assert run_rebuild(asked) == 0
    assert "Statuses computed: 1" in capsys.readouterr().out
    assert run_check(asked) == 0
    assert "People compared: 1. Statuses that differ: 0." in capsys.readouterr().out
    with site.db.writing() as session:
        session.execute(update(CachedStatus).values(standing="valid"))
    assert run_check(asked) == 1
    said = capsys.readouterr().out
    assert f"{company.workers[0].staff_code}, {G4}: kept valid · awaiting_issue" in said
    assert "by the rules none · awaiting_issue" in said
