"""300 people behind one address sign in and answer within a minute or two: all are served, none is told to wait for the others' tries."""

import threading
from queue import Empty, SimpleQueue

import pytest

from tests.faults.conftest import MakePlace
from tests.faults.learner import Learner

pytestmark = pytest.mark.faults

PEOPLE = 300
AT_ONCE = 24


@pytest.mark.parametrize("make_place", ["sqlite"], indirect=True)
def test_everybody_behind_one_address_is_served(make_place: MakePlace) -> None:
    place = make_place(PEOPLE)
    queue: SimpleQueue[str] = SimpleQueue()
    for n in range(1, PEOPLE + 1):
        queue.put(f"L{n}")
    done: list[Learner] = []
    failed: list[str] = []

    def take_turns(url: str) -> None:
        while True:
            try:
                code = queue.get_nowait()
            except Empty:
                return
            learner = Learner(url, code)
            try:
                learner.begin(patience_s=120)
                for item in learner.items[:2]:
                    learner.answer(item, "b", threading.Event())
                done.append(learner)
            except (AssertionError, OSError) as error:
                failed.append(f"{code}: {error}")

    with place.serve() as server:
        threads = [threading.Thread(target=take_turns, args=(server.url,)) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(400)
    assert failed == []
    assert len(done) == PEOPLE
    refused = [line for learner in done for line in learner.refused]
    assert not refused, refused[:3]
    stored = place.stored()
    assert [line for learner in done for line in learner.lost(stored)] == []
    assert len(stored) == PEOPLE * 2
