"""Entries: what of a person counts, kept in the transaction of the score and rebuilt to the same from the attempts."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from lms.assessment.events import AttemptScored
from lms.assessment.models import Attempt, Result
from lms.assessment.offerings import OfferingSources
from lms.assessment.service import lapse_due, submit_attempt
from lms.assessment.service.scope import Scope
from lms.assessment.supervision.service.acts import Window, make_void, reopen
from lms.assessment.supervision.service.taking import Act
from lms.contests.models import Entry
from lms.contests.service.entries import count_person, recount
from lms.errors import Conflict, NotFound
from lms.people.models import Membership, Person
from lms.platform.events import announce
from tests.content.sample import CONTEST, ROUND
from tests.contests.conftest import Hall
from tests.make import make_unit


def entry_of(hall: Hall, person: Person) -> Entry | None:
    with hall.db.reading() as session:
        return session.get(Entry, (CONTEST, ROUND, person.id))


def all_entries(hall: Hall) -> list[tuple[Any, ...]]:
    columns = [column for column in Entry.__table__.columns if column.name != "changed_at"]
    with hall.db.reading() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(Entry.person_id))]


def rebuild(hall: Hall) -> int:
    with hall.db.writing() as session:
        return recount(session, contest=CONTEST, rules=hall.rules, now=hall.clock.now())


def void(hall: Hall, attempt: Attempt) -> None:
    with hall.db.writing() as session:
        session.execute(update(Attempt).where(Attempt.id == attempt.id).values(state="void"))
        count_person(session, contest=CONTEST, rules=hall.rules, person_id=attempt.person_id, now=hall.clock.now())


def test_the_best_try_counts_and_all_are_counted(hall: Hall) -> None:
    person = hall.person()
    hall.sit(person, 3, 200_000)
    best = hall.sit(person, 4, 300_123)
    hall.sit(person, 4, 400_000)
    entry = entry_of(hall, person)
    assert entry is not None
    assert (entry.attempt_id, entry.correct, entry.item_count, entry.elapsed_ms, entry.attempts) == (best.id, 4, 4, 300_123, 3)
    assert entry.submitted_at == best.closed_at
    assert (entry.rank_1, entry.rank_2) == (-4, 300_123)


@pytest.mark.parametrize(("count", "correct"), [("first", 1), ("last", 2), ("best", 4)])
def test_the_try_counts_that_the_file_says(hall: Hall, count: str, correct: int) -> None:
    hall.change(count=count)
    person = hall.person()
    for right in (1, 4, 2):
        hall.sit(person, right, 60_000)
    entry = entry_of(hall, person)
    assert entry is not None
    assert entry.correct == correct
    assert rebuild(hall) == 0


def test_the_keys_of_the_file_are_the_columns_of_the_index(hall: Hall) -> None:
    hall.change(stage={"rank": ("submitted",)})
    person = hall.person()
    first = hall.sit(person, 1, 60_000)
    hall.sit(person, 4, 60_000)
    entry = entry_of(hall, person)
    assert entry is not None
    assert entry.attempt_id == first.id
    assert (entry.rank_2, entry.rank_3) == (0, 0)


def test_a_sitting_that_ends_by_the_clock_counts_with_what_was_saved(hall: Hall) -> None:
    person = hall.person()
    attempt = hall.start(person)
    hall.clock.move(minutes=20)
    assert entry_of(hall, person) is None
    assert lapse_due(hall.db, hall.clock.now()) == 1
    entry = entry_of(hall, person)
    assert entry is not None
    assert (entry.attempt_id, entry.correct, entry.elapsed_ms) == (attempt.id, 0, 600_000)


def test_the_unit_is_that_of_the_first_start_whatever_comes_after(hall: Hall) -> None:
    with hall.db.writing() as session:
        first, second = make_unit(session), make_unit(session)
    person = hall.person(unit=first)
    hall.sit(person, 1, 60_000)
    with hall.db.writing() as session:
        session.execute(update(Membership).where(Membership.person_id == person.id).values(until_on=date(2026, 11, 21)))
        session.add(Membership(person_id=person.id, unit_id=second.id, from_on=date(2026, 11, 22)))
    better = hall.sit(person, 4, 60_000)
    assert better.unit_id == second.id
    entry = entry_of(hall, person)
    assert entry is not None
    assert (entry.attempt_id, entry.unit_id) == (better.id, first.id)
    assert rebuild(hall) == 0


def test_who_belongs_to_no_unit_is_ranked_without_one(hall: Hall) -> None:
    person = hall.person()
    hall.sit(person, 2, 60_000)
    entry = entry_of(hall, person)
    assert entry is not None
    assert entry.unit_id is None


def test_recounting_gives_what_the_events_gave(hall: Hall) -> None:
    people = [hall.person() for _ in range(6)]
    for n, person in enumerate(people):
        for right in range(n % 3 + 1):
            hall.sit(person, (right + n) % 5, 50_000 + n)
    kept = all_entries(hall)
    assert len(kept) == 6
    assert rebuild(hall) == 0
    with hall.db.writing() as session:
        session.execute(delete(Entry).where(Entry.person_id.in_([person.id for person in people[:2]])))
        session.execute(update(Entry).where(Entry.person_id == people[3].id).values(correct=0, rank_1=0))
    assert rebuild(hall) == 3
    assert all_entries(hall) == kept


def test_a_void_try_is_left_out_and_without_any_other_there_is_no_entry(hall: Hall) -> None:
    person = hall.person()
    worse, better = hall.sit(person, 2, 60_000), hall.sit(person, 4, 60_000)
    void(hall, better)
    entry = entry_of(hall, person)
    assert entry is not None
    assert (entry.attempt_id, entry.attempts) == (worse.id, 1)
    void(hall, worse)
    assert entry_of(hall, person) is None
    with hall.db.writing() as session:
        session.execute(update(Attempt).where(Attempt.id == better.id).values(state="submitted"))
    assert rebuild(hall) == 1
    void(hall, better)
    with hall.db.writing() as session:
        session.execute(update(Attempt).where(Attempt.id == worse.id).values(state="submitted"))
        count_person(session, contest=CONTEST, rules=hall.rules, person_id=person.id, now=hall.clock.now())
        session.execute(update(Attempt).where(Attempt.id == worse.id).values(state="void"))
    assert rebuild(hall) == 1
    assert all_entries(hall) == []


def test_a_corrected_result_counts_in_its_latest_version(hall: Hall) -> None:
    person = hall.person()
    attempt = hall.sit(person, 2, 60_000)
    with hall.db.writing() as session:
        old = session.get(Result, (attempt.id, 1))
        assert old is not None
        values = {name: getattr(old, name) for name in ("points", "max_points", "item_count", "critical_wrong", "passed", "elapsed_ms", "scored_at")}
        session.add(Result(attempt_id=attempt.id, version=2, correct=3, items=json.dumps([]), reason="accepted", **values))
        session.flush()
        count_person(session, contest=CONTEST, rules=hall.rules, person_id=person.id, now=hall.clock.now())
    entry = entry_of(hall, person)
    assert entry is not None
    assert entry.correct == 3


def test_an_event_told_twice_changes_nothing_and_others_are_passed_over(hall: Hall) -> None:
    person = hall.person()
    attempt = hall.sit(person, 2, 60_000)
    kept = all_entries(hall)
    values = {"person_id": person.id, "period": "", "n": 1, "passed": None, "points": 2, "max_points": 4, "correct": 2, "item_count": 4, "critical_wrong": 0}
    for offering in (attempt.offering, "course:khoa-mau", "round:nowhere/vong-1", f"round:{CONTEST}/nowhere", "round:odd"):
        with hall.db.writing() as session:
            told = AttemptScored(attempt_id=attempt.id, offering=offering, elapsed_ms=1, submitted_at=hall.clock.now(), unit_id=None, **values)  # type: ignore[arg-type]
            announce(session, told)
    assert all_entries(hall) == kept


def test_entry_and_score_are_stored_together_or_not_at_all(hall: Hall) -> None:
    person = hall.person()
    attempt = hall.start(person)

    def fail(_session: object, _event: AttemptScored) -> None:
        raise RuntimeError

    hall.site.events.subscribe(AttemptScored, fail)
    with pytest.raises(RuntimeError), hall.db.writing() as session:
        submit_attempt(session, attempt_id=attempt.id, person_id=person.id, now=hall.clock.now())
    assert entry_of(hall, person) is None
    with hall.db.reading() as session:
        assert session.scalars(select(Attempt.state)).all() == ["open"]


def test_a_try_with_essays_that_wait_is_not_ranked_until_they_are_marked(hall: Hall) -> None:
    person = hall.person()
    attempt = hall.sit(person, 2, 60_000)
    with hall.db.writing() as session:
        old = session.get(Result, (attempt.id, 1))
        assert old is not None
        values = {name: getattr(old, name) for name in ("points", "max_points", "item_count", "critical_wrong", "elapsed_ms", "scored_at", "items")}
        session.add(Result(attempt_id=attempt.id, version=2, correct=2, unmarked=1, passed=None, reason="test", **values))
        session.flush()
        count_person(session, contest=CONTEST, rules=hall.rules, person_id=person.id, now=hall.clock.now())
    assert entry_of(hall, person) is None
    with hall.db.writing() as session:
        session.add(Result(attempt_id=attempt.id, version=3, correct=3, passed=None, reason="essays marked", **values))
    assert rebuild(hall) == 1
    entry = entry_of(hall, person)
    assert entry is not None
    assert entry.correct == 3


def test_a_try_made_void_by_an_organiser_leaves_the_ranking_at_once_and_is_never_opened_again(hall: Hall) -> None:
    person, organiser = hall.person(), hall.person()
    attempt = hall.sit(person, 3, 60_000)
    act = Act(attempt.id, Scope(organiser.id, {"": (), "round": ("/",)}), "Thi hộ", 0, hall.clock.now())
    with pytest.raises(Conflict, match="rules of a contest"), hall.db.writing() as session:
        reopen(session, act, minutes=5, window=Window(None, locked="round" in hall.site.part(OfferingSources).locked))
    assert entry_of(hall, person) is not None
    with pytest.raises(NotFound), hall.db.writing() as session:
        make_void(session, replace(act, scope=Scope(organiser.id, {"": ("/",), "round": ()})))
    with hall.db.writing() as session:
        make_void(session, act)
    assert entry_of(hall, person) is None
