"""The acts of a supervisor: each has a reason, locks the attempt, and never makes two results count."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from lms.assessment.events import AttemptScored, AttemptVoided
from lms.assessment.models import Attempt, LateSave, Result
from lms.assessment.service import get_attempt, has_passed, lapse_due, list_recent, tries_used
from lms.assessment.service.marking import list_waiting
from lms.assessment.supervision.models import AttemptEvent
from lms.assessment.supervision.service.acts import Window, give_time, hand_in, make_void, reopen, unlock_device
from lms.assessment.supervision.service.granted import grant_time
from lms.assessment.supervision.service.taking import Act
from lms.clock import MovableClock
from lms.errors import Conflict, Invalid, NotAllowed, NotFound, SiteError
from lms.people.models import Person
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from lms.platform.site import Site
from tests.assessment.acts import save, start, submit
from tests.assessment.conftest import ITEMS, KEY, People, Shelf
from tests.assessment.supervision.acts import WHY, act_on, again, scope_of
from tests.make import make_unit

NO_CLOSE = Window(None)
ACTS: dict[str, Callable[[Session, Act], Attempt]] = {
    "time": lambda session, act: give_time(session, act, minutes=5, window=NO_CLOSE),
    "reopen": lambda session, act: reopen(session, act, minutes=5, window=NO_CLOSE),
    "hand in": hand_in,
    "void": make_void,
    "unlock": unlock_device,
}


def _pass(db: Database, attempt: Attempt, clock: MovableClock) -> None:
    for item in ITEMS.values():
        save(db, attempt, item.id, "".join(sorted(choice.letter for choice in item.choices if choice.correct)), clock.now())
    submit(db, attempt, clock.now())


def _versions(db: Database, attempt: Attempt) -> list[int]:
    with db.reading() as session:
        return list(session.scalars(select(Result.version).where(Result.attempt_id == attempt.id).order_by(Result.version)))


@pytest.mark.parametrize(
    ("close_min", "minutes", "deadline_min", "extra_s"),
    [
        pytest.param(None, 5, 15, 300, id="no close"),
        pytest.param(15, 5, 15, 300, id="just to the close"),
        pytest.param(12, 5, 12, 300, id="the close cuts what was given"),
    ],
)
def test_more_time_is_added_up_to_the_close(
    db: Database, attempt: Attempt, supervisor: Person, clock: MovableClock, close_min: int | None, minutes: int, deadline_min: int, extra_s: int
) -> None:
    close = None if close_min is None else attempt.started_at + timedelta(minutes=close_min)
    with db.writing() as session:
        give_time(session, act_on(db, attempt, supervisor, clock), minutes=minutes, window=Window(close))
    found = again(db, attempt)
    assert found.deadline_at == attempt.started_at + timedelta(minutes=deadline_min)
    assert found.extra_s == extra_s
    clock.move(minutes=11)
    assert save(db, attempt, "item0001", "a", clock.now()).outcome == "saved"


def test_more_time_that_gains_nothing_is_refused(db: Database, attempt: Attempt, supervisor: Person, clock: MovableClock) -> None:
    with pytest.raises(Conflict, match="gain nothing"), db.writing() as session:
        give_time(session, act_on(db, attempt, supervisor, clock), minutes=5, window=Window(attempt.deadline_at))


@pytest.mark.parametrize("minutes", [0, -1, 721])
def test_minutes_are_from_one_to_twelve_hours(db: Database, attempt: Attempt, supervisor: Person, clock: MovableClock, minutes: int) -> None:
    with pytest.raises(Invalid), db.writing() as session:
        give_time(session, act_on(db, attempt, supervisor, clock), minutes=minutes, window=NO_CLOSE)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_no_act_without_a_reason_elsewhere_on_the_own_or_over_somebody_elses(
    db: Database, attempt: Attempt, people: People, supervisor: Person, clock: MovableClock, act: Callable[[Session, Act], Attempt]
) -> None:
    with db.writing() as session:
        other = make_unit(session)
    refusals: list[tuple[dict[str, object], type[SiteError]]] = [
        ({"reason": " "}, Invalid),
        ({"reason": "x" * 301}, Invalid),
        ({"scope": scope_of(supervisor, other.path)}, NotFound),
        ({"scope": scope_of(people.learner)}, NotAllowed),
        ({"seen": 1}, Conflict),
    ]
    for given, error in refusals:
        with pytest.raises(error), db.writing() as session:
            act(session, act_on(db, attempt, supervisor, clock, **given))
    assert again(db, attempt).deadline_at == attempt.deadline_at
    with db.reading() as session:
        assert session.scalars(select(AttemptEvent)).all() == []


def test_what_is_done_is_kept_beside_the_attempt_and_in_the_audit_trail(db: Database, attempt: Attempt, supervisor: Person, clock: MovableClock) -> None:
    with db.writing() as session:
        give_time(session, act_on(db, attempt, supervisor, clock), minutes=5, window=NO_CLOSE)
    with db.reading() as session:
        event = session.scalars(select(AttemptEvent)).one()
        trail = session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt_extra_time")).one()
    assert (event.kind, event.seconds, event.reason, event.by_person_id, event.at) == ("extra_time", 300, WHY, supervisor.id, clock.now())
    assert (trail.actor_id, trail.subject_id) == (supervisor.id, str(attempt.id))
    for change in ("UPDATE attempt_event SET reason = 'x'", "DELETE FROM attempt_event"):
        with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
            session.execute(text(change))


def test_reopening_keeps_the_result_and_the_next_one_supersedes_it(
    db: Database, attempt: Attempt, people: People, supervisor: Person, clock: MovableClock, the_site: Site
) -> None:
    heard: list[int] = []
    the_site.events.subscribe(AttemptScored, lambda _session, event: heard.append(event.points))
    save(db, attempt, "item0001", "b", clock.now())
    clock.move(minutes=4)
    first = submit(db, attempt, clock.now())
    clock.move(minutes=2)
    with db.writing() as session:
        reopen(session, act_on(db, attempt, supervisor, clock), minutes=3, window=NO_CLOSE)
    found = again(db, attempt)
    assert (found.state, found.closed_at, found.receipt, found.reopened_at) == ("open", None, None, clock.now())
    assert found.deadline_at == clock.now() + timedelta(minutes=3)
    with db.reading() as session:
        event = session.scalars(select(AttemptEvent)).one()
        assert event.detail == f"submitted {first.receipt}"
        assert list_recent(session, person_id=people.learner.id) == []
        assert tries_used(session, person_id=people.learner.id, offering=KEY, period="") == 1
    save(db, attempt, "item0002", "b", clock.now())
    clock.move(minutes=3, seconds=11)
    assert lapse_due(db, clock.now()) == 1
    assert _versions(db, attempt) == [1, 2]
    assert heard == [100, 200]
    with db.reading() as session:
        view = get_attempt(session, attempt_id=attempt.id, person_id=people.learner.id)
    assert view.result is not None
    assert (view.attempt.state, view.result.points) == ("lapsed", 200)
    assert view.attempt.receipt not in (None, first.receipt)


def test_while_it_is_open_again_its_former_result_counts_nowhere(
    db: Database, attempt: Attempt, people: People, supervisor: Person, clock: MovableClock
) -> None:
    _pass(db, attempt, clock)
    with db.writing() as session:
        reopen(session, act_on(db, attempt, supervisor, clock), minutes=3, window=NO_CLOSE)
    with db.reading() as session:
        assert not has_passed(session, person_id=people.learner.id, offering=KEY)
        assert not get_attempt(session, attempt_id=attempt.id, person_id=people.learner.id).passed
        assert list_waiting(session, scope=scope_of(supervisor)) == ([], False)


def test_extra_time_after_reopening_counts_from_the_new_end(db: Database, attempt: Attempt, supervisor: Person, clock: MovableClock) -> None:
    clock.move(minutes=1)
    submit(db, attempt, clock.now())
    with db.writing() as session:
        reopen(session, act_on(db, attempt, supervisor, clock), minutes=3, window=NO_CLOSE)
    with db.writing() as session:
        give_time(session, act_on(db, attempt, supervisor, clock), minutes=2, window=NO_CLOSE)
    assert again(db, attempt).deadline_at == clock.now() + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("window", "why"),
    [
        pytest.param(Window(None, locked=True), "rules of a contest", id="a round"),
        pytest.param(Window(None, offered=False), "has closed", id="no longer offered"),
        pytest.param(Window(None, keys_shown=True), "can be seen already", id="keys seen"),
        pytest.param(Window(None, proven=True), "evidence", id="evidence rests on it"),
    ],
)
def test_what_may_not_be_opened_again(db: Database, attempt: Attempt, supervisor: Person, clock: MovableClock, window: Window, why: str) -> None:
    submit(db, attempt, clock.now())
    with pytest.raises(Conflict, match=why), db.writing() as session:
        reopen(session, act_on(db, attempt, supervisor, clock), minutes=5, window=window)
    assert again(db, attempt).state == "submitted"


def test_nothing_is_opened_again_at_the_close_and_past_it(db: Database, attempt: Attempt, supervisor: Person, clock: MovableClock) -> None:
    submit(db, attempt, clock.now())
    with pytest.raises(Conflict, match="has closed"), db.writing() as session:
        reopen(session, act_on(db, attempt, supervisor, clock), minutes=5, window=Window(clock.now()))
    with db.writing() as session:
        reopen(session, act_on(db, attempt, supervisor, clock), minutes=5, window=Window(clock.now() + timedelta(minutes=1)))
    assert again(db, attempt).deadline_at == clock.now() + timedelta(minutes=1)


def test_only_the_last_try_is_opened_again(db: Database, attempt: Attempt, people: People, shelf: Shelf, supervisor: Person, clock: MovableClock) -> None:
    submit(db, attempt, clock.now())
    later = start(db, people.learner, shelf.offerings[KEY], clock.now())
    for _ in range(2):
        with pytest.raises(Conflict, match="Another try"), db.writing() as session:
            reopen(session, act_on(db, attempt, supervisor, clock), minutes=5, window=NO_CLOSE)
        submit(db, later, clock.now())
    with db.writing() as session:
        make_void(session, act_on(db, later, supervisor, clock))
    with db.writing() as session:
        reopen(session, act_on(db, attempt, supervisor, clock), minutes=5, window=NO_CLOSE)


def test_handed_in_by_force_is_scored_with_what_was_saved(db: Database, attempt: Attempt, people: People, supervisor: Person, clock: MovableClock) -> None:
    save(db, attempt, "item0001", "b", clock.now())
    clock.move(minutes=2)
    with db.writing() as session:
        hand_in(session, act_on(db, attempt, supervisor, clock))
    with db.reading() as session:
        view = get_attempt(session, attempt_id=attempt.id, person_id=people.learner.id)
    assert view.result is not None
    assert (view.attempt.state, view.attempt.closed_at, view.result.points) == ("submitted", clock.now(), 100)
    assert save(db, attempt, "item0002", "b", clock.now()).outcome == "late"
    with db.reading() as session:
        assert session.scalars(select(LateSave.item_id)).all() == ["item0002"]
    with pytest.raises(Conflict, match="is over"), db.writing() as session:
        hand_in(session, act_on(db, attempt, supervisor, clock))


def test_a_void_try_counts_nowhere_is_not_voided_twice_and_gives_the_try_back(
    db: Database, attempt: Attempt, people: People, supervisor: Person, clock: MovableClock, the_site: Site
) -> None:
    heard: list[AttemptVoided] = []
    the_site.events.subscribe(AttemptVoided, lambda _session, event: heard.append(event))
    _pass(db, attempt, clock)
    with db.writing() as session:
        make_void(session, act_on(db, attempt, supervisor, clock))
    assert [(event.attempt_id, event.reason, event.by_person_id) for event in heard] == [(attempt.id, WHY, supervisor.id)]
    assert again(db, attempt).state == "void"
    assert _versions(db, attempt) == [1]
    with db.reading() as session:
        assert tries_used(session, person_id=people.learner.id, offering=KEY, period="") == 0
        assert not has_passed(session, person_id=people.learner.id, offering=KEY)
    with pytest.raises(Conflict, match="void already"), db.writing() as session:
        make_void(session, act_on(db, attempt, supervisor, clock))


def test_an_open_sitting_made_void_is_closed_without_a_result(db: Database, attempt: Attempt, supervisor: Person, clock: MovableClock) -> None:
    clock.move(minutes=1)
    with db.writing() as session:
        make_void(session, act_on(db, attempt, supervisor, clock))
    assert again(db, attempt).closed_at == clock.now()
    assert _versions(db, attempt) == []
    assert save(db, attempt, "item0001", "a", clock.now()).outcome == "late"


def test_time_granted_before_the_start_counts_in_what_starts_then(db: Database, shelf: Shelf, people: People, supervisor: Person, clock: MovableClock) -> None:
    asked: dict[str, Any] = {"offering": KEY, "scope": scope_of(supervisor, people.unit.path), "reason": WHY, "now": clock.now()}
    with db.writing() as session:
        for minutes in (3, 4):
            grant_time(session, person_id=people.learner.id, minutes=minutes, **asked)
    with pytest.raises(NotFound), db.writing() as session:
        grant_time(session, person_id=people.stranger.id, minutes=3, **asked)
    with pytest.raises(NotAllowed), db.writing() as session:
        grant_time(session, person_id=supervisor.id, minutes=3, **asked)
    made = start(db, people.learner, shelf.offerings[KEY], clock.now())
    assert (made.extra_s, made.deadline_at) == (420, clock.now() + timedelta(minutes=17))
    other = start(db, people.stranger, shelf.offerings[KEY], clock.now())
    assert (other.extra_s, other.deadline_at) == (0, clock.now() + timedelta(minutes=10))
    shelf.change(closes_at=clock.now() + timedelta(minutes=12))
    submit(db, made, clock.now())
    assert start(db, people.learner, shelf.offerings[KEY], clock.now()).deadline_at == clock.now() + timedelta(minutes=12)
