"""A second step that a role asks for: nothing else opens before it is set up, and it is not laid down again."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.app import create_app
from lms.clock import MovableClock
from lms.errors import Invalid, NotAllowed
from lms.people.models import Account, Person
from lms.people.rules import STAFF_ROLES, Role
from lms.people.signing.models import Passkey, TotpKey
from lms.people.signing.service.second_step import begin_set_up, confirm_set_up
from lms.platform.db import Database
from lms.settings import StaffRole, load_settings
from tests.conftest import KEYS, NOW
from tests.make import PIN, make_learner, make_unit


@pytest.fixture()
def app(database_url: str, tmp_path: Path, clock: MovableClock) -> Iterator[Flask]:
    """A site that asks administrators and officers for a second step."""
    values = {"LMS_SECOND_STEP_ROLES": "administrator, officer", "LMS_PUBLIC_URL": "https://hoc.example"}
    made = create_app(load_settings(tmp_path, values, database_url=database_url, **KEYS), clock=clock)
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    made.extensions["site"].db.dispose()


def make(db: Database, *roles: Role) -> Person:
    with db.writing() as session:
        return make_learner(session, unit=make_unit(session), roles=roles)


def enter(client: FlaskClient, person: Person) -> str:
    """Where the password leads."""
    return client.post("/sign-in", data={"name": person.staff_code, "secret": PIN}).headers["Location"]


def set_up(client: FlaskClient, clock: MovableClock) -> pyotp.TOTP:
    client.post("/me/protection/begin")
    found = re.search(r'setup-key">([A-Z2-7 ]+)<', client.get("/me/protection/set-up").text)
    assert found
    app = pyotp.TOTP(found[1].replace(" ", ""))
    assert client.post("/me/protection/set-up", data={"code": code(app, clock)}).status_code == 200
    return app


def code(app: pyotp.TOTP, clock: MovableClock) -> str:
    clock.move(seconds=30)
    return app.at(int(clock.now().timestamp()))


def test_nothing_opens_before_it_is_set_up(client: FlaskClient, db: Database, clock: MovableClock) -> None:
    enter(client, make(db, Role.OFFICER))
    for page in ("/", "/people", "/certification/", "/me/"):
        assert client.get(page).headers["Location"] == "/me/protection"
    refused = client.get("/people", headers={"Accept": "application/json"})
    assert (refused.status_code, "error" in (refused.json or {})) == (403, True)
    for lang, words in (("vi", "Vai trò của bạn yêu cầu"), ("zh", "您的角色要求"), ("en", "Your role asks for a second step")):
        assert words in client.get(f"/me/protection?lang={lang}").text
    set_up(client, clock)
    assert client.get("/people").status_code == 200
    assert "Your role asks" not in client.get("/me/protection?lang=en").text


def test_from_then_on_the_code_is_asked_for_and_the_site_opens(client: FlaskClient, db: Database, clock: MovableClock) -> None:
    officer = make(db, Role.OFFICER)
    enter(client, officer)
    app = set_up(client, clock)
    client.post("/sign-out")
    assert enter(client, officer) == "/sign-in/second"
    assert client.post("/sign-in/second", data={"code": code(app, clock)}).status_code == 302
    assert client.get("/people").status_code == 200


def test_whoever_removes_the_app_has_to_set_one_up_again(client: FlaskClient, db: Database, clock: MovableClock) -> None:
    enter(client, make(db, Role.ADMINISTRATOR))
    app = set_up(client, clock)
    assert client.post("/me/protection/remove", data={"code": code(app, clock)}).status_code == 302
    assert client.get("/people").headers["Location"] == "/me/protection"


@pytest.mark.parametrize("role", [None, Role.TRAINER, Role.MANAGER], ids=str)
def test_nobody_else_is_asked(client: FlaskClient, db: Database, role: Role | None) -> None:
    enter(client, make(db, *([role] if role else [])))
    assert client.get("/").status_code == 200


def test_a_new_secret_does_not_get_around_it(client: FlaskClient, db: Database) -> None:
    officer = make(db, Role.OFFICER)
    with db.writing() as session:
        session.get_one(Account, officer.id).must_change = True
    enter(client, officer)
    assert client.get("/people").headers["Location"] == "/me/secret"
    own = "mot hai ba bon nam"
    answer = client.post("/me/secret", data={"chosen": own, "again": own})
    assert answer.status_code == 302
    assert client.get("/people").headers["Location"] == "/me/protection"


def test_the_next_person_in_the_same_browser_owes_nothing_of_the_last(client: FlaskClient, db: Database) -> None:
    enter(client, make(db, Role.OFFICER))
    enter(client, make(db))
    assert client.get("/").status_code == 200


def test_signing_out_is_always_possible(client: FlaskClient, db: Database) -> None:
    enter(client, make(db, Role.OFFICER))
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert client.get("/people").headers["Location"].startswith("/sign-in")


@pytest.fixture()
def keyed(db: Database) -> Person:
    """An officer whose account has a passkey and no app."""
    officer = make(db, Role.OFFICER)
    with db.writing() as session:
        session.add(Passkey(person_id=officer.id, credential="aw", public_key="cA", name="Điện thoại", made_at=NOW))
    return officer


def test_a_stolen_password_leads_not_past_the_passkey_to_an_app_of_the_thief(client: FlaskClient, keyed: Person, db: Database) -> None:
    enter(client, keyed)
    assert client.post("/me/protection/begin").status_code == 403
    for lang, words in (("vi", "bằng khóa truy cập"), ("zh", "用通行密钥登录"), ("en", "sign in with your passkey")):
        page = client.get(f"/me/protection?lang={lang}").text
        assert words in page
        assert "/me/protection/begin" not in page
        assert "/me/passkeys" not in page, "nothing is offered that is refused"
    assert client.post("/me/passkeys/options").headers["Location"] == "/me/protection"
    with db.reading() as session:
        assert session.get(TotpKey, keyed.id) is None


def test_an_app_begun_before_the_passkey_was_made_is_not_confirmed(client: FlaskClient, keyed: Person, db: Database, clock: MovableClock) -> None:
    with db.writing() as session:
        secret = begin_set_up(session, person_id=keyed.id, key=KEYS["secret_key"], now=clock.now())
    enter(client, keyed)
    app = pyotp.TOTP(secret)
    assert client.get("/me/protection/set-up").headers["Location"] == "/me/protection"
    client.post("/me/protection/set-up", data={"code": code(app, clock)})
    with db.writing() as session, pytest.raises(NotAllowed):
        confirm_set_up(session, person_id=keyed.id, code=code(app, clock), key=KEYS["secret_key"], now=clock.now(), proved=False)
    with db.reading() as session:
        assert session.get_one(TotpKey, keyed.id).confirmed_at is None


def test_who_removes_the_app_is_signed_out_elsewhere(app: Flask, client: FlaskClient, db: Database, clock: MovableClock) -> None:
    officer = make(db, Role.OFFICER)
    enter(client, officer)
    totp = set_up(client, clock)
    elsewhere = app.test_client()
    enter(elsewhere, officer)
    elsewhere.post("/sign-in/second", data={"code": code(totp, clock)})
    assert elsewhere.get("/people").status_code == 200
    client.post("/me/protection/remove", data={"code": code(totp, clock)})
    assert elsewhere.get("/people").headers["Location"].startswith("/sign-in")
    assert client.get("/me/protection").status_code == 200


def test_the_list_and_the_page_of_people_tell_who_owes_it(client: FlaskClient, db: Database, clock: MovableClock) -> None:
    officer = make(db, Role.OFFICER)
    with db.writing() as session:
        chief = make_learner(session, roles=(Role.ADMINISTRATOR,))
    enter(client, chief)
    set_up(client, clock)
    page = client.get("/people?owing=1&lang=en").text
    assert (f"/people/{officer.id}" in page, f'"/people/{chief.id}"' in page) == (True, False)
    link = re.search(r'href="([^"]+\.csv[^"]*owing=1[^"]*)"', page)
    assert link
    sheet = client.get(link[1].replace("&amp;", "&")).text
    assert (str(officer.staff_code) in sheet, str(chief.staff_code) in sheet) == (True, False)
    for lang, words in (("vi", "yêu cầu bước thứ hai"), ("zh", "要求第二步"), ("en", "asks for a second step")):
        assert words in client.get(f"/people/{officer.id}?lang={lang}").text
        assert words not in client.get(f"/people/{chief.id}?lang={lang}").text


def test_the_settings_know_the_staff_roles_and_no_others(tmp_path: Path) -> None:
    assert set(get_args(StaffRole)) == {str(role) for role in STAFF_ROLES}
    with pytest.raises(Invalid):
        load_settings(tmp_path, {"LMS_SECOND_STEP_ROLES": "learner"})
    assert load_settings(tmp_path, {"LMS_SECOND_STEP_ROLES": "judge organiser"}).second_step_roles == ("judge", "organiser")
