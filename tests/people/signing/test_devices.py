"""Sessions on devices: listed, ended one by one or all, at once; forgotten after two months."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from lms.clock import MovableClock
from lms.people.models import Person
from lms.people.signing.models import SignedSession
from lms.people.signing.service import sessions
from lms.people.signing.service.sessions import KEPT, forget_old
from lms.platform.db import Database
from lms.platform.site import Site
from tests.conftest import NOW
from tests.counting import count_queries
from tests.make import PIN, make_learner, sign_in

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"


@pytest.fixture()
def person(db: Database) -> Person:
    """A learner."""
    with db.writing() as session:
        return make_learner(session)


@pytest.fixture()
def phone(app: Flask, person: Person) -> FlaskClient:
    """The learner's phone."""
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = PHONE
    sign_in(client, person)
    return client


@pytest.mark.parametrize(("lang", "here"), [("vi", "thiết bị này"), ("zh", "此设备"), ("en", "this device")])
def test_where_one_is_signed_in(client: FlaskClient, phone: FlaskClient, person: Person, lang: str, here: str) -> None:
    sign_in(client, person)
    page = phone.get(f"/me/devices?lang={lang}").text
    assert page.count(here) == 1
    assert "Chrome" in page
    assert "Android" in page
    assert len(re.findall(r"/me/devices/\d+/end", page)) == 1


def test_one_session_is_ended_and_only_that(client: FlaskClient, phone: FlaskClient, person: Person) -> None:
    sign_in(client, person)
    (other,) = re.findall(r"/me/devices/\d+/end\b", client.get("/me/devices").text)
    assert client.post(other).status_code == 302
    assert phone.get("/me/").status_code == 302
    assert client.get("/me/").status_code == 200
    assert client.post(other).status_code == 404


def test_all_but_this_one_are_ended(app: Flask, client: FlaskClient, phone: FlaskClient, person: Person) -> None:
    third = app.test_client()
    for browser in (client, third):
        sign_in(browser, person)
    assert client.post("/me/devices/end-others").status_code == 302
    assert [browser.get("/me/").status_code for browser in (client, phone, third)] == [200, 302, 302]
    assert client.get("/me/devices").text.count("/end") == 0


def test_a_strangers_session_is_not_there(client: FlaskClient, phone: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        stranger = make_learner(session)
    sign_in(client, stranger)
    with db.reading() as session:
        theirs = session.scalars(select(SignedSession.id).order_by(SignedSession.id)).first()
    assert client.post(f"/me/devices/{theirs}/end").status_code == 404
    assert phone.get("/me/").status_code == 200


def test_a_changed_secret_ends_the_others_and_keeps_this_one(client: FlaskClient, phone: FlaskClient, person: Person) -> None:
    sign_in(client, person)
    assert client.post("/me/secret", data={"current": PIN, "chosen": "908172", "again": "908172"}).status_code == 302
    assert client.get("/me/devices").text.count("/end") == 0
    assert phone.get("/me/").status_code == 302


def test_a_session_that_never_was_or_is_another_persons_is_refused(app: Flask, client: FlaskClient, phone: FlaskClient, db: Database, person: Person) -> None:
    with db.writing() as session:
        stranger = make_learner(session)
    with db.reading() as session:
        theirs = session.scalars(select(SignedSession.id)).one()
    for name in (f"{stranger.id}.1.{theirs}", f"{person.id}.1", f"{person.id}.1.999999", f"{person.id}.2.{theirs}", "x.y.z", "1.2.3.4"):
        with client.session_transaction() as kept:
            kept["_user_id"] = name
        assert client.get("/me/").status_code == 302, name


def test_use_is_noted_now_and_then(phone: FlaskClient, db: Database, clock: MovableClock) -> None:
    def seen() -> Any:
        with db.reading() as session:
            return session.scalars(select(SignedSession.seen_at)).one()

    begun = seen()
    clock.move(minutes=29)
    phone.get("/me/")
    assert seen() == begun
    clock.move(minutes=2)
    with count_queries(db) as first:
        phone.get("/me/")
    assert seen() == clock.now()
    with count_queries(db) as second:
        phone.get("/me/")
    assert len(first) == len(second) + 1


def test_a_page_is_answered_where_its_use_cannot_be_noted(phone: FlaskClient, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.move(hours=1)

    def full(*_args: object, **_given: object) -> None:
        raise OperationalError("", {}, Exception("disk full"))

    monkeypatch.setattr("lms.people.access.note_seen", full)
    assert phone.get("/me/").status_code == 200


def test_sessions_are_forgotten(phone: FlaskClient, db: Database, the_site: Site) -> None:
    assert forget_old(db, NOW + KEPT - timedelta(days=1)) == 0
    assert forget_old(db, NOW + KEPT + timedelta(days=1)) == 1
    assert the_site.jobs.run("people.sessions", NOW) == 0
    with db.reading() as session:
        assert sessions.list_sessions(session, person_id=1) == []
