"""A full disk: a clear 5xx, nothing acknowledged that is not stored, and all is well when there is room again."""

import threading
from pathlib import Path

import pytest

from tests.faults.conftest import MakePlace
from tests.faults.learner import Learner
from tests.operations.processes import Browser

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("make_place", ["sqlite"], indirect=True)
def test_a_full_disk_is_said_and_loses_nothing(make_place: MakePlace) -> None:
    place = make_place(4)
    database = Path(place.url.removeprefix("sqlite:///"))
    with place.serve():
        pass  # the first start writes what a start writes
    room_kb = database.stat().st_size // 1024 + 40
    with place.serve(limit_kb=room_kb) as server:
        learners = [Learner(server.url, f"L{n}") for n in range(1, 5)]
        for learner in learners:
            learner.begin()
        failed = _answer_until_refused(learners)
        assert failed.startswith("503 "), failed
        assert "error" in failed
        stored = place.stored()
        assert [line for learner in learners for line in learner.lost(stored)] == []
        browser = Browser(server.url)
        assert browser.get("/sign-in").status == 200, "what only reads goes on"
        assert browser.get("/health").status == 200
    stored = place.stored()
    assert [line for learner in learners for line in learner.lost(stored)] == []
    with place.serve():
        for learner in learners:
            learner.answer(learner.items[0], "c", threading.Event())
            assert learner.acknowledged[learner.items[0]] == "c"
    stored = place.stored()
    assert {stored[learner.code, learner.items[0]] for learner in learners} == {"c"}


def _answer_until_refused(learners: list[Learner]) -> str:
    for turn in range(200):
        for learner in learners:
            item = learner.items[turn % len(learner.items)]
            learner.answer_once(item, "abc"[(turn // len(learner.items)) % 3])
            if learner.refused:
                return learner.refused[0]
    raise AssertionError("it never ran full")
