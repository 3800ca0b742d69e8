"""Headers and cookies hold for every kind of answer."""

from pathlib import Path

import pytest
from flask import request
from flask.testing import FlaskClient

from lms.app import create_app
from lms.platform.db import Database
from lms.platform.security import HEADERS, MAX_REQUEST_BYTES
from lms.settings import load_settings
from tests.conftest import KEYS
from tests.make import PIN, make_learner

pytestmark = pytest.mark.one_database

KINDS = [
    pytest.param("GET", "/sign-in", 200, {}, id="page"),
    pytest.param("GET", "/health", 200, {}, id="JSON"),
    pytest.param("GET", "/static/icons.svg", 200, {}, id="static file"),
    pytest.param("GET", "/", 302, {}, id="redirect"),
    pytest.param("GET", "/nowhere", 404, {}, id="error page"),
    pytest.param("GET", "/nowhere", 404, {"Accept": "application/json"}, id="error as JSON"),
    pytest.param("PUT", "/sign-in", 405, {}, id="wrong method"),
    pytest.param("OPTIONS", "/sign-in", 200, {}, id="options"),
    pytest.param("HEAD", "/sign-in", 200, {}, id="head"),
]


@pytest.mark.parametrize(("method", "path", "status", "headers"), KINDS)
def test_every_answer_carries_the_strict_headers(client: FlaskClient, method: str, path: str, status: int, headers: dict[str, str]) -> None:
    answer = client.open(path, method=method, headers=headers)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http" not in policy
    assert "Server" not in answer.headers


def test_pages_are_kept_by_no_cache(client: FlaskClient) -> None:
    assert client.get("/sign-in").headers["Cache-Control"] == "private, no-store"
    assert client.get("/nowhere").headers["Cache-Control"] == "private, no-store"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        make_learner(session, staff_code="NV7")
    client.post("/sign-in", data={"name": "NV7", "secret": PIN})
    cookie = client.get_cookie("vean")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.secure, cookie.path) == (True, "Lax", False, "/")
    assert PIN not in cookie.value
    client.get("/")  # the first form brings its token into the session
    assert "Set-Cookie" not in client.get("/").headers, "a page need not send the session again"


def test_with_https_every_cookie_is_secure_and_the_browser_told_to_stay(database_url: str, tmp_path: Path) -> None:
    app = create_app(load_settings(tmp_path, {}, database_url=database_url, secure_cookies=True, **KEYS))
    answer = app.test_client().get("/sign-in?lang=zh", base_url="https://site.example")
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    app.extensions["site"].db.dispose()


def test_a_forged_session_is_nobody(client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        make_learner(session, staff_code="NV7")
    client.post("/sign-in", data={"name": "NV7", "secret": PIN})
    cookie = client.get_cookie("vean")
    assert cookie is not None
    client.set_cookie("vean", cookie.value[:-2] + ("AA" if not cookie.value.endswith("AA") else "BB"))
    assert client.get("/").status_code == 302


def test_what_is_too_large_is_refused_in_words(client: FlaskClient) -> None:
    answer = client.post("/sign-in?lang=en", data={"name": "x" * (MAX_REQUEST_BYTES + 1)})
    assert answer.status_code == 413
    assert "8 MB" in answer.text


@pytest.mark.parametrize(("trusted", "expected"), [(True, "203.0.113.7 https"), (False, "127.0.0.1 http")])
def test_a_proxy_s_word_is_taken_only_where_one_is_set_up(tmp_path: Path, trusted: bool, expected: str) -> None:
    app = create_app(load_settings(tmp_path, {}, behind_proxy=trusted, **KEYS))
    app.add_url_rule("/seen", "seen", lambda: f"{request.remote_addr} {request.scheme}")
    answer = app.test_client().get("/seen", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.7", "X-Forwarded-Proto": "https"})
    assert answer.text == expected
    app.extensions["site"].db.dispose()
