"""The second step: set up, asked for, good once, recovered, removed, taken away by an administrator; and what a thief of a password can do."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.clock import MovableClock
from lms.errors import Conflict, Invalid
from lms.people.models import Account, Person
from lms.people.rules import Role
from lms.people.signing.models import RecoveryCode, TotpKey
from lms.people.signing.service import second_step
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.make import PIN, make_learner, make_unit, sign_in

KEY = "test-secret-key"


@pytest.fixture()
def officer(db: Database) -> Person:
    """An officer who signs in with a password."""
    with db.writing() as session:
        return make_learner(session, unit=make_unit(session), roles=(Role.OFFICER,))


class App:
    """The officer's authenticator app."""

    def __init__(self, client: FlaskClient, officer: Person, clock: MovableClock) -> None:
        sign_in(client, officer)
        self.clock = clock
        assert client.post("/me/protection/begin").headers["Location"] == "/me/protection/set-up"
        page = client.get("/me/protection/set-up").text
        found = re.search(r'setup-key">([A-Z2-7 ]+)<', page)
        assert found
        assert "<svg" in page
        self.totp = pyotp.TOTP(found[1].replace(" ", ""))
        assert client.post("/me/protection/set-up", data={"code": "000000"}).status_code == 422
        answer = client.post("/me/protection/set-up", data={"code": self.code()})
        self.recovery = re.findall(r"<code>([a-z2-9]{4}-[a-z2-9]{4})</code>", answer.text)
        assert len(set(self.recovery)) == 10
        assert not re.search(r"<code>[a-z2-9]{4}-", client.get("/me/protection").text)
        client.post("/sign-out")

    def code(self) -> str:
        """What it shows now; half a minute later than before, so that each is new."""
        self.clock.move(seconds=30)
        return self.totp.at(int(self.clock.now().timestamp()))


@pytest.fixture()
def protected(client: FlaskClient, officer: Person, clock: MovableClock) -> App:
    """The app, set up through the pages."""
    return App(client, officer, clock)


def _password(client: FlaskClient, officer: Person, then: str = "") -> None:
    answer = client.post(f"/sign-in{then}", data={"name": officer.staff_code, "secret": PIN})
    assert answer.headers["Location"] == "/sign-in/second"


def test_the_password_alone_opens_nothing(client: FlaskClient, officer: Person, protected: App) -> None:
    _password(client, officer, "?next=/people")
    for page in ("/", "/me/", "/people"):
        assert client.get(page).headers["Location"].startswith("/sign-in")
    assert client.post("/sign-in/second", data={"code": "123456"}).status_code == 422
    assert client.post("/sign-in/second", data={"code": protected.code()}).headers["Location"] == "/people"
    assert client.get("/people").status_code == 200


def test_a_code_is_good_once_on_every_device(app: Flask, client: FlaskClient, officer: Person, protected: App) -> None:
    code = protected.code()
    thief = app.test_client()
    _password(client, officer)
    _password(thief, officer)
    assert client.post("/sign-in/second", data={"code": code}).status_code == 302
    assert thief.post("/sign-in/second", data={"code": code}).status_code == 422


def test_a_recovery_code_stands_for_the_phone_once(client: FlaskClient, officer: Person, protected: App, db: Database) -> None:
    for status in (302, 422):
        _password(client, officer)
        assert client.post("/sign-in/second", data={"code": protected.recovery[0].upper()}).status_code == status
        client.post("/sign-out")
    with db.reading() as session:
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == str(officer.id))).all()
        assert len(session.scalars(select(RecoveryCode).where(RecoveryCode.used_at.is_(None))).all()) == 9
    assert "recovery_code_used" in acts
    assert "second_step_set" in acts


def test_codes_cannot_be_guessed_through(client: FlaskClient, officer: Person, protected: App, clock: MovableClock) -> None:
    _password(client, officer)
    statuses = [client.post("/sign-in/second", data={"code": f"{n:06}"}).status_code for n in range(7)]
    assert statuses == [422] * 5 + [409] * 2
    assert client.post("/sign-in/second", data={"code": protected.code()}).status_code == 409
    clock.move(minutes=5)
    _password(client, officer)
    assert client.post("/sign-in/second", data={"code": protected.code()}).status_code == 302


def test_the_second_step_waits_five_minutes(client: FlaskClient, officer: Person, protected: App, clock: MovableClock) -> None:
    assert client.get("/sign-in/second").headers["Location"] == "/sign-in"
    _password(client, officer)
    assert client.get("/sign-in/second").status_code == 200
    clock.move(minutes=6)
    assert client.post("/sign-in/second", data={"code": protected.code()}).headers["Location"] == "/sign-in"


def test_a_reset_password_cancels_the_step_that_waits(client: FlaskClient, officer: Person, protected: App, db: Database) -> None:
    _password(client, officer)
    with db.writing() as session:
        session.execute(update(Account).where(Account.person_id == officer.id).values(epoch=Account.epoch + 1))
    assert client.post("/sign-in/second", data={"code": protected.code()}).status_code == 422


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_every_page_in_every_language(client: FlaskClient, officer: Person, clock: MovableClock, lang: str) -> None:
    sign_in(client, officer)
    assert client.get(f"/me/protection?lang={lang}").status_code == 200
    assert client.post("/me/protection/begin").status_code == 302
    assert client.get(f"/me/protection/set-up?lang={lang}").status_code == 200
    protected = App(client, officer, clock)
    _password(client, officer)
    assert client.get(f"/sign-in/second?lang={lang}").status_code == 200
    client.post("/sign-in/second", data={"code": protected.code()})
    page = client.get(f"/me/protection?lang={lang}").text
    assert "10" in page
    assert client.get("/me/protection/set-up").headers["Location"] == "/me/protection"
    assert client.post("/me/protection/begin").status_code == 409


def test_new_codes_and_removal_ask_for_a_code(client: FlaskClient, officer: Person, protected: App, db: Database) -> None:
    _password(client, officer)
    client.post("/sign-in/second", data={"code": protected.code()})
    for path in ("codes", "remove"):
        assert client.post(f"/me/protection/{path}", data={"code": "000000"}).status_code == 422
    fresh = re.findall(r"<code>([a-z2-9]{4}-[a-z2-9]{4})</code>", client.post("/me/protection/codes", data={"code": protected.code()}).text)
    assert len(fresh) == 10
    assert not set(fresh) & set(protected.recovery)
    assert client.post("/me/protection/remove", data={"code": protected.recovery[1]}).status_code == 422
    assert client.post("/me/protection/remove", data={"code": fresh[0]}).status_code == 302
    client.post("/sign-out")
    sign_in(client, officer)
    with db.reading() as session:
        assert session.scalars(select(TotpKey)).all() == []


def test_learners_have_no_second_step(client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        learner = make_learner(session)
    sign_in(client, learner)
    assert "/me/protection" not in client.get("/me/").text
    assert client.get("/me/protection").status_code == 403
    assert client.post("/me/protection/begin").status_code == 403


def test_an_administrator_takes_it_away_with_a_reason(app: Flask, client: FlaskClient, officer: Person, protected: App, db: Database) -> None:
    with db.writing() as session:
        boss = make_learner(session, roles=(Role.ADMINISTRATOR,))
        other = make_learner(session, unit=make_unit(session), roles=(Role.OFFICER,))
    desk, stranger = app.test_client(), app.test_client()
    sign_in(desk, boss)
    page = desk.get(f"/people/{officer.id}").text
    reset = f"/people/{officer.id}/protection/reset"
    assert reset in page
    sign_in(stranger, other)
    assert stranger.post(reset, data={"reason": "x"}).status_code == 404
    assert desk.post(reset, data={"reason": " "}).status_code == 422
    assert desk.post(reset, data={"reason": "mất điện thoại"}).status_code == 302
    assert desk.post(reset, data={"reason": "lần nữa"}).status_code == 409
    assert desk.post(f"/people/{boss.id}/protection/reset", data={"reason": "x"}).status_code == 409
    assert reset not in desk.get(f"/people/{officer.id}").text
    sign_in(client, officer)
    with db.reading() as session:
        detail = session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "second_step_reset")).one()
    assert "mất điện thoại" in detail


def test_an_officer_does_not_take_it_away_from_an_administrator(client: FlaskClient, db: Database, officer: Person) -> None:
    with db.writing() as session:
        unit = make_unit(session)
        boss = make_learner(session, unit=unit, roles=(Role.ADMINISTRATOR,))
        mine = make_learner(session, unit=unit, roles=(Role.OFFICER,))
        session.add(TotpKey(person_id=boss.id, secret="x", made_at=boss.created_at, confirmed_at=boss.created_at))
    sign_in(client, mine)
    assert client.post(f"/people/{boss.id}/protection/reset", data={"reason": "x"}).status_code == 403


def test_what_is_kept_cannot_be_read_without_the_key(db: Database, officer: Person, clock: MovableClock) -> None:
    with db.writing() as session:
        secret = second_step.begin_set_up(session, person_id=officer.id, key=KEY, now=clock.now())
        assert secret not in session.get_one(TotpKey, officer.id).secret
        assert second_step.find_waiting(session, person_id=officer.id, key=KEY) == secret
        assert second_step.find_waiting(session, person_id=officer.id, key="another") is None
        with pytest.raises(Invalid):
            second_step.confirm_set_up(session, person_id=officer.id, code=pyotp.TOTP(secret).at(clock.now()), key="another", now=clock.now())
        second_step.confirm_set_up(session, person_id=officer.id, code=pyotp.TOTP(secret).at(clock.now()), key=KEY, now=clock.now())
        with pytest.raises(Conflict):
            second_step.confirm_set_up(session, person_id=officer.id, code="1", key=KEY, now=clock.now() + timedelta(minutes=1))
        assert second_step.find_waiting(session, person_id=officer.id, key=KEY) is None
