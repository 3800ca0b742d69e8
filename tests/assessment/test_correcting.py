"""Corrections at the desk: a dry run tells what will be, a job does it once, and papers that close meanwhile are scored by it."""

import json
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError

from lms.assessment.correction_models import Correction, CorrectionRun, ResultCause
from lms.assessment.events import AttemptScored
from lms.assessment.models import Attempt, Result
from lms.assessment.service import lapse_due, submit_attempt
from lms.assessment.service.correcting import BATCH, LEASE, TRIES, Lost, claim_run, go_on, run_batch
from lms.assessment.service.corrector import CORRECT_JOB, Corrector
from lms.assessment.service.dry_run import count_concerned, list_changes
from lms.assessment.service.look import items_of
from lms.assessment.service.scope import Scope, has_whole_site
from lms.assessment.service.wishes import Wish, pair, to_row
from lms.clock import MovableClock
from lms.content.bodies import to_body
from lms.content.catalogue import Item
from lms.content.models import ItemLife, ItemRevision
from lms.errors import Conflict, Invalid, NotFound
from lms.people.rules import Role
from lms.platform.db import Database
from lms.platform.site import Site
from tests.assessment.acts import save, start, submit
from tests.assessment.conftest import ITEMS, KEY, People, Shelf, make_item
from tests.assessment.correcting import correct, latest, look, run_of, sit, wish
from tests.assessment.test_close import RIGHT
from tests.assessment.test_races import at_once
from tests.counting import count_queries
from tests.make import make_learner, make_unit

FEW = {"item0001": "a", "item0002": "b", "item0003": "b", "item0006": "ac"}
"""Three of six right: just passed; without the wrong one in the first."""


def publish(db: Database, item: Item) -> None:
    """Let this be the published revision of its item."""
    with db.writing() as session:
        values = {"digest": item.digest, "item_id": item.id, "kind": item.kind, "body": to_body(item)}
        session.add(ItemRevision(**values, presentation_digest=item.presentation_digest, key_digest=item.key_digest))
        session.merge(ItemLife(item_id=item.id, package="quizzes/quiz", place=item.place, digest=item.digest, key_digest=item.key_digest, gone_at=None))


def versions(db: Database, attempt: Attempt) -> list[Result]:
    with db.reading() as session:
        return list(session.scalars(select(Result).filter_by(attempt_id=attempt.id).order_by(Result.version)))


def test_a_dry_run_tells_before_and_after_and_changes_nothing(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    failed = sit(db, people.learner, shelf.offerings[KEY], clock, FEW | {"item0003": "a"})
    right = sit(db, people.stranger, shelf.offerings[KEY], clock, RIGHT)
    start(db, people.learner, shelf.offerings[KEY], clock.now())
    found = look(db, wish())
    one, other = found.rows
    assert (one.attempt_id, one.became, one.before.points, one.after.points, one.passes, one.fails) == (failed.id, "changed", 200, 300, True, False)
    assert (other.attempt_id, other.became, other.after) == (right.id, "same", other.before)
    tally = found.tally
    assert (tally.concerned, tally.changed, tally.raised, tally.lowered, tally.to_pass, tally.to_fail) == (2, 1, 1, 0, 1, 0)
    assert tally.digests[0] != tally.digests[1]
    assert look(db, wish()).tally.digests == tally.digests
    with db.reading() as session:
        assert count_concerned(session, to_row(session, wish())) == (2, 1)
    assert [row.attempt_id for row in look(db, wish(), wanted=lambda change: change.passes).rows] == [failed.id]
    assert latest(db, failed).version == 1


def test_applying_makes_one_new_version_of_what_changes_and_says_why(db: Database, the_site: Site, shelf: Shelf, people: People, clock: MovableClock) -> None:
    failed = sit(db, people.learner, shelf.offerings[KEY], clock, FEW | {"item0003": "a"})
    right = sit(db, people.stranger, shelf.offerings[KEY], clock, RIGHT)
    told: list[AttemptScored] = []
    the_site.events.subscribe(AttemptScored, lambda _session, event: told.append(event))
    clock.move(hours=1)
    made = correct(db, wish(), people.stranger, clock, run=False, reason="  Câu hỏi\nsai  ")
    assert latest(db, failed).version == 1
    assert the_site.jobs.tick(clock.now())[CORRECT_JOB] == 1
    first, second = versions(db, failed)
    assert (first.points, second.points, second.passed, second.version, second.scored_at, second.elapsed_ms) == (200, 300, True, 2, clock.now(), 0)
    assert (items_of(second)[0].verdict, items_of(second)[0].answer) == ("right", "a")
    assert len(versions(db, right)) == 1
    [event] = told
    assert (event.attempt_id, event.passed, event.version, event.scored_at) == (failed.id, True, 2, clock.now())
    with db.reading() as session:
        [cause] = session.scalars(select(ResultCause))
        assert (cause.attempt_id, cause.version, cause.correction_id, cause.reason) == (failed.id, 2, made.id, "Câu hỏi sai")
    run = run_of(db, made)
    assert (run.state, run.total, run.seen, run.changed, run.to_pass, run.to_fail, run.kept) == ("done", 2, 2, 1, 1, 0, 0)


def test_applying_twice_is_once(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    made = correct(db, wish(), people.stranger, clock, ask_id="the form")
    assert correct(db, wish(), people.stranger, clock, ask_id="the form").id == made.id
    assert Corrector(db, clock).run() == 0
    correct(db, wish(), people.stranger, clock)
    assert len(versions(db, attempt)) == 2
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Correction)) == 2


def test_a_running_sitting_is_scored_by_it_at_its_close(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    running = sit(db, people.learner, shelf.offerings[KEY], clock, FEW, hand_in=False)
    lapsing = sit(db, people.stranger, shelf.offerings[KEY], clock, FEW, hand_in=False)
    correct(db, wish(), people.stranger, clock)
    submit(db, running, clock.now())
    clock.move(hours=1)
    lapse_due(db, clock.now())
    assert [(latest(db, one).version, latest(db, one).points) for one in (running, lapsing)] == [(1, 400), (1, 400)]


def test_it_holds_in_its_test_or_in_every_test(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    other = replace(shelf.offerings[KEY], key="test:other")
    here, there = (sit(db, people.learner, offering, clock, FEW) for offering in (shelf.offerings[KEY], other))
    correct(db, wish(), people.stranger, clock)
    assert (latest(db, here).points, latest(db, there).points) == (400, 300)
    correct(db, wish(offering=""), people.stranger, clock)
    assert (latest(db, here).version, latest(db, there).points) == (2, 400)


def test_dropped_it_leaves_the_paper(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    correct(db, wish(kind="drop"), people.stranger, clock)
    result = latest(db, attempt)
    assert (result.points, result.max_points, result.correct, result.item_count, result.passed) == (300, 500, 3, 5, True)
    assert items_of(result)[0].verdict == "void"


def test_never_lower_keeps_who_would_lose(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    publish(db, make_item(1, "a", digest="newer"))
    loser = sit(db, people.learner, shelf.offerings[KEY], clock, FEW | {"item0001": "b"})
    winner = sit(db, people.stranger, shelf.offerings[KEY], clock, FEW)
    asked = wish(kind="key", never_lower=True)
    assert (look(db, asked).tally.kept, look(db, replace(asked, never_lower=False)).tally.lowered) == (1, 1)
    made = correct(db, asked, people.stranger, clock)
    assert ([len(versions(db, one)) for one in (loser, winner)], run_of(db, made).kept) == ([1, 2], 1)
    after = sit(db, people.learner, shelf.offerings[KEY], clock, FEW | {"item0001": "b"})
    assert latest(db, after).points == latest(db, loser).points


def test_it_is_taken_back_by_another_one_and_once(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    made = correct(db, wish(), people.stranger, clock)
    back = correct(db, Wish(KEY, "", "undo", undoes=made.id, never_lower=False), people.stranger, clock)
    assert [result.points for result in versions(db, attempt)] == [300, 400, 300]
    for undoes in (made.id, back.id, 999):
        with db.reading() as session, pytest.raises((Conflict, NotFound)):
            to_row(session, Wish(KEY, "", "undo", undoes=undoes))
    with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
        session.execute(update(Correction).values(reason="another"))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (wish(kind="odd"), "Choose what"),
        (wish(kind="accept", answer="b"), "right by the key already"),
        (wish(kind="accept", answer=""), "cannot be accepted"),
        (wish(kind="accept", answer="x"), "no such answer"),
        (wish(kind="key"), "No other revision"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(db: Database, shelf: Shelf, asked: Wish, words: str) -> None:
    assert shelf
    with db.reading() as session, pytest.raises(Invalid, match=words):
        to_row(session, asked)
    with db.reading() as session, pytest.raises(NotFound):
        to_row(session, wish(digest="never published"))


def test_a_reason_is_required(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    assert shelf
    for reason in ("", "  \n", "x" * 1001):
        with pytest.raises(Invalid):
            correct(db, wish(), people.stranger, clock, reason=reason)


def test_choices_that_only_their_place_tells_are_asked_for(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    old = ITEMS["item0001"]
    reworded = replace(make_item(91, "a"), id=old.id, digest="reworded")
    publish(db, reworded)
    assert [one.sure for one in pair(old, reworded)] == [False] * 4
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    said = {f"choices.{letter}": letter for letter in "abcd"}
    for letters in ({}, said | {"choices.a": "b"}, said | {"choices.a": "z"}, said | {"choices.a": "-"}):
        with db.reading() as session, pytest.raises(Invalid):
            to_row(session, wish(kind="key", letters=letters))
    correct(db, wish(kind="key", letters=said), people.stranger, clock)
    assert latest(db, attempt).points == 400
    publish(db, replace(make_item(91, "ab"), id=old.id, digest="of another kind"))
    with db.reading() as session, pytest.raises(Invalid, match="another kind"):
        to_row(session, wish(kind="key"))


def test_a_result_that_cannot_be_reproduced_is_left_to_a_person(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    first = latest(db, attempt)
    kept = {column.name: getattr(first, column.name) for column in Result.__table__.columns}
    rows = json.loads(first.items)
    rows[1][4:6] = ["wrong", 0]
    with db.writing() as session:
        session.add(Result(**kept | {"version": 2, "items": json.dumps(rows), "reason": "by hand"}))
    assert look(db, wish()).tally.unclear == 1
    made = correct(db, wish(), people.stranger, clock)
    assert (len(versions(db, attempt)), run_of(db, made).unclear) == (2, 1)


def test_void_attempts_are_left_alone(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    with db.writing() as session:
        session.execute(update(Attempt).where(Attempt.id == attempt.id).values(state="void"))
    assert look(db, wish()).tally.concerned == 0
    assert run_of(db, correct(db, wish(), people.stranger, clock)).seen == 0


def test_one_at_a_time_and_in_their_order(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW | {"item0002": "a"})
    first = correct(db, wish(), people.stranger, clock, run=False)
    with pytest.raises(Conflict, match="being applied"):
        correct(db, wish(kind="drop"), people.stranger, clock, run=False)
    second = correct(db, wish("item0002"), people.stranger, clock, run=False)
    late = sit(db, people.stranger, shelf.offerings[KEY], clock, FEW | {"item0002": "a"})
    assert Corrector(db, clock).run() == 2
    assert [result.points for result in versions(db, attempt)] == [200, 300, 400]
    assert [result.points for result in versions(db, late)] == [400]
    assert [run_of(db, made).changed for made in (first, second)] == [1, 1]


def test_a_closing_attempt_is_scored_by_it_whichever_is_faster(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    shelf.change(attempts_max=None)
    for _ in range(4):
        made = _race(db, sit(db, people.learner, shelf.offerings[KEY], clock, FEW, hand_in=False), wish(), people, clock, 400)
        back = Wish(KEY, "", "undo", undoes=made.id, never_lower=False)
        _race(db, sit(db, people.learner, shelf.offerings[KEY], clock, FEW, hand_in=False), back, people, clock, 300)


def _race(db: Database, attempt: Attempt, asked: Wish, people: People, clock: MovableClock, points: int) -> Correction:
    """A correction against the hand-in of an attempt; whichever is faster, the attempt comes to these points."""
    made, _ = at_once(partial(correct, db, asked, people.stranger, clock), partial(submit, db, attempt, clock.now()))
    Corrector(db, clock).run()
    assert latest(db, attempt).points == points
    assert isinstance(made, Correction)
    return made


def test_an_attempt_whose_closing_began_before_the_correction_is_waited_for(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW, hand_in=False)
    begun, go_on_closing = threading.Event(), threading.Event()

    def close() -> None:
        with db.writing() as session:
            submit_attempt(session, attempt_id=attempt.id, person_id=attempt.person_id, now=clock.now())
            begun.set()
            go_on_closing.wait(10)

    with ThreadPoolExecutor(2) as pool:
        closing = pool.submit(close)
        begun.wait(10)
        correcting = pool.submit(correct, db, wish(), people.stranger, clock)
        time.sleep(0.5)
        go_on_closing.set()
        closing.result(10)
        correcting.result(10)
    assert latest(db, attempt).points == 400


def test_a_run_that_was_left_is_taken_up_and_another_is_told(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    shelf.change(attempts_max=None)
    attempts = [sit(db, people.learner, shelf.offerings[KEY], clock, FEW) for _ in range(3)]
    made = correct(db, wish(), people.stranger, clock, run=False)
    with db.writing() as session:
        assert claim_run(session, claim="dead", now=clock.now()) is not None
    with db.writing() as session:
        assert run_batch(session, correction_id=made.id, claim="dead", now=clock.now(), most=1)
    assert Corrector(db, clock).run() == 0
    clock.move(seconds=LEASE.total_seconds() + 1)
    assert Corrector(db, clock).run() == 1
    assert [len(versions(db, attempt)) for attempt in attempts] == [2, 2, 2]
    assert (run_of(db, made).seen, run_of(db, made).changed) == (3, 3)
    with pytest.raises(Lost), db.writing() as session:
        run_batch(session, correction_id=made.id, claim="dead", now=clock.now())


def test_a_batch_that_fails_leaves_nothing_behind_and_stops_in_the_end(db: Database, the_site: Site, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    made = correct(db, wish(), people.stranger, clock, run=False)
    broken = [True]

    def fail(_session: object, _event: AttemptScored) -> None:
        if broken:
            raise RuntimeError("a room above is broken")

    the_site.events.subscribe(AttemptScored, fail)
    for _ in range(TRIES):
        the_site.jobs.tick(clock.now())
        clock.move(seconds=LEASE.total_seconds() + 1)
    the_site.jobs.tick(clock.now())
    assert (run_of(db, made).state, len(versions(db, attempt))) == ("failed", 1)
    broken.clear()
    with db.writing() as session:
        go_on(session, correction_id=made.id)
    with pytest.raises(NotFound), db.writing() as session:
        go_on(session, correction_id=made.id)
    assert the_site.jobs.tick(clock.now())[CORRECT_JOB] == 1
    assert len(versions(db, attempt)) == 2


WORKER = """
import sys, time
from datetime import datetime
from lms.app import make_site
from lms.assessment.service import correcting
from lms.settings import load_settings
from pathlib import Path
correcting.run_batch.__kwdefaults__["most"] = 2
add = correcting.add_result
def slow(*args, **given):
    made = add(*args, **given)
    time.sleep(0.1)
    return made
correcting.add_result = slow
site = make_site(load_settings(Path(sys.argv[2]), {}, database_url=sys.argv[1], secret_key="k", identity_key="k"))
from lms.assessment.service.corrector import Corrector
Corrector(site.db, site.clock).run()
"""


def test_a_killed_process_in_the_middle_of_a_batch_loses_and_doubles_nothing(
    database_url: str, db: Database, shelf: Shelf, people: People, clock: MovableClock, tmp_path: object
) -> None:
    shelf.change(attempts_max=None)
    attempts = [sit(db, people.learner, shelf.offerings[KEY], clock, FEW) for _ in range(12)]
    made = correct(db, wish(), people.stranger, clock, run=False)
    process = subprocess.Popen([sys.executable, "-c", WORKER, database_url, str(tmp_path)])
    until = time.monotonic() + 60
    while run_of(db, made).seen < 4 and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    between = run_of(db, made)
    assert 4 <= between.seen < 12
    assert sum(len(versions(db, attempt)) for attempt in attempts) == 12 + between.seen
    assert between.lease_until is not None
    clock.set(between.lease_until + timedelta(seconds=1))
    assert Corrector(db, clock).run() == 1
    assert [len(versions(db, attempt)) for attempt in attempts] == [2] * 12
    assert (run_of(db, made).seen, run_of(db, made).changed) == (12, 12)


def test_a_dry_run_asks_no_more_for_more_people(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    shelf.change(attempts_max=None)
    counts = []
    for more in (1, 12):
        for _ in range(more):
            sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
        look(db, wish())
        with count_queries(db) as counted, db.reading() as session:
            assert len(list(list_changes(session, to_row(session, wish())))) >= more
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 3
    assert BATCH > 0


def test_it_takes_the_whole_site(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    def may(*paths: str, prefix: str = "") -> bool:
        with db.reading() as session:
            return has_whole_site(session, Scope(0, {prefix: paths}), [KEY])

    sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    assert [may("/"), may(), may("/", prefix="round"), may(people.unit.path)] == [True, False, False, True]
    with db.writing() as session:
        elsewhere = make_unit(session)
        assert make_learner(session, unit=elsewhere, roles=(Role.TRAINER,))
    assert [may(people.unit.path), may(people.unit.path, elsewhere.path), may("/")] == [False, True, True]
    sit(db, people.stranger, shelf.offerings[KEY], clock, FEW)  # works nowhere
    assert [may(people.unit.path, elsewhere.path), may("/")] == [False, True]


def test_saves_go_on_meanwhile(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    running = start(db, people.learner, shelf.offerings[KEY], clock.now())
    correct(db, wish(), people.stranger, clock)
    assert save(db, running, "item0001", "a", clock.now()).outcome == "saved"
    with db.reading() as session:
        assert session.scalars(select(CorrectionRun.state)).all() == ["done"]
