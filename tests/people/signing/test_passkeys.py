"""Passkeys: made, used, removed; and everything that is not one."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.app import create_app
from lms.clock import MovableClock
from lms.errors import Conflict, Invalid, NotFound
from lms.people.models import Account, Person
from lms.people.rules import Role
from lms.people.signing.models import Passkey
from lms.people.signing.service import passkeys
from lms.people.signing.service.passkeys import MOST, Party
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from lms.settings import load_settings
from tests.conftest import KEYS
from tests.make import make_learner, sign_in
from tests.people.signing.authenticator import Authenticator

HOST, ORIGIN = "vean.example.org", "https://vean.example.org"
PARTY = Party("Vệ An", HOST, ORIGIN)


@pytest.fixture()
def app(database_url: str, tmp_path: Path, clock: MovableClock) -> Any:
    """A site that is reached by https under a name."""
    made = create_app(load_settings(tmp_path, {}, database_url=database_url, public_url=ORIGIN, **KEYS), clock=clock)
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    made.extensions["site"].db.dispose()


@pytest.fixture()
def officer(db: Database) -> Person:
    """Somebody with a staff role."""
    with db.writing() as session:
        return make_learner(session, roles=(Role.OFFICER,))


@pytest.fixture()
def key() -> Authenticator:
    """A phone."""
    return Authenticator(HOST, ORIGIN)


def _challenge(client: FlaskClient, address: str) -> str:
    """The challenge of fresh options."""
    asked: Any = client.post(address).json
    return str(asked["challenge"])


def _make(client: FlaskClient, key: Authenticator, **given: Any) -> Any:
    challenge = _challenge(client, "/me/passkeys/options")
    return client.post("/me/passkeys", json={"credential": key.make(challenge), "name": "Điện thoại"} | given)


def _sign(client: FlaskClient, key: Authenticator, **given: Any) -> Any:
    challenge = _challenge(client, "/sign-in/passkey/options")
    return client.post("/sign-in/passkey?next=/people", json={"credential": key.sign(challenge, **given)})


def test_a_passkey_is_made_used_and_removed(app: Flask, client: FlaskClient, officer: Person, key: Authenticator, db: Database) -> None:
    sign_in(client, officer)
    assert _make(client, key).json == {"next": "/me/protection"}
    page = client.get("/me/protection").text
    assert "Điện thoại" in page
    assert _make(client, key).status_code == 409
    phone = app.test_client()
    assert 'data-passkey data-options-url="/sign-in/passkey/options"' in phone.get("/sign-in").text
    answer = _sign(phone, key)
    assert answer.json == {"next": "/people"}
    assert phone.get("/people").status_code == 200
    assert "passkey" in phone.get("/me/devices?lang=en").text
    with db.reading() as session:
        kept = session.scalars(select(Passkey)).one()
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == str(officer.id)).order_by(AuditEvent.id)).all()
    assert (kept.sign_count, kept.used_at is not None) == (1, True)
    assert acts == ["sign_in", "passkey_made", "sign_in"]
    assert client.post(f"/me/passkeys/{kept.id}/remove").status_code == 302
    assert client.post(f"/me/passkeys/{kept.id}/remove").status_code == 404
    assert _sign(app.test_client(), key).status_code == 422


def test_a_challenge_is_good_for_one_answer(app: Flask, client: FlaskClient, officer: Person, key: Authenticator) -> None:
    sign_in(client, officer)
    _make(client, key)
    phone = app.test_client()
    answer = {"credential": key.sign(_challenge(phone, "/sign-in/passkey/options"))}
    assert phone.post("/sign-in/passkey", json=answer).status_code == 200
    phone.post("/sign-out")
    assert phone.post("/sign-in/passkey", json=answer).status_code == 409
    phone.post("/sign-in/passkey/options")
    assert phone.post("/sign-in/passkey", json=answer).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(Authenticator("evil.example", ORIGIN), id="another host"),
        pytest.param(Authenticator(HOST, "https://evil.example"), id="another origin"),
    ],
)
def test_what_another_site_has_asked_for_is_refused(client: FlaskClient, officer: Person, wrong: Authenticator) -> None:
    sign_in(client, officer)
    assert _make(client, wrong).status_code == 422


def test_a_forged_signature_a_copy_and_an_unverified_owner_are_refused(app: Flask, client: FlaskClient, officer: Person, key: Authenticator) -> None:
    sign_in(client, officer)
    _make(client, key)
    assert _sign(app.test_client(), Authenticator(HOST, ORIGIN, key.credential_id)).status_code == 422
    assert _sign(app.test_client(), key, verified=False).status_code == 422
    assert _sign(app.test_client(), key).status_code == 200
    key.count = 0
    assert _sign(app.test_client(), key).status_code == 422


@pytest.mark.parametrize("sent", [None, [], {}, {"credential": "x"}, {"credential": {}}, {"credential": {"id": "x"}}, {"credential": {"id": "x" * 5000}}])
def test_nonsense_is_refused(client: FlaskClient, officer: Person, sent: Any) -> None:
    client.post("/sign-in/passkey/options")
    assert client.post("/sign-in/passkey", json=sent).status_code == 422
    sign_in(client, officer)
    client.post("/me/passkeys/options")
    assert client.post("/me/passkeys", json=sent).status_code == 422


@pytest.mark.parametrize("column", ["active", "must_change"])
def test_a_closed_account_and_one_with_a_new_slip_are_refused(
    app: Flask, client: FlaskClient, officer: Person, key: Authenticator, db: Database, column: str
) -> None:
    sign_in(client, officer)
    _make(client, key)
    with db.writing() as session:
        session.execute(update(Account).where(Account.person_id == officer.id).values({column: column == "must_change"}))
    assert _sign(app.test_client(), key).status_code == 422


def test_learners_make_none_and_nobody_too_many(client: FlaskClient, db: Database, officer: Person, clock: MovableClock) -> None:
    with db.writing() as session:
        learner = make_learner(session)
        for n in range(MOST):
            session.add(Passkey(person_id=officer.id, credential=f"c{n}", public_key="", name="x", made_at=clock.now()))
    sign_in(client, learner)
    assert client.post("/me/passkeys/options").status_code == 403
    client.post("/sign-out")
    sign_in(client, officer)
    assert client.post("/me/passkeys/options").status_code == 409


def test_the_services_by_themselves(db: Database, officer: Person, key: Authenticator, clock: MovableClock) -> None:
    with db.writing() as session:
        _, challenge = passkeys.begin_registration(session, person_id=officer.id, account="AT01", party=PARTY)
        made = passkeys.register(session, person_id=officer.id, credential=key.make(challenge), challenge=challenge, name=" ", party=PARTY, now=clock.now())
        assert made.name == "Passkey"
        options, _ = passkeys.begin_registration(session, person_id=officer.id, account="AT01", party=PARTY)
        assert key.name in options
        _, challenge = passkeys.begin_signing(PARTY)
        assert passkeys.find_signer(session, credential=key.sign(challenge), challenge=challenge, party=PARTY, now=clock.now()) == (officer.id, 1)
        with pytest.raises(NotFound):
            passkeys.remove_passkey(session, person_id=officer.id + 1, passkey_id=made.id, now=clock.now())
        for bad in ("x", 5, None):
            with pytest.raises(Invalid):
                passkeys.find_signer(session, credential=bad, challenge=challenge, party=PARTY, now=clock.now())
    with db.writing() as session, pytest.raises(Conflict):
        passkeys.register(session, person_id=officer.id, credential=key.make(challenge), challenge=challenge, name="", party=PARTY, now=clock.now())


def test_without_https_there_are_none(tmp_path: Path, clock: MovableClock, database_url: str) -> None:
    plain = create_app(load_settings(tmp_path, {}, database_url=database_url, **KEYS), clock=clock)
    plain.config["WTF_CSRF_ENABLED"] = False
    client = plain.test_client()
    assert client.post("/sign-in/passkey/options").status_code == 404
    assert "data-passkey" not in client.get("/sign-in").text
    plain.extensions["site"].db.dispose()
