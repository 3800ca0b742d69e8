"""Variants drawn once; sheets that become sittings, scored as on the site; each once, by nobody for himself; corrected by new versions only."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from lms.assessment.events import AttemptScored
from lms.assessment.models import Attempt, Response, Result
from lms.assessment.on_paper.models import EntryCorrection, PaperBatch, PaperEntry, PaperVariant
from lms.assessment.on_paper.rules.marks import read_row, write_row
from lms.assessment.on_paper.service.correcting import correct_entry, find_entry, get_entered, list_corrections, list_entered
from lms.assessment.on_paper.service.entering import get_sitter
from lms.assessment.on_paper.service.variants import list_batches, list_spots, make_batch
from lms.assessment.service import get_attempt, list_attempts
from lms.assessment.service.marking import list_waiting
from lms.assessment.service.scope import Scope
from lms.clock import MovableClock
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from lms.platform.site import Site
from tests.assessment.acts import save, start, submit
from tests.assessment.conftest import ITEMS, KEY, People
from tests.assessment.correcting import correct as void
from tests.assessment.correcting import wish
from tests.assessment.kinds import KIND_KEY, RIGHT_ANSWERS
from tests.assessment.on_paper.conftest import Desk
from tests.assessment.test_races import at_once
from tests.make import make_learner, make_unit

RIGHT = {item.id: "".join(sorted(item.key)) for item in ITEMS.values()}


def latest(db: Database, attempt: Attempt) -> Result:
    with db.reading() as session:
        result = get_attempt(session, attempt_id=attempt.id, person_id=attempt.person_id).result
    assert result is not None
    return result


def correct(desk: Desk, attempt: Attempt, answers: dict[str, str], reason: str = "Gõ nhầm", **given: Any) -> Result:
    values: dict[str, Any] = {"scope": desk.scope, "now": desk.now} | given
    with desk.db.writing() as session:
        return correct_entry(session, attempt_id=attempt.id, answers=answers, reason=reason, **values)


def test_variants_hold_the_same_items_in_other_orders(desk: Desk) -> None:
    _, variants = desk.make(count=24)
    assert [variant.code for variant in variants] == list(range(101, 125))
    papers = [json.loads(variant.paper) for variant in variants]
    assert {frozenset(row[1] for row in paper) for paper in papers} == {frozenset(ITEMS)}
    assert len({variant.paper for variant in variants}) == 24
    assert [variant.code for variant in desk.make(count=2)[1]] == [201, 202]
    with desk.db.reading() as session:
        assert [(line.batch.n, line.variants, line.entered) for line in list_batches(session, offering=KEY)] == [(2, 2, 0), (1, 24, 0)]


def test_the_items_of_a_case_stay_together_on_every_paper(desk: Desk) -> None:
    for mixed in ("order", "draw"):
        for variant in desk.make(KIND_KEY, count=6, mixed=mixed)[1]:
            ids = [row[1] for row in json.loads(variant.paper)]
            assert ids.index("multi001") == ids.index("single01") + 1
            assert sorted(ids) == sorted(RIGHT_ANSWERS)


@pytest.mark.parametrize("count", [0, 25])
def test_one_to_twenty_four_variants(desk: Desk, count: int) -> None:
    with pytest.raises(Invalid):
        desk.make(count=count)


def test_two_who_make_variants_at_once_get_codes_of_their_own(desk: Desk) -> None:
    def make() -> int:
        with desk.db.writing() as session:
            values = {"lang": "vi", "count": 1, "mixed": "order", "place": "", "held_on": None}
            return make_batch(session, offering=desk.shelf.offerings[KEY], actor_id=desk.officer.id, now=desk.now, **values).n  # type: ignore[arg-type]

    outcomes = at_once(*[make] * 3)
    made = [outcome for outcome in outcomes if isinstance(outcome, int)]
    assert sorted(made) == list(range(1, len(made) + 1))
    assert all(isinstance(outcome, int | Conflict) for outcome in outcomes)


@pytest.mark.parametrize("table", [PaperBatch, PaperVariant])
def test_what_was_printed_never_changes(desk: Desk, table: type) -> None:
    desk.make()
    with pytest.raises(DatabaseError, match="append-only"), desk.db.writing() as session:
        session.execute(table.__table__.delete())  # type: ignore[attr-defined]


def test_a_sheet_is_scored_as_the_same_answers_on_the_site_are(desk: Desk, people: People, the_site: Site, clock: MovableClock) -> None:
    told: list[AttemptScored] = []
    the_site.events.subscribe(AttemptScored, lambda _session, event: told.append(event))
    given = RIGHT | {"item0002": "a", "item0005": "", "item0006": "a"}
    with desk.db.writing() as session:
        other = make_learner(session, unit=people.unit)
    on_site = start(desk.db, other, desk.shelf.offerings[KEY], clock.now())
    for item_id, answer in given.items():
        if answer:
            save(desk.db, on_site, item_id, answer, clock.now())
    submit(desk.db, on_site, clock.now())
    batch, variants = desk.make()
    with desk.db.reading() as session:
        spots = list_spots(session, variants[1].paper)
    typed = read_row(write_row(given, spots), spots)
    assert typed == given
    on_paper = desk.enter(batch, variants[1], people.learner, typed)
    one, two = latest(desk.db, on_site), latest(desk.db, on_paper)
    names = ("points", "max_points", "correct", "item_count", "critical_wrong", "unmarked", "passed")
    assert [getattr(one, name) for name in names] == [getattr(two, name) for name in names]
    assert sorted(json.loads(one.items)) == sorted(json.loads(two.items))
    assert [event.attempt_id for event in told] == [on_site.id, on_paper.id]
    assert (on_paper.state, on_paper.unit_id, on_paper.n) == ("submitted", people.unit.id, 1)
    assert on_paper.closed_at == on_paper.started_at + timedelta(minutes=10), "on paper the whole time counts"
    with desk.db.reading() as session:
        stored = {row.item_id: row.answer for row in session.scalars(select(Response).filter_by(attempt_id=on_paper.id))}
        entry = find_entry(session, attempt_id=on_paper.id)
        assert stored == {item_id: answer for item_id, answer in given.items() if answer}
        assert entry is not None
        assert (entry[0].entered_by, entry[0].entered_at, entry[1]) == (desk.officer.id, desk.now, 102)
        assert find_entry(session, attempt_id=on_site.id) is None
        assert "sheet_entered" in [row.action for row in session.scalars(select(AuditEvent))]


def test_every_kind_on_paper(desk: Desk, people: People) -> None:
    batch, variants = desk.make(KIND_KEY)
    attempt = desk.enter(batch, variants[0], people.learner, RIGHT_ANSWERS)
    result = latest(desk.db, attempt)
    assert (result.correct, result.item_count, result.unmarked) == (8, 9, 1)
    with desk.db.reading() as session:
        assert [one.attempt_id for one in list_waiting(session, scope=desk.scope)[0]] == [attempt.id], "the essay is marked where all essays are"


def test_a_sheet_is_entered_once(desk: Desk, people: People) -> None:
    batch, variants = desk.make()
    desk.enter(batch, variants[0], people.learner, RIGHT)
    with pytest.raises(Conflict):
        desk.enter(batch, variants[1], people.learner, RIGHT)
    other, more = desk.make()
    assert desk.enter(other, more[0], people.learner, RIGHT).n == 2


def test_two_who_enter_the_same_sheet_at_once_store_it_once(desk: Desk, people: People) -> None:
    batch, variants = desk.make()
    outcomes = at_once(*[lambda: desk.enter(batch, variants[0], people.learner, RIGHT)] * 4)
    assert sum(isinstance(outcome, Attempt) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Attempt | Conflict) for outcome in outcomes)
    with desk.db.reading() as session:
        assert len(list_attempts(session, person_id=people.learner.id, offerings=[KEY])) == 1


def test_the_limits_of_the_test_hold_on_paper_too(desk: Desk, people: People, clock: MovableClock) -> None:
    batch, variants = desk.make()
    running = start(desk.db, people.learner, desk.shelf.offerings[KEY], clock.now())
    with pytest.raises(Conflict, match="open try"):
        desk.enter(batch, variants[0], people.learner, RIGHT)
    submit(desk.db, running, clock.now())
    desk.shelf.change(attempts_max=1)
    with pytest.raises(NotAllowed, match="no try left"):
        desk.enter(batch, variants[0], people.learner, RIGHT)
    desk.shelf.change(attempts_max=3, opens_at=desk.now - timedelta(minutes=30), closes_at=desk.now - timedelta(minutes=5))
    for minutes in (31, 5):
        with pytest.raises(NotAllowed):
            desk.enter(batch, variants[0], people.learner, RIGHT, held_at=desk.now - timedelta(minutes=minutes))
    with pytest.raises(Invalid, match="lies ahead"):
        desk.enter(batch, variants[0], people.learner, RIGHT, held_at=desk.now + timedelta(seconds=1))
    made = desk.enter(batch, variants[0], people.learner, RIGHT, held_at=desk.now - timedelta(minutes=6))
    assert made.deadline_at == desk.now - timedelta(minutes=5), "the close ends a sheet too"


def test_nobody_enters_an_own_sheet_or_that_of_another_unit(desk: Desk, people: People) -> None:
    batch, variants = desk.make()
    with pytest.raises(NotAllowed):
        desk.enter(batch, variants[0], desk.officer, RIGHT)
    with desk.db.writing() as session:
        elsewhere = make_learner(session, unit=make_unit(session))
    for person in (elsewhere, people.stranger):
        with pytest.raises(NotFound):
            desk.enter(batch, variants[0], person, RIGHT)
    whole = Scope(desk.officer.id, {"": ("/",)})
    assert desk.enter(batch, variants[0], people.stranger, RIGHT, scope=whole).unit_id is None
    with desk.db.reading() as session:
        assert get_sitter(session, code=f" {str(people.learner.staff_code).lower()} ", scope=desk.scope, batch=batch, on=desk.now.date()).name


def test_an_entry_is_corrected_by_a_new_version(desk: Desk, people: People, the_site: Site) -> None:
    batch, variants = desk.make()
    attempt = desk.enter(batch, variants[0], people.learner, RIGHT | {"item0006": "", "item0001": ""})
    assert latest(desk.db, attempt).passed is False
    told: list[AttemptScored] = []
    the_site.events.subscribe(AttemptScored, lambda _session, event: told.append(event))
    made = correct(desk, attempt, RIGHT | {"item0002": ""})
    assert (made.version, made.passed, made.correct) == (2, True, 5)
    assert [(event.attempt_id, event.passed) for event in told] == [(attempt.id, True)]
    with desk.db.reading() as session:
        first = session.get(Result, (attempt.id, 1))
        stored = {row.item_id: (row.answer, row.seq) for row in session.scalars(select(Response).filter_by(attempt_id=attempt.id))}
        assert first is not None
        assert first.correct == 4
        assert (stored["item0006"], stored["item0002"], stored["item0003"]) == (("ac", 1), ("", 2), ("b", 1))
        assert [(one.version, one.reason, name) for one, name in list_corrections(session, attempt_id=attempt.id)] == [(2, "Gõ nhầm", desk.officer.full_name)]
        listed, more = list_entered(session, batch_id=batch.id, scope=desk.scope)
        assert ([one.result.version for one in listed], more) == ([2], False)


def test_what_a_person_marked_stays_when_something_else_is_corrected(desk: Desk, people: People) -> None:
    batch, variants = desk.make(KIND_KEY)
    attempt = desk.enter(batch, variants[0], people.learner, RIGHT_ANSWERS)
    before = {row[0]: row for row in json.loads(latest(desk.db, attempt).items)}
    made = correct(desk, attempt, RIGHT_ANSWERS | {"numeric1": "90"})
    after = {row[0]: row for row in json.loads(made.items)}
    assert {item_id for item_id in after if after[item_id] != before[item_id]} == {"numeric1"}


def test_a_corrected_entry_follows_the_corrections_in_force(desk: Desk, people: People, clock: MovableClock) -> None:
    batch, variants = desk.make()
    attempt = desk.enter(batch, variants[0], people.learner, RIGHT | {"item0001": "", "item0002": ""})
    void(desk.db, wish("item0001"), people.stranger, clock)
    assert latest(desk.db, attempt).correct == 5
    made = correct(desk, attempt, RIGHT | {"item0001": "a"})
    assert (made.version, made.correct) == (3, 6)


WRONG = [
    pytest.param(RIGHT, "Gõ nhầm", {}, Invalid, id="nothing is other"),
    pytest.param(RIGHT | {"item0001": ""}, " ", {}, Invalid, id="without a reason"),
    pytest.param(RIGHT | {"item0001": ""}, "x", {"scope": Scope(0, {"": ()})}, NotFound, id="of another unit"),
]


@pytest.mark.parametrize(("answers", "reason", "given", "refused"), WRONG)
def test_what_is_not_corrected(desk: Desk, people: People, answers: dict[str, str], reason: str, given: dict[str, Any], refused: type[Exception]) -> None:
    batch, variants = desk.make()
    attempt = desk.enter(batch, variants[0], people.learner, RIGHT)
    with pytest.raises(refused):
        correct(desk, attempt, answers, reason, **given)
    with pytest.raises(NotAllowed):
        correct(desk, attempt, RIGHT | {"item0001": ""}, scope=Scope(people.learner.id, {"": ("/",)}))
    assert latest(desk.db, attempt).version == 1


def test_a_sitting_on_the_site_is_no_sheet_and_a_void_one_is_not_corrected(desk: Desk, people: People, clock: MovableClock) -> None:
    on_site = start(desk.db, people.learner, desk.shelf.offerings[KEY], clock.now())
    submit(desk.db, on_site, clock.now())
    with pytest.raises(NotFound):
        correct(desk, on_site, RIGHT)
    batch, variants = desk.make()
    attempt = desk.enter(batch, variants[0], people.learner, RIGHT)
    with desk.db.writing() as session:
        session.execute(update(Attempt).where(Attempt.id == attempt.id).values(state="void"))
    with pytest.raises(Invalid):
        correct(desk, attempt, RIGHT | {"item0001": ""})
    with desk.db.reading() as session:
        assert get_entered(session, attempt_id=attempt.id, scope=desk.scope).name == people.learner.full_name


@pytest.mark.parametrize("table", [PaperEntry, EntryCorrection])
def test_who_entered_and_corrected_is_never_changed(desk: Desk, people: People, table: type) -> None:
    batch, variants = desk.make()
    correct(desk, desk.enter(batch, variants[0], people.learner, RIGHT), RIGHT | {"item0001": ""})
    with pytest.raises(DatabaseError, match="append-only"), desk.db.writing() as session:
        session.execute(table.__table__.delete())  # type: ignore[attr-defined]
