"""Reminders: when they come, to whom, once each; desks on Mondays; assignments as they are made."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from lms.certification.models import Assignment, CachedStatus, TrainingWaiver
from lms.certification.reminder import JOB, Reminder
from lms.certification.rules.reminders import AFTER, BEFORE, LATEST, step_of
from lms.clock import MovableClock
from lms.content.catalogue import Catalogue
from lms.people.models import Account
from lms.people.notices.models import Notice
from lms.people.rules import Role
from lms.platform.db import Database
from tests.certification.make import G4, Company, assign_all, confirm_all, make_trained, train
from tests.counting import count_queries
from tests.make import make_learner

UNTIL = date(2027, 11, 22)
"""The last day of what `make_trained` gives."""


@pytest.mark.parametrize(
    ("left", "step"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, -1), (-29, -1), (-30, -30), (-45, -30), (-46, None)],
)
def test_the_step_of_a_day(left: int, step: int | None) -> None:
    assert step_of(UNTIL, UNTIL - timedelta(days=left)) == step


@given(st.integers(-400, 400))
def test_a_step_that_is_due_has_come_and_no_later_one_has(left: int) -> None:
    step = step_of(UNTIL, UNTIL - timedelta(days=left))
    steps = sorted([*BEFORE, *(-days for days in AFTER)], reverse=True)
    come = [one for one in steps if left <= one]
    assert step == (come[-1] if come and left >= -LATEST else None)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour - 7, tzinfo=UTC)


@pytest.fixture()
def trained(db: Database, company: Company, catalogue: Catalogue) -> Company:
    with db.writing() as session:
        make_trained(session, company, catalogue, 2)
    return company


def tick(app: Flask, now: datetime) -> None:
    """A minute of the site in which everything comes to an end."""
    app.extensions["site"].clock.set(now)
    for _ in range(3):
        app.extensions["site"].jobs.tick(now)


def causes(db: Database, person_id: int, start: str) -> Sequence[str]:
    with db.reading() as session:
        found = session.scalars(select(Notice.cause).where(Notice.person_id == person_id, Notice.cause.startswith(start)).order_by(Notice.id))
        return found.all()


def words(db: Database, person_id: int, start: str) -> str:
    with db.reading() as session:
        return json.dumps([row.words for row in session.scalars(select(Notice).where(Notice.person_id == person_id, Notice.cause.startswith(start)))])


def test_each_reminder_comes_once_and_a_site_that_slept_sends_the_latest_only(app: Flask, db: Database, trained: Company) -> None:
    one = trained.workers[0].id
    tick(app, at(UNTIL - timedelta(days=61)))
    assert causes(db, one, "remind:") == []
    for days in (60, 60, 59, 20, 8):
        tick(app, at(UNTIL - timedelta(days=days)))
    assert causes(db, one, "remind:") == [f"remind:{G4}:{UNTIL}:60", f"remind:{G4}:{UNTIL}:30"]
    tick(app, at(UNTIL + timedelta(days=40)))
    assert causes(db, one, "remind:")[2:] == [f"remind:{G4}:{UNTIL}:-30"]
    assert "expired" in words(db, one, "remind:")


def test_nothing_is_told_before_morning(app: Flask, db: Database, trained: Company) -> None:
    early = datetime(2027, 11, 14, 21, 59, tzinfo=UTC)  # 04:59 on the 15th
    tick(app, early)
    assert causes(db, trained.workers[0].id, "remind:") == []
    tick(app, early + timedelta(minutes=1))
    assert causes(db, trained.workers[0].id, "remind:") == [f"remind:{G4}:{UNTIL}:7"]


def test_who_need_it_no_more_is_excused_or_has_no_account_is_left_alone(app: Flask, db: Database, trained: Company) -> None:
    first, second, day = trained.workers[0].id, trained.workers[1].id, UNTIL + timedelta(days=2)
    with db.writing() as session:
        session.execute(update(Assignment).where(Assignment.person_id == first).values(until_on=UNTIL))
        session.add(TrainingWaiver(person_id=second, scheme=G4, from_on=UNTIL, until_on=day, reason="nghỉ", made_by=trained.officer.id, made_at=at(UNTIL)))
    tick(app, at(day))
    assert causes(db, first, "remind:") == causes(db, second, "remind:") == []
    tick(app, at(day + timedelta(days=1)))
    assert causes(db, second, "remind:") == [f"remind:{G4}:{UNTIL}:-1"]


def test_a_closed_account_gets_none(app: Flask, db: Database, trained: Company) -> None:
    with db.writing() as session:
        session.execute(update(Account).where(Account.person_id == trained.workers[0].id).values(active=False))
    tick(app, at(UNTIL - timedelta(days=5)))
    assert causes(db, trained.workers[0].id, "remind:") == []
    assert len(causes(db, trained.workers[1].id, "remind:")) == 1


def test_a_renewed_certificate_is_not_reminded_of(app: Flask, db: Database, trained: Company, catalogue: Catalogue) -> None:
    day = UNTIL - timedelta(days=40)
    tick(app, at(day))
    with db.writing() as session:
        train(session, trained.workers[0], on=day, tag="2", now=at(day))
        confirm_all(session, trained, catalogue, trained.workers[:1], issued_on=day, today=day, now=at(day))
    tick(app, at(UNTIL - timedelta(days=30)))
    assert [len(causes(db, one.id, "remind:")) for one in trained.workers] == [1, 2, 0]


def test_batches_take_everybody_once(app: Flask, db: Database, trained: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.certification.service.reminders.BATCH", 1)
    tick(app, at(UNTIL - timedelta(days=5)))
    assert [len(causes(db, one.id, "remind:")) for one in trained.workers] == [1, 1, 0]


def test_what_is_newly_assigned_is_told_within_a_minute_and_what_was_there_before_is_not(
    app: Flask, db: Database, trained: Company, clock: MovableClock
) -> None:
    tick(app, clock.now())
    assert [causes(db, one.id, "need:") for one in trained.workers] == [[], [], []]
    with db.writing() as session:
        fresh = make_learner(session, unit=trained.shop)
        assign_all(session, [fresh], from_on=date(2026, 12, 1))
    tick(app, clock.now() + timedelta(minutes=1))
    assert causes(db, fresh.id, "need:") == [f"need:{G4}:2026-12-01"]


def test_an_assignment_that_is_over_is_told_to_nobody_and_keeps_nothing_waiting(app: Flask, db: Database, trained: Company, clock: MovableClock) -> None:
    tick(app, clock.now())
    with db.writing() as session:
        over = {"from_on": date(2026, 1, 1), "until_on": date(2026, 1, 2), "reason": ""}
        session.add(Assignment(person_id=trained.stranger.id, scheme=G4, **over))
    now = clock.now()
    assert app.extensions["site"].jobs.run(JOB, now) == 0
    with count_queries(db) as counted:
        app.extensions["site"].jobs.run(JOB, now)
    assert not [one for one in counted.statements if not one.lstrip().startswith("SELECT")]
    assert causes(db, trained.stranger.id, "need:") == []


def test_desks_are_told_once_a_week_of_their_own_units(app: Flask, db: Database, trained: Company) -> None:
    with db.writing() as session:
        above = make_learner(session, unit=trained.root, roles=(Role.MANAGER,))
        both = make_learner(session, unit=trained.shop, roles=(Role.OFFICER, Role.TEAM_LEADER))
        elsewhere = make_learner(session, unit=trained.other, roles=(Role.OFFICER,))
        site = make_learner(session, roles=(Role.INSPECTOR,))
    monday = date(2027, 11, 8)
    tick(app, at(monday + timedelta(days=2)))
    tick(app, at(monday + timedelta(days=3)))
    for one in (trained.officer, above, both, site):
        assert causes(db, one.id, "desk:") == [f"desk:{monday}"]
        assert '\\"soon\\": 2' in words(db, one.id, "desk:")
        assert '\\"missing\\": 1' in words(db, one.id, "desk:")
    assert causes(db, elsewhere.id, "desk:") == []
    tick(app, at(monday + timedelta(days=7)))
    assert causes(db, above.id, "desk:") == [f"desk:{monday}", f"desk:{monday + timedelta(days=7)}"]


def test_a_day_costs_the_same_statements_however_many_people(app: Flask, db: Database, trained: Company) -> None:
    the_site = app.extensions["site"]
    costs = []
    for n, days in enumerate((5, 4)):
        if n:
            with db.writing() as session:
                more = [make_learner(session, unit=trained.shop) for _ in range(30)]
                assign_all(session, more)
                known = session.get_one(CachedStatus, (trained.workers[0].id, G4))
                same = {"scheme": G4, "standing": "expiring", "training": known.training, "until_on": UNTIL, "computed_at": known.computed_at}
                session.add_all(CachedStatus(person_id=one.id, **same) for one in more)
        now = at(UNTIL - timedelta(days=days))
        app.extensions["site"].clock.set(now)
        the_site.jobs.run("certification.statuses", now)
        the_site.jobs.run(JOB, now - timedelta(days=1))
        with count_queries(db) as counted:
            the_site.jobs.run(JOB, now)
        costs.append(len(counted))
    assert costs[0] == costs[1]


def test_while_the_cache_does_not_hold_nobody_is_told(db: Database, trained: Company, catalogue: Catalogue) -> None:
    reminder = Reminder(db, ZoneInfo("Asia/Ho_Chi_Minh"), lambda: catalogue)
    assert reminder.run(at(UNTIL - timedelta(days=5))) == 0
    assert causes(db, trained.workers[0].id, "remind:") == []
