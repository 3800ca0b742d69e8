"""Two server processes on one PostgreSQL: a learner who hops between them has one sitting, and two tabs on two nodes are told of each other."""

import json
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from lms.assessment.models import Attempt, Result
from lms.platform.db import Database
from tests.faults.conftest import MakePlace, Place
from tests.faults.learner import OFFERING, Learner
from tests.operations.processes import Answer, Server, free_port

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.parametrize("make_place", ["postgres"], indirect=True)]
ROUNDS = 12


@pytest.fixture()
def nodes(make_place: MakePlace) -> Iterator[tuple[Place, Server, Server]]:
    """Two nodes with the same keys and database, each with a folder and processes of its own."""
    one = make_place(2)
    other = replace(one, instance=one.instance.with_name("other"), port=free_port())
    shutil.copytree(one.instance, other.instance)
    with one.serve() as first, other.serve() as second:
        yield one, first, second


def at(learner: Learner, node: Server) -> Learner:
    """The learner, whose next request goes to that node."""
    learner.browser.url = node.url
    return learner


def send(learner: Learner, node: Server, item: str, letters: str, seen: int) -> Answer:
    """A save from a tab at a node that saw that sequence."""
    body = json.dumps({"item": item, "answer": letters, "save_id": str(uuid4()), "seen": seen, "client_at": None}).encode()
    tab = replace(learner.browser, url=node.url)
    return tab.post(f"{learner.path}/answers", body=body, Content_Type="application/json", X_CSRFToken=learner.token)


def test_a_learner_hops_between_nodes_within_one_sitting(nodes: tuple[Place, Server, Server]) -> None:
    place, first, second = nodes
    learner = Learner(first.url, "L1")
    learner.begin()
    paper = learner.items
    for n, item in enumerate([*learner.items, *learner.items[:5]]):
        at(learner, (first, second)[n % 2]).answer(item, "abc"[n % 3], threading.Event())
    assert learner.refused == []
    at(learner, second).open(learner.path)
    assert learner.items == paper
    assert learner.lost(place.stored()) == []
    again = learner.browser.submit(f"/offerings/{OFFERING}", {})
    assert again.headers["Location"] == learner.path
    first.kill_all()
    learner.answer(paper[0], "d", threading.Event())
    assert learner.acknowledged[paper[0]] == "d", "the other node goes on alone"
    assert place.stored()["L1", paper[0]] == "d"


def test_two_tabs_on_two_nodes_are_told_of_each_other_and_one_wins(nodes: tuple[Place, Server, Server]) -> None:
    place, first, second = nodes
    learner = Learner(first.url, "L1")
    learner.begin()
    item, other = learner.items[:2]
    assert send(learner, first, item, "a", 0).status == 200
    refused = send(learner, second, item, "b", 0)
    assert (refused.status, json.loads(refused.text)["answer"]) == (409, "a")
    assert send(learner, second, item, "b", 1).status == 200
    with ThreadPoolExecutor(2) as tabs:
        for seen in range(ROUNDS):
            both = [tabs.submit(send, learner, node, other, letters, seen) for node, letters in ((first, "a"), (second, "b"))]
            answers = [one.result() for one in both]
            assert sorted(answer.status for answer in answers) == [200, 409]
            told = {json.loads(answer.text)["answer"] for answer in answers}
            assert told == {place.stored()["L1", other]}, "both tabs now show what is stored"


def test_started_and_handed_in_on_both_nodes_at_once_there_is_one_sitting_and_one_result(nodes: tuple[Place, Server, Server]) -> None:
    place, first, second = nodes
    learner = Learner(first.url, "L2")
    learner.begin()
    page = f"{learner.path}/submit"
    with ThreadPoolExecutor(2) as tabs:
        both = [tabs.submit(replace(learner.browser, url=node.url).submit, page, {}) for node in (first, second)]
        assert {one.result().status for one in both} == {303}
    late = send(learner, second, learner.items[0], "a", 0)
    assert late.status == 409
    assert json.loads(late.text)["late"]
    db = Database(place.url)
    with db.reading() as session:
        assert session.scalars(select(Attempt.state)).all() == ["submitted"]
        assert session.scalar(select(func.count()).select_from(Result)) == 1
    db.dispose()
