"""The content check page and the publish button."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.app import create_app
from lms.clock import MovableClock
from lms.content.access import catalogue
from lms.content.service.desk import ContentDesk
from lms.people.rules import Role
from lms.platform.db import Database
from lms.settings import load_settings
from tests.conftest import KEYS
from tests.content.sample import SAMPLE
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in


@pytest.fixture()
def sources(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


@pytest.fixture()
def app(database_url: str, tmp_path: Path, clock: MovableClock, sources: Path) -> Iterator[Flask]:
    made = create_app(load_settings(tmp_path, {}, database_url=database_url, content_sources=str(sources), **KEYS), clock=clock)
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    made.extensions["site"].db.dispose()


def enter(client: FlaskClient, db: Database, *roles: Role) -> None:
    with db.writing() as session:
        person = make_learner(session, roles=roles, full_name="Trần Thị Biên")
    sign_in(client, person)


def spoil(sources: Path, file: str = "courses/khoa-mau/10-mo-dau.vi.md", old: str = "minutes: 1\n", new: str = "") -> None:
    path = sources / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_only_roles_with_the_permission_see_it(app: Flask, client: FlaskClient, db: Database) -> None:
    assert client.get("/content/check").status_code == 302
    enter(client, db)
    assert client.get("/content/check").status_code == 403
    assert client.post("/content/publish").status_code == 403


def test_a_trainer_sees_problems_but_may_not_publish(app: Flask, client: FlaskClient, db: Database, sources: Path) -> None:
    spoil(sources)
    enter(client, db, Role.TRAINER)
    page = client.get("/content/check?lang=en").text
    assert "courses/khoa-mau/10-mo-dau.vi.md" in page
    assert "key-missing" in page
    assert "The key minutes is missing." in page
    assert "Nothing has been published yet" in page
    assert "/content/publish" not in page
    assert client.post("/content/publish").status_code == 403


def test_an_administrator_of_a_unit_does_not_publish_for_the_whole_site(client: FlaskClient, db: Database, sources: Path) -> None:
    with db.writing() as session:
        admin = make_learner(session, unit=make_unit(session), roles=(Role.ADMINISTRATOR,))
    sign_in(client, admin)
    assert "/content/publish" not in client.get("/content/check").text
    assert client.post("/content/publish").status_code == 403


def test_an_administrator_publishes_what_is_sound(app: Flask, client: FlaskClient, db: Database, sources: Path) -> None:
    spoil(sources)
    enter(client, db, Role.ADMINISTRATOR)
    answer = client.post("/content/publish", follow_redirects=True)
    assert answer.status_code == 200
    page = client.get("/content/check?lang=en").text
    assert "Trần Thị Biên" in page
    assert "4 packages on the site" in page
    with app.test_request_context():
        assert set(catalogue().quizzes) == {"de-mau"}
        assert catalogue().courses == {}
    spoil(sources, old="title: Vì sao phải khóa\n", new="title: Vì sao phải khóa\nminutes: 1\n")
    page = client.post("/content/publish?lang=en", follow_redirects=True).text
    assert "1 added, 0 updated, 4 unchanged" in page
    with app.test_request_context():
        assert set(catalogue().courses) == {"khoa-mau"}


def test_a_source_that_vanished_leaves_the_site_as_it_was(app: Flask, client: FlaskClient, db: Database, sources: Path) -> None:
    enter(client, db, Role.ADMINISTRATOR)
    client.post("/content/publish")
    shutil.rmtree(sources)
    assert client.post("/content/publish").status_code == 404
    assert "There is no content folder" in client.get("/content/check?lang=en").text
    with app.test_request_context():
        assert set(catalogue().courses) == {"khoa-mau"}


def test_many_problems_are_paged(app: Flask, client: FlaskClient, db: Database, sources: Path) -> None:
    spoil(sources, old="Máy đang sửa", new="<b>x</b>\n" * 120 + "Máy đang sửa")
    enter(client, db, Role.TRAINER)
    assert [client.get(f"/content/check?page={n}").text.count('class="check-code"') for n in (1, 2, 3)] == [100, 100, 41]
    assert "Page 3 of 3" in client.get("/content/check?lang=en&page=9").text


def test_the_page_costs_two_queries(app: Flask, client: FlaskClient, db: Database) -> None:
    enter(client, db, Role.ADMINISTRATOR)
    client.post("/content/publish")
    client.get("/content/check")
    with count_queries(db) as counted:
        client.get("/content/check")
    assert len(counted) == 2, counted.statements


def test_sources_are_compiled_again_only_when_they_change(app: Flask, sources: Path) -> None:
    desk = app.extensions["site"].part(ContentDesk)
    first = desk.look()[1]
    assert desk.look()[1] is first
    spoil(sources)
    assert desk.look()[1] is not first
