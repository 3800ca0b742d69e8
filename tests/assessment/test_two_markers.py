"""Marking by two people: independent, the mean where they agree, a third where not; claims; marks corrected with a reason."""

import json
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.assessment.correction_models import EssayReading, MarkingClaim
from lms.assessment.models import Attempt, EssayMark, Result
from lms.assessment.rules.marking import TOLERANCE, agree, mean
from lms.assessment.service.history import list_versions
from lms.assessment.service.marking import Given, get_essays, list_read, list_readings, list_waiting, mark_essays
from lms.assessment.service.remarking import CLAIM, correct_marks, list_marked
from lms.assessment.service.scope import Scope
from lms.clock import MovableClock
from lms.errors import Invalid, NotFound
from lms.people.models import Person
from lms.people.rules import Role
from lms.platform.db import Database
from tests.assessment.conftest import People, Shelf
from tests.assessment.correcting import correct, latest, wish
from tests.assessment.kinds import ESSAY, KIND_KEY, make_kinds_offering
from tests.assessment.test_correcting import versions
from tests.assessment.test_marking import ALL, EVERYWHERE, hand_in, mark
from tests.counting import count_queries
from tests.make import make_learner, sign_in

PERCENTS = st.lists(st.integers(0, 100), min_size=2, max_size=2)


@settings(max_examples=100, deadline=None)
@given(PERCENTS, PERCENTS)
def test_the_mean_lies_between_both_and_is_complete_only_where_both_are(one: list[int], other: list[int]) -> None:
    made = mean(one, other)
    assert all(min(pair) <= middle <= max(pair) for middle, pair in zip(made, zip(one, other, strict=True), strict=True))
    assert all((middle == 100) == (pair == (100, 100)) for middle, pair in zip(made, zip(one, other, strict=True), strict=True))
    assert mean(one, other) == mean(other, one)
    assert agree((60, 40), one, other) == agree((60, 40), other, one)


@pytest.mark.parametrize(("other", "agreed"), [((100, 75), True), ((100, 74), False), ((84, 100), True), ((83, 100), False)])
def test_the_tolerance_is_of_the_points_of_the_essay_and_included(other: tuple[int, int], agreed: bool) -> None:
    assert TOLERANCE == 10
    assert agree((60, 40), (100, 100), other) is agreed


@pytest.fixture()
def two(db: Database, kinds: Shelf, people: People, clock: MovableClock) -> Attempt:
    """A paper of the learner that two people are to mark, handed in."""
    made = make_kinds_offering()
    kinds.put(replace(made, quiz=replace(made.quiz, markers=2)))
    return hand_in(db, kinds, people.learner, clock.now())


@pytest.fixture()
def markers(db: Database, people: People) -> list[Person]:
    """Three trainers of the learner's unit."""
    with db.writing() as session:
        return [make_learner(session, unit=people.unit, roles=(Role.TRAINER,)) for _ in range(3)]


def give(db: Database, attempt: Attempt, person: Person, clock: MovableClock, *percents: int, again: bool = False) -> Result | None:
    with db.writing() as session:
        scope = Scope(person.id, EVERYWHERE)
        given_ = {ESSAY.id: Given(percents, f"Của {person.id}")}
        return mark_essays(session, attempt_id=attempt.id, scope=scope, given=given_, now=clock.now(), again=again)


def test_two_who_agree_make_the_mean_and_see_nothing_of_each_other(db: Database, two: Attempt, markers: list[Person], clock: MovableClock) -> None:
    one, other, _ = markers
    assert give(db, two, one, clock, 91, 100) is None
    assert latest(db, two).version == 1
    with db.reading() as session:
        [waiting] = list_waiting(session, scope=Scope(other.id, EVERYWHERE))[0]
        assert (waiting.markers, waiting.read) == (2, 1)
        assert list_waiting(session, scope=Scope(one.id, EVERYWHERE))[0] == []
        with pytest.raises(NotFound):
            get_essays(session, attempt_id=two.id, scope=Scope(one.id, EVERYWHERE))
        assert [row.attempt_id for row in list_read(session, scope=Scope(one.id, EVERYWHERE))] == [two.id]
    made = give(db, two, other, clock, 100, 96)
    assert made is not None
    with db.reading() as session:
        [kept] = session.scalars(select(EssayMark))
        assert (json.loads(kept.percents), kept.comment) == ([95, 98], f"Của {one.id}\nCủa {other.id}")


def test_where_they_lie_apart_a_third_decides(db: Database, two: Attempt, markers: list[Person], clock: MovableClock) -> None:
    one, other, third = markers
    assert give(db, two, one, clock, 100, 100) is None
    assert give(db, two, other, clock, 20, 20) is None
    with db.reading() as session:
        assert [row.read for row in list_waiting(session, scope=Scope(third.id, EVERYWHERE))[0]] == [2]
    made = give(db, two, third, clock, 50, 50)
    assert made is not None
    with db.reading() as session:
        assert json.loads(session.scalars(select(EssayMark.percents)).one()) == [50, 50]
        assert [row.decides for row in session.scalars(select(EssayReading).order_by(EssayReading.id))] == [False, False, True]


def test_the_own_marks_may_be_given_anew_until_they_count(db: Database, two: Attempt, markers: list[Person], clock: MovableClock) -> None:
    one, other, _ = markers
    with pytest.raises(NotFound):
        give(db, two, one, clock, 1, 1, again=True)
    give(db, two, one, clock, 10, 10)
    give(db, two, other, clock, 100, 100)
    assert give(db, two, one, clock, 100, 98, again=True) is not None
    with db.reading() as session:
        assert json.loads(session.scalars(select(EssayMark.percents)).one()) == [100, 99]
        assert len(list_readings(session, two.id)) == 2
    with pytest.raises(NotFound):
        give(db, two, one, clock, 1, 1, again=True)


def correct_mark(db: Database, attempt: Attempt, marker: int, clock: MovableClock, given_: Given, reason: str = "Cộng sai") -> Result:
    with db.writing() as session:
        return correct_marks(session, attempt_id=attempt.id, scope=Scope(marker, EVERYWHERE), given={ESSAY.id: given_}, reason=reason, now=clock.now())[0]


def test_a_mark_is_corrected_with_a_reason_and_later_corrections_keep_it(db: Database, kinds: Shelf, people: People, clock: MovableClock) -> None:
    attempt = hand_in(db, kinds, people.learner, clock.now())
    mark(db, attempt, people.stranger.id, clock.now(), Given((50, 100), "Thiếu"))
    first = latest(db, attempt)
    made = correct_mark(db, attempt, people.stranger.id, clock, Given((100, 100), "Đủ"))
    assert (made.version, made.points > first.points) == (3, True)
    with db.reading() as session:
        assert [(one.kind, one.reason) for one in list_versions(session, attempt_id=attempt.id)] == [("", ""), ("", ""), ("mark", "Cộng sai")]
    correct(db, wish(digest=ESSAY.digest, kind="full", offering=KIND_KEY), people.stranger, clock)
    assert len(versions(db, attempt)) == 3  # it is full already
    for given_, reason in ((Given((100, 100), "Đủ"), "Sai"), (Given((90, 100)), " "), (Given((101, 1)), "x"), (Given((1,)), "x")):
        with pytest.raises(Invalid):
            correct_mark(db, attempt, people.stranger.id, clock, given_, reason)
    with pytest.raises(NotFound):
        correct_mark(db, attempt, people.learner.id, clock, Given((1, 1)))


def test_who_is_at_a_paper_is_seen_until_the_claim_ends(
    client: FlaskClient, db: Database, kinds: Shelf, people: People, markers: list[Person], clock: MovableClock
) -> None:
    attempt = hand_in(db, kinds, people.learner, clock.now())
    client.set_cookie("lang", "en")
    sign_in(client, markers[0])
    assert client.get(f"/marking/{attempt.id}").status_code == 200
    assert "is marking it" not in client.get("/marking").text
    client.post("/sign-out")
    sign_in(client, markers[1])
    assert f"{markers[0].full_name} is marking it" in client.get("/marking").text
    with count_queries(db) as counted:
        client.get("/marking")
    assert len(counted) <= 4
    clock.move(seconds=CLAIM.total_seconds())
    assert "is marking it" not in client.get("/marking").text
    mark(db, attempt, people.stranger.id, clock.now())
    with db.reading() as session:
        assert session.scalars(select(MarkingClaim)).all() == []


def test_the_pages_of_two_markers_and_of_a_corrected_mark(
    client: FlaskClient, db: Database, two: Attempt, people: People, markers: list[Person], clock: MovableClock
) -> None:
    client.set_cookie("lang", "en")
    url = f"/marking/{two.id}"
    for person, percent in zip(markers, ("100", "10", "60"), strict=True):
        sign_in(client, person)
        page = client.get(url).text
        assert people.learner.full_name not in page
        assert ("Marker 1 gave: 100 %, 100 %" in page) == (percent == "60")
        saved = client.post(url, data={"essay001.0": percent, "essay001.1": percent, "essay001.comment": f"c{percent}"}, follow_redirects=True)
        assert ("Another person marks this paper too" in saved.text) == (percent != "60")
        if percent == "100":
            assert 'value="100"' in client.get(f"{url}?again=1").text
        client.post("/sign-out")
    sign_in(client, markers[0])
    assert f'href="{url}/correct"' in client.get("/marking/done").text
    page = client.get(f"{url}/correct").text
    assert 'value="60"' in page
    refused = client.post(f"{url}/correct", data={"essay001.0": "70", "essay001.1": "70", "reason": ""})
    assert (refused.status_code, 'value="70"' in refused.text) == (422, True)
    assert client.post(f"{url}/correct", data={"essay001.0": "70", "essay001.1": "70", "reason": "Added up wrongly"}).status_code == 303
    with db.reading() as session:
        assert [one.attempt_id for one in list_marked(session, scope=Scope(markers[0].id, EVERYWHERE))[0]] == [two.id]
    assert ALL.percents == (100, 100)
    client.post("/sign-out")
    sign_in(client, people.learner)
    page = client.get(f"/sittings/{two.id}/result").text
    assert "A mark was corrected" in page
    assert "Added up wrongly" in page
