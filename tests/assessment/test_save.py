"""Saving an answer: once, in order, in time, by its owner, and never lost."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lms.assessment.models import LateSave, Response
from lms.clock import MovableClock, from_ms
from lms.errors import Invalid, NotAllowed, NotFound
from lms.people.models import Account
from lms.platform.db import Database
from tests.assessment.acts import new_id, save, start, submit
from tests.assessment.conftest import KEY, People, Shelf
from tests.counting import count_queries


def stored(db: Database, item_id: str = "item0001") -> Response | None:
    with db.reading() as session:
        return session.execute(select(Response).filter_by(item_id=item_id)).scalar_one_or_none()


def late_ones(db: Database) -> list[LateSave]:
    with db.reading() as session:
        return list(session.scalars(select(LateSave).order_by(LateSave.id)))


def test_an_answer_is_stored_and_replaced_in_sequence(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    first = save(db, attempt, "item0001", "a", clock.now(), client_ms=1000)
    assert (first.outcome, first.answer, first.seq) == ("saved", "a", 1)
    clock.move(seconds=5)
    assert save(db, attempt, "item0001", "b", clock.now(), seen=1).seq == 2
    assert save(db, attempt, "item0001", "", clock.now(), seen=2).seq == 3
    row = stored(db)
    assert row is not None
    assert (row.answer, row.seq, row.saved_at, row.client_at) == ("", 3, clock.now(), None)


def test_the_senders_clock_is_kept_but_never_counted(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    a_day_on = 86_400_000 * 40_000
    assert save(db, attempt, "item0001", "a", clock.now(), client_ms=a_day_on).outcome == "saved"
    row = stored(db)
    assert row is not None
    assert (row.client_at, row.saved_at) == (from_ms(a_day_on), clock.now())


def test_letters_are_stored_in_one_order_whatever_the_order_of_ticking(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    assert save(db, attempt, "item0005", "db", clock.now()).answer == "bd"


def test_a_replayed_save_is_acknowledged_again_and_changes_nothing(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    ids = [new_id() for _ in range(3)]
    for seen, letters in enumerate("abc"):
        save(db, attempt, "item0001", letters, clock.now(), seen=seen, save_id=ids[seen])
    for seen in range(3):
        again = save(db, attempt, "item0001", "abc"[seen], clock.now(), seen=seen, save_id=ids[seen])
        assert (again.outcome, again.answer, again.seq, again.save_id) == ("replayed", "c", 3, ids[2])


def test_only_so_many_past_saves_are_remembered(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    ids = [new_id() for _ in range(12)]
    for seen, save_id in enumerate(ids):
        save(db, attempt, "item0001", "a", clock.now(), seen=seen, save_id=save_id)
    assert save(db, attempt, "item0001", "a", clock.now(), seen=0, save_id=ids[0]).outcome == "moved"
    row = stored(db)
    assert row is not None
    assert row.past_ids.split() == ids[3:11]


@pytest.mark.parametrize("seen", [0, 2, 99])
def test_another_sequence_is_refused_with_the_present_state(db: Database, shelf: Shelf, people: People, clock: MovableClock, seen: int) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    kept = save(db, attempt, "item0001", "a", clock.now())
    refused = save(db, attempt, "item0001", "d", clock.now(), seen=seen)
    assert (refused.outcome, refused.answer, refused.seq, refused.save_id) == ("moved", "a", 1, kept.save_id)


def test_a_stale_tab_cannot_blank_an_answer(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    save(db, attempt, "item0001", "a", clock.now())
    assert save(db, attempt, "item0001", "", clock.now(), seen=0).answer == "a"


def test_a_save_counts_up_to_the_end_of_the_grace_and_not_after(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    clock.set(attempt.deadline_at + timedelta(seconds=10))
    assert save(db, attempt, "item0001", "a", clock.now()).outcome == "saved"
    clock.move(milliseconds=1)
    late = save(db, attempt, "item0001", "b", clock.now(), seen=1, client_ms=5)
    assert (late.outcome, late.answer, late.seq) == ("late", "a", 1)
    [kept] = late_ones(db)
    assert (kept.item_id, kept.answer, kept.seen, kept.received_at, kept.client_at) == ("item0001", "b", 1, clock.now(), from_ms(5))


def test_a_late_save_is_kept_once_however_often_it_comes(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    submit(db, attempt, clock.now())
    save_id = new_id()
    for _ in range(2):
        assert save(db, attempt, "item0001", "b", clock.now(), save_id=save_id).outcome == "late"
    assert len(late_ones(db)) == 1
    assert stored(db) is None


def test_late_saves_of_an_attempt_are_bounded(db: Database, shelf: Shelf, people: People, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.assessment.service.save.LATE_KEPT", 2)
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    submit(db, attempt, clock.now())
    assert {save(db, attempt, "item0001", "b", clock.now()).outcome for _ in range(4)} == {"late"}
    assert len(late_ones(db)) == 2


def test_a_replay_after_the_close_is_still_acknowledged(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    kept = save(db, attempt, "item0001", "b", clock.now())
    submit(db, attempt, clock.now())
    assert save(db, attempt, "item0001", "b", clock.now(), save_id=kept.save_id).outcome == "replayed"
    assert late_ones(db) == []


@pytest.mark.parametrize(
    ("item_id", "answer"),
    [
        pytest.param("item9999", "a", id="no item of the paper"),
        pytest.param("item0001", "e", id="a letter it does not have"),
        pytest.param("item0001", "ab", id="two letters on a single choice"),
        pytest.param("item0005", "aa", id="a letter twice"),
    ],
)
def test_what_the_paper_does_not_have_is_refused(db: Database, shelf: Shelf, people: People, clock: MovableClock, item_id: str, answer: str) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    with pytest.raises(Invalid):
        save(db, attempt, item_id, answer, clock.now())
    with db.reading() as session:
        assert session.execute(select(func.count()).select_from(Response)).scalar_one() == 0


def test_a_strangers_attempt_and_none_are_not_found(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    with pytest.raises(NotFound):
        save(db, attempt, "item0001", "a", clock.now(), person_id=people.stranger.id)
    attempt.id += 1
    with pytest.raises(NotFound):
        save(db, attempt, "item0001", "a", clock.now())


@pytest.mark.parametrize("values", [{"epoch": 2}, {"active": False}])
def test_a_session_that_is_over_saves_nothing(db: Database, shelf: Shelf, people: People, clock: MovableClock, values: dict[str, object]) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    with db.writing() as session:
        session.execute(update(Account).filter_by(person_id=people.learner.id).values(**values))
    with pytest.raises(NotAllowed):
        save(db, attempt, "item0001", "a", clock.now())
    assert stored(db) is None


def test_a_save_is_one_select_and_one_upsert(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    save(db, attempt, "item0001", "a", clock.now())
    with count_queries(db) as counted:
        save(db, attempt, "item0002", "a", clock.now())
    assert [statement.split()[0] for statement in counted.statements] == ["SELECT", "INSERT"]


def test_shapes_in_memory_are_bounded(db: Database, shelf: Shelf, people: People, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.assessment.service.papers.KEPT", 1)
    mine = start(db, people.learner, shelf.offerings[KEY], clock.now())
    other = start(db, people.stranger, shelf.offerings[KEY], clock.now())
    for attempt in (mine, other, mine):
        assert save(db, attempt, "item0001", "a", clock.now(), seen=0).outcome in ("saved", "moved")
