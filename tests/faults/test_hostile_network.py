"""Saves that come twice, late, out of order or again: each is stored once, the latest stands, what was acknowledged is there."""

import threading
from collections import Counter

import pytest
from sqlalchemy import select

from lms.assessment.models import Attempt, Response
from lms.people.models import Person
from lms.platform.db import Database
from tests.faults.conftest import MakePlace
from tests.faults.hostile_proxy import KINDS, hostile
from tests.faults.learner import Learner

pytestmark = pytest.mark.faults
LEARNERS = 3
TURNS = "abc"


def test_every_save_is_stored_once_and_the_latest_stands(make_place: MakePlace) -> None:
    place = make_place(LEARNERS)
    with place.serve() as server, hostile(server.port, seed=4) as (url, proxy):
        learners = [Learner(url, f"L{n}") for n in range(1, LEARNERS + 1)]
        for learner in learners:
            learner.begin()
        threads = [threading.Thread(target=_answer, args=(learner,)) for learner in learners]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(240)
        proxy.settle()
        assert [line for learner in learners for line in learner.refused] == []
        assert set(proxy.did) == set(KINDS)
        assert min(proxy.did.values()) >= 5, proxy.did
        stored = place.stored()
        for learner in learners:
            assert learner.doubtful == {}
            assert {item: stored[learner.code, item] for item in learner.items} == dict.fromkeys(learner.items, TURNS[-1])
        assert _changes(place.url) == Counter({learner.code: len(TURNS) * len(learner.items) for learner in learners}), "a duplicate is no change"


def _answer(learner: Learner) -> None:
    for letters in TURNS:
        for item in learner.items:
            learner.answer(item, letters, threading.Event())


def _changes(url: str) -> Counter[str]:
    """How many changes of answers are stored, by staff code."""
    db = Database(url)
    with db.reading() as session:
        rows = session.execute(
            select(Person.staff_code, Response.seq).join(Attempt, Attempt.person_id == Person.id).join(Response, Response.attempt_id == Attempt.id)
        ).all()
    db.dispose()
    counted: Counter[str] = Counter()
    for code, seq in rows:
        counted[str(code)] += seq
    return counted
