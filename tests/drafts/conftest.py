"""A site whose content lies in a repository with a branch under review."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.app import create_app
from lms.clock import MovableClock
from lms.content.service.publishing import publish
from lms.content.source.tree import ContentTree
from lms.drafts.shelf import DraftShelf
from lms.people.models import Person
from lms.people.rules import Role
from lms.platform.db import Database
from lms.settings import load_settings
from tests.conftest import KEYS, NOW
from tests.content.every_kind import KINDS
from tests.content.publishing.repositories import Remote, make_remote
from tests.content.trees import FILES, LESSON
from tests.make import make_learner, sign_in

ALL = FILES | KINDS
WORDS = ("Khóa và thẻ ngăn điều đó", "Khóa cùng thẻ ngăn điều đó")
CHANGED = ALL | {LESSON: ALL[LESSON].replace(WORDS[0].encode(), WORDS[1].encode())}
BRANCH = "sua-bai-10"
Make = Callable[..., str]


@pytest.fixture()
def remote(tmp_path: Path) -> Remote:
    """A repository: main is what the site publishes, the branch changes a sentence."""
    made = make_remote(tmp_path / "kho", ALL)
    made.commit(CHANGED, branch=BRANCH)
    return made


def make_app(tmp_path: Path, database_url: str, clock: MovableClock, sources: list[dict[str, str]]) -> Flask:
    """A site on these sources; its drafts are waited for."""
    made = create_app(load_settings(tmp_path, {}, database_url=database_url, content_sources=sources, **KEYS), clock=clock)
    made.config["WTF_CSRF_ENABLED"] = False
    made.extensions["site"].parts[DraftShelf] = DraftShelf(wait_s=60)
    return made


@pytest.fixture()
def app(database_url: str, tmp_path: Path, clock: MovableClock, remote: Remote) -> Iterator[Flask]:
    """The repository lies on the machine of the site."""
    made = make_app(tmp_path, database_url, clock, [{"at": str(remote.path), "branch": "main", "name": "kho"}])
    yield made
    made.extensions["site"].db.dispose()


@pytest.fixture()
def published(db: Database) -> Database:
    """What main holds is on the site; its contest is open."""
    with db.writing() as session:
        publish(session, ContentTree(ALL, "main"), now=NOW)
    return db


@pytest.fixture()
def author(db: Database) -> Person:
    """Somebody who may see the content check, and publish nothing."""
    with db.writing() as session:
        return make_learner(session, roles=(Role.AUTHOR,), full_name="Trần Thị Biên")


@pytest.fixture()
def desk(app: Flask, author: Person) -> FlaskClient:
    """The author's browser."""
    made = app.test_client()
    sign_in(made, author)
    return made


@pytest.fixture()
def phone(app: Flask) -> FlaskClient:
    """The reviewer's browser: not signed in."""
    return app.test_client()


@pytest.fixture()
def make(desk: FlaskClient) -> Make:
    """Makes a link through the page and gives the path that it opens."""

    def _make(rev: str = BRANCH, **given: str) -> str:
        answer = desk.post("/content/drafts?lang=en", data={"source": "kho", "rev": rev, "days": "7"} | given)
        assert answer.status_code == 303, answer.text
        return path_in(desk.get(answer.location).text)

    return _make


def path_in(page: str) -> str:
    """The path of the address on the page of a link."""
    found = re.search(r'value="http://127\.0\.0\.1:8000(/d/[\w-]{32}/)"', page)
    assert found, page
    return found[1]
