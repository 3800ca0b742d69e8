"""Marking essays: who may, blind, once, by criterion; the result is told only then."""

from dataclasses import replace
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from lms.assessment.events import AttemptScored
from lms.assessment.models import Attempt, EssayMark, Result
from lms.assessment.offerings import OfferingSources
from lms.assessment.service import get_attempt, list_attempts
from lms.assessment.service.look import items_of
from lms.assessment.service.marking import Given, get_essays, list_waiting, mark_essays
from lms.assessment.service.scope import Scope
from lms.clock import MovableClock
from lms.errors import Invalid, NotFound
from lms.people.models import Person
from lms.people.rules import Permission, Role
from lms.platform.db import Database
from lms.platform.site import Site
from tests.assessment.acts import save, start, submit
from tests.assessment.conftest import People, Shelf
from tests.assessment.kinds import ALL_KINDS, KIND_KEY, RIGHT_ANSWERS, make_kinds_offering, store_items
from tests.assessment.test_races import at_once
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in

ALL = Given((100, 100), "Tốt")
EVERYWHERE = {"": ("/",)}


@pytest.fixture()
def paper(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> Attempt:
    """The learner's paper, handed in, its essay waiting."""
    with db.writing() as session:
        store_items(session, *ALL_KINDS)
    shelf.put(make_kinds_offering())
    return hand_in(db, shelf, people.learner, clock.now())


def hand_in(db: Database, shelf: Shelf, person: Person, now: datetime, **offered: object) -> Attempt:
    attempt = start(db, person, replace(shelf.offerings[KIND_KEY], **offered), now)  # type: ignore[arg-type]
    for item_id, answer in RIGHT_ANSWERS.items():
        save(db, attempt, item_id, answer, now)
    return submit(db, attempt, now)


def latest(db: Database, attempt: Attempt) -> Result:
    with db.reading() as session:
        result = get_attempt(session, attempt_id=attempt.id, person_id=attempt.person_id).result
    assert result is not None
    return result


def mark(db: Database, attempt: Attempt, marker: int, now: datetime, given: Given = ALL) -> Result:
    with db.writing() as session:
        made = mark_essays(session, attempt_id=attempt.id, scope=Scope(marker, EVERYWHERE), given={"essay001": given}, now=now)
    assert made is not None
    return made


def test_nothing_is_told_until_the_essay_is_marked(db: Database, the_site: Site, shelf: Shelf, paper: Attempt, people: People, clock: MovableClock) -> None:
    told: list[AttemptScored] = []
    the_site.events.subscribe(AttemptScored, lambda _session, event: told.append(event))
    hand_in(db, shelf, people.stranger, clock.now())
    assert told == []
    assert (latest(db, paper).passed, latest(db, paper).unmarked) == (None, 1)
    handed_in = clock.now()
    clock.move(hours=5)
    result = mark(db, paper, people.stranger.id, clock.now(), Given((50, 100), " Nói thêm\u202e nơi "))
    assert (result.version, result.points, result.correct, result.unmarked, result.passed, result.reason) == (2, 1760, 8, 0, True, "essays marked")
    assert items_of(result)[-1].verdict == "part"
    [event] = told
    assert (event.attempt_id, event.points, event.passed, event.submitted_at) == (paper.id, 1760, True, handed_in)
    with db.reading() as session:
        [kept] = session.scalars(select(EssayMark))
        assert (kept.version, kept.item_id, kept.percents, kept.comment, kept.marked_by) == (2, "essay001", "[50, 100]", "Nói thêm nơi", people.stranger.id)
        assert [view.passed for view in list_attempts(session, person_id=paper.person_id, offerings=[KIND_KEY])] == [True]
        assert len(session.scalars(select(Result)).all()) == 3


def test_a_paper_is_marked_once(db: Database, paper: Attempt, people: People, clock: MovableClock) -> None:
    mark(db, paper, people.stranger.id, clock.now())
    with pytest.raises(NotFound):
        mark(db, paper, people.stranger.id, clock.now())
    with db.writing() as session, pytest.raises(DatabaseError):
        session.execute(EssayMark.__table__.delete())  # type: ignore[attr-defined]


def test_of_two_markers_at_once_one_is_told_that_it_is_done(db: Database, paper: Attempt, people: People, clock: MovableClock) -> None:
    made = at_once(*[lambda: mark(db, paper, people.stranger.id, clock.now())] * 3)
    assert sorted(type(each).__name__ for each in made) == ["NotFound", "NotFound", "Result"]
    assert latest(db, paper).version == 2


@pytest.mark.parametrize("given", [Given(()), Given((100,)), Given((100, 101)), Given((-1, 5)), Given((1, 2, 3)), Given((1, 2), "x" * 2001)])
def test_marks_that_are_none_change_nothing(db: Database, paper: Attempt, people: People, clock: MovableClock, given: Given) -> None:
    with pytest.raises(Invalid):
        mark(db, paper, people.stranger.id, clock.now(), given)
    with pytest.raises(Invalid), db.writing() as session:
        mark_essays(session, attempt_id=paper.id, scope=Scope(people.stranger.id, EVERYWHERE), given={}, now=clock.now())
    assert latest(db, paper).version == 1


def test_only_the_own_part_of_the_site_is_marked_and_never_the_own_paper(
    db: Database, shelf: Shelf, paper: Attempt, people: People, clock: MovableClock
) -> None:
    with db.writing() as session:
        elsewhere = make_unit(session)
    hand_in(db, shelf, people.stranger, clock.now())  # works nowhere
    inside, outside, own = (people.unit.path,), (elsewhere.path,), people.learner.id
    cases = {
        "the unit's marker": (Scope(0, {"": inside}), 1),
        "of another unit": (Scope(0, {"": outside}), 0),
        "of nothing": (Scope(0, {"": ()}), 0),
        "of no kind": (Scope(0, {}), 0),
        "the whole site, those of no unit too": (Scope(0, EVERYWHERE), 2),
        "never oneself": (Scope(own, EVERYWHERE), 1),
        "of other offerings": (Scope(0, {"round": ("/",)}), 0),
        "of this kind of offering": (Scope(0, {"test": inside}), 1),
        "where this kind is another's": (Scope(0, {"test": (), "": ("/",)}), 0),
    }
    for name, (scope, count) in cases.items():
        with db.reading() as session:
            with count_queries(db) as counted:
                waiting, more = list_waiting(session, scope=scope)
            assert (len(waiting), more, len(counted)) == (count, False, 1), name
            if name == "never oneself":
                with pytest.raises(NotFound):
                    get_essays(session, attempt_id=paper.id, scope=scope)


def test_the_list_is_paged(db: Database, shelf: Shelf, paper: Attempt, people: People, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.assessment.service.marking.PAGE", 1)
    clock.move(minutes=1)
    second = hand_in(db, shelf, people.stranger, clock.now())
    with db.reading() as session:
        pages = [list_waiting(session, scope=Scope(0, EVERYWHERE), page=page) for page in (1, 2, 3)]
    assert [([one.attempt_id for one in waiting], more) for waiting, more in pages] == [([paper.id], True), ([second.id], False), ([], False)]


@pytest.fixture()
def trainer(db: Database, client: FlaskClient, people: People) -> FlaskClient:
    """A trainer of the learner's unit, signed in, in English."""
    with db.writing() as session:
        person = make_learner(session, unit=people.unit, roles=(Role.TRAINER,))
    sign_in(client, person)
    client.set_cookie("lang", "en")
    return client


def test_a_trainer_marks_without_seeing_whose_it_is(db: Database, trainer: FlaskClient, paper: Attempt, people: People) -> None:
    url = f"/marking/{paper.id}"
    page = trainer.get("/marking").text
    assert f'href="{url}"' in page
    page += trainer.get(url).text
    assert "Tôi báo cho tổ trưởng ngay." in page
    assert "SECRET says how to prevent it" in page
    assert people.learner.full_name not in page
    assert "single01" not in page
    refused = trainer.post(url, data={"essay001.0": "80", "essay001.1": "", "essay001.comment": "Kept <b>"})
    assert refused.status_code == 422
    assert "whole percent from 0 to 100" in refused.text
    assert 'value="80"' in refused.text
    assert "Kept &lt;b&gt;" in refused.text
    assert trainer.post(url, data={"essay001.0": "80", "essay001.1": "50", "essay001.comment": "Add the place."}).location == "/marking"
    assert "Nothing to mark" in trainer.get("/marking").text
    assert trainer.get(url).status_code == 404
    assert trainer.post(url, data={}).status_code == 404


def test_the_learner_sees_points_by_criterion_and_the_words(db: Database, client: FlaskClient, paper: Attempt, people: People, clock: MovableClock) -> None:
    mark(db, paper, people.stranger.id, clock.now(), Given((80, 50), "Add the place."))
    sign_in(client, people.learner)
    client.set_cookie("lang", "en")
    page = client.get(f"/sittings/{paper.id}/result").text
    for said in ("Passed", "80 % of 0.8 points", "50 % of 1.2 points", "The marker wrote: Add the place.", "17.24"):
        assert said in page
    assert "Waiting to be marked" not in page


def test_others_find_no_marking(db: Database, client: FlaskClient, paper: Attempt, people: People, the_site: Site) -> None:
    sign_in(client, people.learner)
    for answered in (client.get("/marking"), client.get(f"/marking/{paper.id}"), client.post(f"/marking/{paper.id}")):
        assert answered.status_code == 403
    with db.writing() as session:
        organiser = make_learner(session, unit=people.unit, roles=(Role.ORGANISER,))
    sign_in(client, organiser)
    assert client.get(f"/marking/{paper.id}").status_code == 404
    the_site.part(OfferingSources).run_by["test"] = Permission.SEE_RANKING_DESK
    assert client.get(f"/marking/{paper.id}").status_code == 200
