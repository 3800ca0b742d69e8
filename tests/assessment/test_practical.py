"""Practicals: nothing is written, the assessor is told who performs, a rubric decides; an ordinary essay stays without a name."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.assessment.models import Attempt, Response
from lms.assessment.rules.answers.canonical import Asked, Refused, canonical
from lms.assessment.rules.answers.judging import Key, judge
from lms.assessment.service import get_attempt
from lms.assessment.service.marking import Given, get_essays, mark_essays, performer_of
from lms.assessment.service.papers import list_placed
from lms.assessment.service.save import AnswerRefused
from lms.assessment.service.scope import Scope
from lms.clock import MovableClock
from lms.people.rules import Role
from lms.platform.db import Database
from tests.assessment.acts import save, start, submit
from tests.assessment.conftest import People, Shelf, make_quiz
from tests.assessment.kinds import ESSAY, KIND_KEY, SINGLE, make_kinds_offering, store_items
from tests.make import make_learner, sign_in

DONE = replace(ESSAY, id="done0001", digest="kind-done0001".ljust(64, "0"), practical=True)
EVERYWHERE = {"": ("/",)}


@pytest.fixture()
def offered(db: Database, shelf: Shelf) -> Shelf:
    """A test with a choice, an essay and a practical."""
    with db.writing() as session:
        store_items(session, SINGLE, ESSAY, DONE)
    draws = make_kinds_offering().quiz.draws
    pool = tuple(item.digest for item in (SINGLE, ESSAY, DONE))
    quiz = make_quiz(slug="kinds", draws=(replace(draws[0], pick=3, pool=pool, cases={}),))
    shelf.put(make_kinds_offering(quiz))
    return shelf


def _submitted(db: Database, offered: Shelf, people: People, clock: MovableClock) -> Attempt:
    attempt = start(db, people.learner, offered.offerings[KIND_KEY], clock.now())
    save(db, attempt, SINGLE.id, "b", clock.now())
    return submit(db, attempt, clock.now())


def test_what_is_performed_waits_for_a_mark_without_an_answer() -> None:
    assert judge(Key("essay", performed=True), "") == ("unmarked", 0)
    assert judge(Key("essay", performed=True, accept=True), "") == ("right", 100)
    assert judge(Key("essay"), "") == ("blank", 0)


def test_nothing_can_be_written_to_it(db: Database, offered: Shelf, people: People, clock: MovableClock) -> None:
    assert canonical(Asked("performed", "", "", 0), "") == ""
    with pytest.raises(Refused):
        canonical(Asked("performed", "", "", 0), "x")
    attempt = start(db, people.learner, offered.offerings[KIND_KEY], clock.now())
    with pytest.raises(AnswerRefused):
        save(db, attempt, DONE.id, "text", clock.now())
    with db.reading() as session:
        assert session.scalars(select(Response)).all() == []


def test_an_assessor_marks_it_and_knows_who_performs(db: Database, offered: Shelf, people: People, clock: MovableClock) -> None:
    attempt = _submitted(db, offered, people, clock)
    with db.writing() as session:
        marker = make_learner(session, roles=(Role.OFFICER,))
        scope = Scope(marker.id, EVERYWHERE)
        _, waiting = get_essays(session, attempt_id=attempt.id, scope=scope)
        assert [one.placed.item.id for one in waiting] == [DONE.id]
        placed = {place.item.id: place for place in list_placed(session, attempt.paper)}
        assert people.learner.full_name in performer_of(session, attempt.id, [placed[DONE.id]])
        assert performer_of(session, attempt.id, [placed[ESSAY.id], placed[SINGLE.id]]) == ""
        made = mark_essays(session, attempt_id=attempt.id, scope=scope, given={DONE.id: Given((100, 50), "")}, now=clock.now())
        assert made is not None
        assert made.unmarked == 0
    with db.reading() as session:
        result = get_attempt(session, attempt_id=attempt.id, person_id=attempt.person_id).result
    assert result is not None
    assert result.points > 0


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_the_pages_of_a_practical(client: FlaskClient, db: Database, offered: Shelf, people: People, clock: MovableClock, lang: str) -> None:
    before, after = {"vi": ("trước người đánh giá", "Đã làm trước"), "zh": ("考评员", "已在考评员面前"), "en": ("before an assessor", "Done before")}[lang]
    sign_in(client, people.learner)
    url = client.post(f"/offerings/{KIND_KEY}").location
    page = client.get(f"{url}?lang={lang}").text
    assert before in page
    assert 'data-kind="performed"' in page
    assert page.count("<textarea") == 1
    client.post(f"{url}/submit")
    client.post("/sign-out")
    with db.writing() as session:
        marker = make_learner(session, roles=(Role.OFFICER,))
    sign_in(client, marker)
    attempt = url.rsplit("/", 1)[1]
    page = client.get(f"/marking/{attempt}?lang={lang}").text
    assert people.learner.full_name in page
    fields = {f"{DONE.id}.{n}": "100" for n in range(len(DONE.rubric))}
    assert client.post(f"/marking/{attempt}", data=fields).status_code == 303
    assert people.learner.full_name in client.get(f"/marking/{attempt}/correct").text
    client.post("/sign-out")
    sign_in(client, people.learner)
    assert after in client.get(f"{url}/result?lang={lang}").text
