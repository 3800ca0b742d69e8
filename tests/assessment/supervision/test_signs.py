"""Signs of life and facts of a sitting's page, and the one device that an attempt may be bound to."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from lms.assessment.models import Attempt
from lms.assessment.service.save import Save, Saved, save_answer
from lms.assessment.supervision.models import AttemptEvent, Presence
from lms.assessment.supervision.rules.events import Facts, Kind, facts_of
from lms.assessment.supervision.service.acts import unlock_device
from lms.assessment.supervision.service.signs import FACTS_KEPT, Fact, Present, claim_device, note_signs
from lms.clock import MovableClock
from lms.errors import Conflict, NotFound
from lms.people.models import Person
from lms.platform.db import Database
from tests.assessment.acts import new_id, save, submit
from tests.assessment.conftest import People
from tests.assessment.supervision.acts import act_on, again

A, B = "device-a", "device-b"


def _say(db: Database, attempt: Attempt, clock: MovableClock, *facts: Fact, place: int = 1, watched: bool = True, device: str | None = None) -> Present:
    with db.writing() as session:
        asked: dict[str, Any] = {"place": place, "facts": facts, "watched": watched, "device": device}
        return note_signs(session, attempt_id=attempt.id, person_id=attempt.person_id, **asked, now=clock.now())


def _events(db: Database) -> list[AttemptEvent]:
    with db.reading() as session:
        return list(session.scalars(select(AttemptEvent).order_by(AttemptEvent.id)))


def _bind(db: Database, attempt: Attempt, device: str) -> None:
    with db.writing() as session:
        session.execute(update(Attempt).filter_by(id=attempt.id).values(device=device))


def _save(db: Database, attempt: Attempt, clock: MovableClock, device: str | None, seen: int = 0) -> Saved:
    change = Save("item0001", "a", new_id(), seen)
    return save_answer(db, attempt_id=attempt.id, person_id=attempt.person_id, epoch=1, save=change, now=clock.now(), device=lambda: device)


def _claim(db: Database, attempt: Attempt, clock: MovableClock, device: str) -> bool:
    with db.writing() as session:
        return claim_device(session, attempt_id=attempt.id, person_id=attempt.person_id, device=device, ref=device, now=clock.now())


def test_a_sign_of_life_is_written_when_it_is_news(db: Database, attempt: Attempt, clock: MovableClock) -> None:
    def seen() -> tuple[object, int]:
        with db.reading() as session:
            row = session.scalars(select(Presence)).one()
            return row.seen_at, row.place

    first = clock.now()
    _say(db, attempt, clock, place=2)
    clock.move(seconds=19)
    _say(db, attempt, clock, place=2)
    assert seen() == (first, 2)
    _say(db, attempt, clock, place=3)
    assert seen() == (clock.now(), 3)
    clock.move(seconds=20)
    _say(db, attempt, clock, place=3)
    assert seen() == (clock.now(), 3)


def test_facts_carry_the_servers_time_and_are_noted_once(db: Database, attempt: Attempt, clock: MovableClock) -> None:
    clock.move(minutes=5)
    left = Fact("left-1", Kind.LEFT, ago_ms=13_000)
    back = Fact("back-1", Kind.BACK, ago_ms=1_000, lasted_s=12)
    pasted = Fact("past-1", Kind.PASTED, ago_ms=0, chars=40)
    for _ in range(2):
        _say(db, attempt, clock, left, back, pasted)
    found = [(event.kind, event.at, event.seconds, event.detail) for event in _events(db)]
    assert found == [
        ("left", clock.now() - timedelta(seconds=13), None, ""),
        ("back", clock.now() - timedelta(seconds=1), 12, ""),
        ("pasted", clock.now(), None, "40"),
    ]


def test_a_wrong_clock_of_the_phone_puts_nothing_before_the_start(db: Database, attempt: Attempt, clock: MovableClock) -> None:
    clock.move(minutes=1)
    _say(db, attempt, clock, Fact("l", Kind.LEFT, ago_ms=86_400_000), Fact("b", Kind.BACK, ago_ms=0, lasted_s=86_400))
    left, back = _events(db)
    assert left.at == attempt.started_at
    assert back.seconds == 60


def test_facts_are_noted_only_where_candidates_were_told_and_within_bounds(db: Database, attempt: Attempt, clock: MovableClock) -> None:
    _say(db, attempt, clock, Fact("x", Kind.LEFT, 0), watched=False)
    _say(db, attempt, clock, Fact("y", Kind.VOIDED, 0))
    assert _events(db) == []
    for start in range(0, FACTS_KEPT + 50, 50):
        _say(db, attempt, clock, *(Fact(f"f{n}", Kind.LEFT, 0) for n in range(start, start + 50)))
    assert len(_events(db)) == FACTS_KEPT


def test_a_stranger_says_nothing_and_a_closed_sitting_is_told_so(db: Database, attempt: Attempt, people: People, clock: MovableClock) -> None:
    with pytest.raises(NotFound), db.writing() as session:
        note_signs(session, attempt_id=attempt.id, person_id=people.stranger.id, place=1, facts=(), watched=True, device=None, now=clock.now())
    submit(db, attempt, clock.now())
    assert not _say(db, attempt, clock, Fact("x", Kind.LEFT, 0)).open
    assert _events(db) == []


@pytest.mark.parametrize(
    ("rows", "facts"),
    [
        pytest.param([], Facts(), id="nothing"),
        pytest.param([("left", 3, None), ("back", 2, 12)], Facts(left=3, longest_s=12), id="left"),
        pytest.param([("pasted", 1, None), ("refused_device", 2, None)], Facts(pasted=1, refused=2), id="others"),
    ],
)
def test_facts_in_numbers(rows: list[tuple[str, int, int | None]], facts: Facts) -> None:
    assert facts_of(rows) == facts
    assert facts.any == bool(rows)


def test_only_the_bound_device_answers(db: Database, attempt: Attempt, clock: MovableClock) -> None:
    assert _save(db, attempt, clock, None).outcome == "saved"
    _bind(db, attempt, A)
    assert _save(db, attempt, clock, A, seen=1).outcome == "saved"
    for other in (B, None):
        refused = _save(db, attempt, clock, other, seen=2)
        assert (refused.outcome, refused.seq) == ("elsewhere", 2)
        assert _say(db, attempt, clock, device=other).elsewhere
    assert not _say(db, attempt, clock, device=A).elsewhere


def test_a_replay_from_the_old_device_is_still_acknowledged_and_a_late_one_kept_apart(db: Database, attempt: Attempt, clock: MovableClock) -> None:
    change = Save("item0001", "a", new_id(), 0)
    asked: dict[str, Any] = {"attempt_id": attempt.id, "person_id": attempt.person_id, "epoch": 1, "now": clock.now(), "device": lambda: A}
    _bind(db, attempt, A)
    assert save_answer(db, save=change, **asked).outcome == "saved"
    _bind(db, attempt, B)
    assert save_answer(db, save=change, **asked).outcome == "replayed"
    submit(db, attempt, clock.now())
    assert save_answer(db, save=replace(change, save_id=new_id()), **asked).outcome == "late"


def test_a_freed_sitting_goes_to_the_next_device_and_the_old_one_is_refused(db: Database, attempt: Attempt, supervisor: Person, clock: MovableClock) -> None:
    _bind(db, attempt, A)
    assert not _claim(db, attempt, clock, B)
    assert not _claim(db, attempt, clock, B)
    with db.writing() as session:
        unlock_device(session, act_on(db, attempt, supervisor, clock))
    assert again(db, attempt).device == ""
    assert _save(db, attempt, clock, A).outcome == "elsewhere"
    assert _claim(db, attempt, clock, B)
    assert _save(db, attempt, clock, B).outcome == "saved"
    assert _save(db, attempt, clock, A, seen=1).outcome == "elsewhere"
    assert not _claim(db, attempt, clock, A)
    assert [event.kind for event in _events(db)] == ["refused_device", "unlocked", "bound", "refused_device"]


def test_a_sitting_that_is_bound_to_nothing_is_not_freed(db: Database, attempt: Attempt, supervisor: Person, clock: MovableClock) -> None:
    with pytest.raises(Conflict, match="not bound"), db.writing() as session:
        unlock_device(session, act_on(db, attempt, supervisor, clock))
    assert save(db, attempt, "item0001", "a", clock.now()).outcome == "saved"
