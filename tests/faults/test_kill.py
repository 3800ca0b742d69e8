"""kill -9 in the middle of a sitting: no acknowledged answer is lost, and the sitting goes on where it was."""

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.faults.conftest import MakePlace, Place
from tests.faults.learner import Learner
from tests.operations.processes import Server, wait_until

pytestmark = pytest.mark.faults

LEARNERS = 5


@contextmanager
def answering(learners: list[Learner]) -> Iterator[None]:
    """All learners answer at once, until the block ends."""
    stop = threading.Event()
    threads = [threading.Thread(target=learner.answer_on, args=(stop,)) for learner in learners]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(90)
    assert not any(thread.is_alive() for thread in threads)


def until_each_saved(learners: list[Learner], more: int) -> None:
    wanted = {learner.code: learner.saves + more for learner in learners}
    wait_until(lambda: all(learner.saves >= wanted[learner.code] for learner in learners), seconds=180, what=f"{more} more answers of each")


def assert_nothing_lost(place: Place, learners: list[Learner]) -> None:
    stored = place.stored()
    lost = [line for learner in learners for line in learner.lost(stored)]
    assert not lost, "\n".join(lost)
    assert sum(len(learner.acknowledged) for learner in learners) >= LEARNERS * 5


def start(server: Server) -> list[Learner]:
    learners = [Learner(server.url, f"L{n}") for n in range(1, LEARNERS + 1)]
    for learner in learners:
        learner.begin()
    return learners


def test_killing_the_whole_server_loses_no_acknowledged_answer(make_place: MakePlace) -> None:
    place = make_place(LEARNERS)
    with place.serve() as server:
        learners = start(server)
        papers = {learner.code: learner.items for learner in learners}
        with answering(learners):
            until_each_saved(learners, 8)
            server.kill_all()
            time.sleep(0.3)
        assert_nothing_lost(place, learners)
    doubtful = sum(len(learner.doubtful) for learner in learners)
    with place.serve():
        for learner in learners:
            learner.open(learner.path)
            assert learner.items == papers[learner.code], "the paper is the same"
            state = json.loads(learner.browser.get(f"{learner.path}/state").text)
            assert state["open"]
            for item, letters in learner.acknowledged.items():
                assert state["answers"][item]["answer"] in {letters, learner.doubtful.get(item)}
            learner.resume(state["answers"])
        with answering(learners):
            until_each_saved(learners, 4)
        assert_nothing_lost(place, learners)
        refused = [line for learner in learners for line in learner.refused]
        assert not refused, refused[:3]
    assert doubtful <= LEARNERS


def kill_one_worker(server: Server) -> None:
    worker = random.choice(server.workers())
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: worker not in server.workers(), seconds=30, what="it is dead")


@pytest.mark.parametrize("kill", [kill_one_worker], ids=["one worker"])
def test_killing_a_worker_loses_no_acknowledged_answer_and_the_others_go_on(make_place: MakePlace, kill: Callable[[Server], None]) -> None:
    place = make_place(LEARNERS)
    with place.serve() as server:
        learners = start(server)
        workers = len(server.workers())
        with answering(learners):
            until_each_saved(learners, 5)
            kill(server)
            until_each_saved(learners, 5)
        assert_nothing_lost(place, learners)
        wait_until(lambda: len(server.workers()) == workers, seconds=60, what="as many workers as before")
        refused = [line for learner in learners for line in learner.refused]
        assert not refused, refused[:3]
        assert server.process.poll() is None


def test_a_replay_after_the_kill_is_acknowledged_and_stored_once(make_place: MakePlace) -> None:
    """The answer was stored and the acknowledgement lost on its way: the same save sent again is the same save."""
    place = make_place(1)
    with place.serve() as server:
        learner = Learner(server.url, "L1")
        learner.begin()
        item, save_id = learner.items[0], "00000000-0000-4000-8000-000000000001"
        first = json.loads(learner.send(item, "a", save_id).text)
        server.kill_all()
    with place.serve():
        again = learner.send(item, "a", save_id)
        assert again.status == 200
        assert json.loads(again.text)["seq"] == first["seq"]
        learner.seqs[item] = first["seq"]
        assert learner.send(item, "b", "00000000-0000-4000-8000-000000000002").status == 200
        learner.seqs[item] = 0
        assert learner.send(item, "c", "00000000-0000-4000-8000-000000000003").status == 409
    assert place.stored() == {("L1", item): "b"}
