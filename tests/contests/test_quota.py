"""Tries: a fourth of three is refused by the database, per round, day or week; the round opens and closes by the clock."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.assessment.models import Attempt
from lms.assessment.service import NoAttemptsLeft, start_attempt
from lms.content.catalogue import Catalogue
from lms.contests.offerings import RoundSource
from lms.contests.service.entrants import live_rounds
from lms.contests.service.entries import recount
from lms.errors import NotAllowed, NotFound, SiteError
from lms.people.models import Person
from tests.content.sample import CONTEST
from tests.contests.conftest import KEY, Hall
from tests.counting import count_queries

MS = timedelta(milliseconds=1)


def try_start(hall: Hall, person: Person) -> str:
    try:
        hall.start(person)
    except SiteError as refused:
        return type(refused).__name__
    return "started"


def test_two_windows_at_the_last_of_three_tries_get_one_and_a_fourth_is_refused(hall: Hall) -> None:
    person = hall.person()
    hall.sit(person, 1, 1000)
    hall.sit(person, 2, 1000)
    ready = threading.Barrier(2)

    def window() -> str:
        ready.wait()
        return try_start(hall, person)

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(future.result(30) for future in [pool.submit(window), pool.submit(window)])
    assert outcomes == ["AttemptOpen", "started"]
    hall.clock.move(minutes=20)
    assert try_start(hall, person) == "NoAttemptsLeft"
    with hall.db.reading() as session:
        assert session.scalars(select(Attempt.n).where(Attempt.person_id == person.id).order_by(Attempt.n)).all() == [1, 2, 3]


def test_the_database_itself_holds_each_try_once(hall: Hall) -> None:
    person = hall.person()
    attempts = [hall.sit(person, 1, 1000) for _ in range(3)]
    offering = hall.offering(person)
    with pytest.raises(NoAttemptsLeft), hall.db.writing() as session:
        start_attempt(session, person_id=person.id, offering=offering, lang="vi", now=hall.clock.now())
    columns = [column.name for column in Attempt.__table__.columns if column.name not in ("id", "receipt")]
    copied = {name: getattr(attempts[2], name) for name in columns}
    with pytest.raises(IntegrityError), hall.db.writing() as session:
        session.add(Attempt(**copied))


def test_two_threads_that_have_both_seen_two_of_three_cannot_make_four(hall: Hall) -> None:
    """Past the check: both write the third try, as two nodes would, and the key (person, round, period, n) lets one in."""
    person = hall.person()
    hall.sit(person, 1, 1000)
    last = hall.sit(person, 1, 1000)
    copied = {column.name: getattr(last, column.name) for column in Attempt.__table__.columns if column.name not in ("id", "receipt", "n")}
    ready = threading.Barrier(2)

    def node() -> bool:
        ready.wait()
        try:
            with hall.db.writing() as session:
                session.add(Attempt(n=3, **copied))
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(future.result(30) for future in [pool.submit(node), pool.submit(node)]) == [False, True]


@pytest.mark.parametrize(
    ("per", "until_next"),
    [("day", datetime(2026, 11, 22, 17, 0, tzinfo=UTC)), ("week", datetime(2026, 11, 22, 17, 0, tzinfo=UTC))],
)
def test_a_new_day_or_week_of_the_site_brings_new_tries(hall: Hall, per: str, until_next: datetime) -> None:
    hall.change(attempts_max=1, attempts_per=per)
    person = hall.person()
    hall.sit(person, 1, 1000)
    hall.clock.set(until_next - MS)
    assert try_start(hall, person) == "NoAttemptsLeft"
    hall.clock.set(until_next)
    assert try_start(hall, person) == "started"


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        pytest.param(datetime(2026, 11, 20, 1, 0, tzinfo=UTC) - MS, False, id="one ms before the opening"),
        pytest.param(datetime(2026, 11, 20, 1, 0, tzinfo=UTC), True, id="at the opening"),
        pytest.param(datetime(2026, 11, 29, 10, 0, tzinfo=UTC) - MS, True, id="one ms before the close"),
        pytest.param(datetime(2026, 11, 29, 10, 0, tzinfo=UTC), False, id="at the close"),
    ],
)
def test_a_try_begins_only_while_the_round_is_open(hall: Hall, at: datetime, opens: bool) -> None:
    person = hall.person()
    hall.clock.set(at)
    with hall.db.reading() as session:
        live = live_rounds(hall.catalogue, session, person_id=person.id, zone=hall.site.settings.zone, now=at)
    assert [view.left for view in live] == ([3] if opens else [])
    if not opens:
        with pytest.raises(NotAllowed):
            hall.start(person)
        return
    attempt = hall.start(person)
    assert attempt.deadline_at == min(at + timedelta(seconds=600), hall.rules.closes_at)


def test_tries_left_and_a_sitting_that_goes_on_are_told(hall: Hall) -> None:
    person = hall.person()
    hall.sit(person, 1, 1000)
    hall.start(person)
    with hall.db.reading() as session:
        [view] = live_rounds(hall.catalogue, session, person_id=person.id, zone=hall.site.settings.zone, now=hall.clock.now())
        assert live_rounds(hall.catalogue, session, person_id=person.id, zone=hall.site.settings.zone, now=view.closes_at) == []
    assert (view.used, view.left, view.is_open_one, view.key) == (2, 1, True, KEY)


def test_the_offering_carries_what_the_file_says(hall: Hall) -> None:
    offering = hall.offering(hall.person())
    config: Any = hall.rules.config
    assert (offering.attempts_max, offering.period, offering.grace_s, offering.marks) == (3, "", 5, (1, 0, 0))
    assert (offering.opens_at, offering.closes_at, offering.review) == (hall.rules.opens_at, hall.rules.closes_at, "after_close")
    assert offering.pass_percent is None
    assert offering.quiz.item_count == config.items == 4
    assert offering.title["zh"] == "示例竞赛 · 第一轮"


def test_who_lacks_the_mark_of_identity_cannot_enter(hall: Hall) -> None:
    with pytest.raises(NotFound):
        hall.offering(hall.person(staff_code=None))
    hall.change(contest={"unique": ()})
    assert hall.offering(hall.person(staff_code=None)).key == KEY
    hall.change(contest={"unique": ("phone",)})
    assert hall.offering(hall.person(staff_code=None, phone="0912345678")).key == KEY


@pytest.mark.parametrize(
    "key", ["round:", "round:x", f"round:{CONTEST}", f"round:{CONTEST}/", f"round:{CONTEST}/nope", "round:nope/vong-1", f"round:{CONTEST}/vong-1/x"]
)
def test_what_is_no_round_is_not_offered(hall: Hall, key: str) -> None:
    source = RoundSource(hall.site.settings.zone)
    with hall.db.reading() as session:
        assert source.find(session, hall.catalogue, key, 1, hall.clock.now()) is None


def test_without_contests_nothing_is_open_and_nothing_is_asked(hall: Hall) -> None:
    with count_queries(hall.db) as counted, hall.db.reading() as session:
        assert live_rounds(Catalogue("none"), session, person_id=1, zone=hall.site.settings.zone, now=hall.clock.now()) == []
    assert len(counted) == 0


def test_recounting_an_empty_round_makes_nothing(hall: Hall) -> None:
    with hall.db.writing() as session:
        assert recount(session, contest=CONTEST, rules=hall.rules, now=hall.clock.now()) == 0
