"""Every node of a site shows another publication within two seconds, without a restart."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from lms.app import create_app
from lms.clock import MovableClock
from lms.content.access import catalogue
from lms.content.service.loading import LOOK_EVERY
from lms.content.service.publishing import publish
from lms.content.service.rollback import go_back
from lms.content.source.tree import ContentTree
from lms.platform.db import Database
from lms.settings import load_settings
from tests.conftest import KEYS
from tests.content.publishing.moments import NOW
from tests.content.trees import COURSE, FILES

NEW = FILES | {COURSE: FILES[COURSE].replace("bước đầu".encode(), "bước một".encode())}


class Node:
    """One of several processes of a site: its own memory, its own connections, the same database."""

    def __init__(self, database_url: str, instance: Path) -> None:
        self.clock = MovableClock(NOW)
        self.app: Flask = create_app(load_settings(instance, {}, database_url=database_url, **KEYS), clock=self.clock)
        self.db: Database = self.app.extensions["site"].db

    def title(self) -> str:
        """The title of the course as this node shows it."""
        with self.app.test_request_context():
            course = catalogue().courses.get("khoa-mau")
            return course.title["vi"] if course else ""


@pytest.fixture()
def nodes(database_url: str, tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    pair = Node(database_url, tmp_path), Node(database_url, tmp_path)
    yield pair
    for node in pair:
        node.db.dispose()


def test_the_other_node_follows_within_two_seconds_forward_and_back(nodes: tuple[Node, Node]) -> None:
    one, other = nodes
    assert (one.title(), other.title()) == ("", "")

    def publish_on_one(files: dict[str, bytes]) -> int:
        with one.db.writing() as session:
            return publish(session, ContentTree(files, "x"), now=NOW).publication_id

    first = publish_on_one(FILES)
    assert one.title().endswith("bước đầu"), "who published sees it at once"
    acts: tuple[tuple[Callable[[], int], str], ...] = ((partial(publish_on_one, NEW), "bước một"), (partial(_back, one, first), "bước đầu"))
    for act, expected in acts:
        other.clock.move(seconds=2)
        former = other.title()
        act()
        other.clock.set(other.clock.now() + LOOK_EVERY - timedelta(milliseconds=1))
        assert other.title() == former
        other.clock.move(milliseconds=1)
        assert other.title().endswith(expected)
        assert one.title().endswith(expected)


def _back(node: Node, publication_id: int) -> int:
    with node.db.writing() as session:
        return go_back(session, publication_id=publication_id, now=NOW, actor_id=None).id
