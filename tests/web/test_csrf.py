"""Whatever changes something wants the token of its page."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from lms.app import create_app
from lms.clock import MovableClock
from lms.people.models import Person
from lms.people.rules import Role
from lms.settings import load_settings
from tests.conftest import KEYS
from tests.make import PIN, make_learner, make_unit

pytestmark = pytest.mark.one_database

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
PLAIN = {"int": "1", "string": "a" * 64, "path": "x", "default": "x"}


@pytest.fixture()
def guarded(database_url: str, tmp_path: Path, clock: MovableClock):  # type: ignore[no-untyped-def]
    """A site as it is served, tokens and all, and a person with every role."""
    app = create_app(load_settings(tmp_path, {}, database_url=database_url, **KEYS), clock=clock)
    db = app.extensions["site"].db
    with db.writing() as session:
        person = make_learner(session, unit=make_unit(session), roles=tuple(Role))
    yield app, person
    db.dispose()


def signed_in(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    token = TOKEN.search(client.get("/sign-in").text)
    assert token
    assert client.post("/sign-in", data={"name": person.staff_code, "secret": PIN, "csrf_token": token[1]}).status_code == 302
    return client


def changing(app: Flask) -> list[tuple[str, str]]:
    """Every address that changes something, but for what is signed itself: a forge's webhook, and the end of letters, for which a mail program asks."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in ("content.hook", "notices.stop")]
    return sorted((method, address(rule)) for rule in rules for method in (rule.methods or set()) & UNSAFE)


def address(rule: Rule) -> str:
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda found: PLAIN[found[1] or "default"], rule.rule)


def test_everything_that_changes_is_refused_without_a_token(guarded: tuple[Flask, Person]) -> None:
    app, person = guarded
    client = signed_in(app, person)
    found = changing(app)
    assert len(found) > 20
    for method, path in found:
        answer = client.open(f"{path}?lang=en", method=method, data={"name": "x"})
        assert answer.status_code == 400, f"{method} {path}: {answer.status_code}"
        assert "reload" in answer.text, path
        as_json = client.open(path, method=method, json={"n": 1})
        assert (as_json.status_code, list(as_json.json or {})) == (400, ["error"]), f"{method} {path}"


def test_a_token_of_another_session_is_refused(guarded: tuple[Flask, Person]) -> None:
    app, person = guarded
    client = signed_in(app, person)
    foreign = TOKEN.search(app.test_client().get("/sign-in").text)
    assert foreign
    assert client.post("/sign-out", data={"csrf_token": foreign[1]}).status_code == 400
    assert client.get("/").status_code == 200


def test_the_own_token_is_accepted_in_the_form_and_in_the_header(guarded: tuple[Flask, Person]) -> None:
    app, person = guarded
    for way in ("form", "header"):
        client = signed_in(app, person)
        token = TOKEN.search(client.get("/").text)
        assert token
        sent = {"data": {"csrf_token": token[1]}} if way == "form" else {"headers": {"X-CSRFToken": token[1]}}
        assert client.post("/sign-out", **sent).status_code in {302, 303}
        assert client.get("/").status_code == 302


def test_reading_changes_nothing_so_every_changing_route_is_no_get(guarded: tuple[Flask, Person]) -> None:
    app, _ = guarded
    assert all("GET" not in method for method, _ in changing(app))


def test_a_known_token_is_refused_in_another_session_and_where_it_was_changed(guarded: tuple[Flask, Person]) -> None:
    """The token of one browser, verified and known, opens nothing for another."""
    app, _ = guarded
    own, other = app.test_client(), app.test_client()
    tokens = [TOKEN.search(browser.get("/sign-in").text)[1] for browser in (own, other)]  # type: ignore[index]
    wrong = {"name": "nobody", "secret": "000000"}

    def send(browser: FlaskClient, token: str) -> int:
        return browser.post("/sign-in", data=wrong, headers={"X-CSRFToken": token}).status_code

    assert [send(own, tokens[0]), send(own, tokens[0])] == [422, 422]
    assert send(other, tokens[0]) == 400
    assert send(own, tokens[0][:-5] + ("A" if tokens[0][-5] != "A" else "B") + tokens[0][-4:]) == 400
    assert send(own, tokens[1]) == 400
    assert send(other, tokens[1]) == 422
    assert send(app.test_client(), tokens[0]) == 400
