"""Sessions and tokens that were verified once: known is only what is genuine, only as it was, and only as long as it may be."""

from datetime import timedelta

import pytest
from flask import Flask, session

from lms.platform.db import Database
from lms.platform.sessions import Known, KnownSessions
from tests.make import make_learner, sign_in

pytestmark = pytest.mark.one_database
ME = "/me/"


@pytest.fixture()
def cookie(app: Flask, db: Database) -> str:
    """The cookie of a signed-in learner, which the site has seen and knows."""
    with db.writing() as writer:
        person = make_learner(writer)
    client = app.test_client()
    sign_in(client, person)
    for _ in range(2):  # the first page puts its token into the session, and so into another cookie
        assert client.get(ME).status_code == 200
    kept = client.get_cookie("vean")
    assert kept is not None
    assert isinstance(app.session_interface, KnownSessions)
    assert app.session_interface._known.find(kept.value) is not None
    return kept.value


def status(app: Flask, cookie: str) -> int:
    client = app.test_client()
    client.set_cookie("vean", cookie)
    return client.get(ME).status_code


def test_a_known_cookie_is_good_again_and_again(app: Flask, cookie: str) -> None:
    assert [status(app, cookie) for _ in range(3)] == [200] * 3


@pytest.mark.parametrize("place", [0, 10, -5, -12])
def test_a_cookie_changed_in_one_letter_is_nobody_although_the_other_is_known(app: Flask, cookie: str, place: int) -> None:
    letters = list(cookie)
    letters[place] = "A" if letters[place] != "A" else "B"
    assert status(app, cookie) == 200
    assert status(app, "".join(letters)) == 302


def test_a_known_cookie_grows_too_old(app: Flask, cookie: str) -> None:
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(seconds=-1)
    assert status(app, cookie) == 302


def test_a_site_with_another_key_does_not_know_it(app: Flask, cookie: str) -> None:
    app.session_interface = KnownSessions()
    app.secret_key = "another"
    assert status(app, cookie) == 302


def test_what_a_request_changes_in_its_session_stays_in_that_request(app: Flask, cookie: str) -> None:
    """Two requests with the same cookie never see each other's changes: what is kept is text."""
    headers = {"Cookie": f"vean={cookie}"}
    with app.test_request_context(headers=headers):
        session["list"] = ["changed"]
        session["_user_id"] = "999.1"
    with app.test_request_context(headers=headers):
        assert "list" not in session
        assert session["_user_id"] != "999.1"


def test_only_so_many_are_kept_the_oldest_are_forgotten() -> None:
    known: Known[int] = Known(2)
    for n, text in enumerate("abc"):
        known.keep(text, n)
    assert [known.find(text) for text in "abc"] == [None, 1, 2]
