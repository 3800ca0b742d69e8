"""Signing in: code or phone, PIN or password, no e-mail; wrong tries slow the one who makes them, nobody else."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.clock import MovableClock
from lms.errors import Invalid
from lms.people import secrets
from lms.people.models import Account, Person, SignInTry
from lms.people.rules import Role
from lms.people.service.sign_in import Caller, change_own_secret
from lms.people.service.sign_in import sign_in as prove
from lms.people.service.tries import FREE_TRIES, STRANGE_TRIES, WIDE, forget_old_tries
from lms.people.signed_in import find_signed_in
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.conftest import NOW
from tests.make import PIN, PIN_HASH, make_learner, sign_in

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PIN)


def attempt(client: FlaskClient, name: str = "NV7", secret: str = "000000", **more: Any) -> int:  # noqa: S107
    return client.post("/sign-in", data={"name": name, "secret": secret}, **more).status_code


def visit(app: Flask) -> FlaskClient:
    """A new device that has opened the sign-in page."""
    client = app.test_client()
    assert client.get("/sign-in").status_code == 200
    return client


def make_nv7(db: Database) -> int:
    with db.writing() as session:
        return make_learner(session, staff_code="NV7", phone="0912345678").id


@pytest.mark.parametrize("name", ["NV7", "nv7", " ｎｖ７ ", "0912345678", "0912 345 678", "+84 912.345.678", "84912345678"])
def test_a_learner_signs_in_by_code_or_phone_as_people_type_them(client: FlaskClient, db: Database, name: str) -> None:
    make_nv7(db)
    assert attempt(client, name, PIN) == 302
    assert client.get("/me/").status_code == 200
    client.post("/sign-out")
    assert client.get("/me/").status_code == 302


def test_a_staff_code_goes_before_a_phone_number(client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        make_learner(session, phone="0912345678", staff_code="A1", full_name="Có Điện Thoại")
        make_learner(session, staff_code="0912345678", full_name="Có Mã")
    assert attempt(client, "0912345678", PIN) == 302
    assert "Có Mã" in client.get("/me/").text


def test_unknown_closed_and_wrong_look_the_same(app: Flask, db: Database) -> None:
    make_nv7(db)
    with db.writing() as session:
        closed = make_learner(session, staff_code="DONG")
        session.get_one(Account, closed.id).active = False
    pages = []
    for name, secret in (("NV7", "111222"), ("KHONGCO", "111222"), ("DONG", PIN)):
        answer = visit(app).post("/sign-in", data={"name": name, "secret": secret})
        assert answer.status_code == 422
        pages.append(re.sub(r'value="[^"]*"', "", answer.text))
    assert pages[0] == pages[1] == pages[2]


def test_unknown_takes_as_long_as_wrong(app: Flask, db: Database) -> None:
    person_id = make_nv7(db)
    with db.writing() as session:
        session.get_one(Account, person_id).secret_hash = secrets.hash_secret(PIN)
    spent: dict[str, float] = {}
    for name in ("NV7", "KHONGCO", "NV7", "KHONGCO"):
        client, start = visit(app), time.process_time()
        attempt(client, name, "111222")
        spent[name] = min(spent.get(name, 9.0), time.process_time() - start)
    assert 0.5 < spent["KHONGCO"] / spent["NV7"] < 2


def test_after_five_wrong_tries_a_device_waits_five_minutes_and_another_does_not(app: Flask, db: Database, clock: MovableClock) -> None:
    make_nv7(db)
    client = visit(app)
    assert [attempt(client) for _ in range(FREE_TRIES)] == [422] * FREE_TRIES
    assert attempt(client, secret=PIN) == 409
    assert attempt(visit(app), secret=PIN) == 302
    clock.move(minutes=4, seconds=59)
    assert attempt(client, secret=PIN) == 409
    clock.move(seconds=1)
    assert attempt(client, secret=PIN) == 302


def test_a_success_forgets_the_failures_and_so_does_a_pause(app: Flask, db: Database, clock: MovableClock) -> None:
    make_nv7(db)
    client = visit(app)
    for _ in range(3):
        assert [attempt(client) for _ in range(FREE_TRIES - 1)] == [422] * (FREE_TRIES - 1)
        assert attempt(client, secret=PIN) == 302
        client.post("/sign-out")
    assert [attempt(client) for _ in range(FREE_TRIES - 1)] == [422] * (FREE_TRIES - 1)
    clock.move(minutes=6)
    assert [attempt(client) for _ in range(FREE_TRIES)] == [422] * FREE_TRIES


def test_new_devices_without_end_are_slowed_at_one_account_but_not_its_own_device_nor_its_slip(app: Flask, db: Database, clock: MovableClock) -> None:
    person_id = make_nv7(db)
    own = visit(app)
    assert attempt(own, secret=PIN) == 302
    own.post("/sign-out")
    assert [attempt(visit(app)) for _ in range(STRANGE_TRIES)] == [422] * STRANGE_TRIES
    assert attempt(visit(app), secret=PIN) == 409
    assert attempt(own, secret=PIN) == 302
    with app.test_request_context():
        from lms.people.device import slip_token  # noqa: PLC0415

        token, foreign = slip_token(person_id, 1), slip_token(person_id + 1, 1)
    by_slip: dict[str, Any] = {"data": {"name": "NV7", "secret": PIN}}
    assert visit(app).post(f"/sign-in?slip={foreign}", **by_slip).status_code == 409
    assert visit(app).post("/sign-in?slip=forged", **by_slip).status_code == 409
    assert visit(app).post(f"/sign-in?slip={token}", **by_slip).status_code == 302
    clock.move(seconds=31)
    assert attempt(visit(app), secret=PIN) == 302


def test_an_address_that_fails_at_many_accounts_is_slowed_for_new_devices_only(app: Flask, db: Database, clock: MovableClock) -> None:
    make_nv7(db)
    known = visit(app)
    assert attempt(known, secret=PIN) == 302
    known.post("/sign-out")
    with db.writing() as session:
        make_learner(session, staff_code="NV8")
    assert [attempt(visit(app), f"X{n}") for n in range(WIDE)] == [422] * WIDE
    assert attempt(visit(app), "NV8", PIN) == 409
    assert attempt(visit(app), "NV8", PIN, environ_base={"REMOTE_ADDR": "10.9.9.9"}) == 302
    assert attempt(known, "NV8", PIN) == 302
    assert attempt(visit(app), "NV7", PIN) == 302


def test_a_slow_address_gets_a_try_every_five_seconds_and_a_success_ends_it(app: Flask, db: Database, clock: MovableClock) -> None:
    make_nv7(db)
    for n in range(WIDE):
        attempt(visit(app), f"X{n}")
    assert attempt(visit(app), secret=PIN) == 409
    clock.move(seconds=5)
    assert attempt(visit(app), secret=PIN) == 302
    assert attempt(visit(app), secret=PIN) == 302


def test_three_hundred_people_behind_one_address_all_get_in(app: Flask, db: Database) -> None:
    with db.writing() as session:
        for n in range(300):
            session.get_one(Account, make_learner(session, staff_code=f"P{n}").id).secret_hash = CHEAP
    for n in range(300):
        client = visit(app)
        if n % 10 == 0:
            assert attempt(client, f"P{n}") == 422
        assert attempt(client, f"P{n}", PIN) == 302


def test_what_was_typed_is_not_kept_in_clear(app: Flask, db: Database) -> None:
    make_nv7(db)
    client = visit(app)
    attempt(client, "246813", "NV7")
    attempt(client, "NV7", "975310")
    with db.reading() as session:
        kept = " ".join(f"{row.subject} {row.device}" for row in session.scalars(select(SignInTry)))
    assert "246813" not in kept
    assert "975310" not in kept
    assert "NV7" not in kept
    assert "127.0.0.1" not in kept


def test_old_failures_are_forgotten_and_known_devices_kept_for_a_year(app: Flask, db: Database, clock: MovableClock) -> None:
    make_nv7(db)
    attempt(visit(app))
    attempt(visit(app), secret=PIN)
    assert forget_old_tries(db, clock.now()) == 0
    clock.move(days=1, seconds=1)
    assert forget_old_tries(db, clock.now()) == 2
    assert forget_old_tries(db, clock.now()) == 0
    clock.move(days=365)
    assert forget_old_tries(db, clock.now()) == 2


def test_the_device_cookie_is_random_signed_and_not_for_scripts(app: Flask) -> None:
    sent = app.test_client().get("/sign-in").headers["Set-Cookie"]
    other = app.test_client().get("/sign-in").headers["Set-Cookie"]
    assert sent.startswith("device=")
    assert "HttpOnly" in sent
    assert "Max-Age=31536000" in sent
    assert sent.split(";")[0] != other.split(";")[0]
    client = app.test_client()
    client.set_cookie("device", "forged")
    assert "device=" in client.get("/sign-in").headers["Set-Cookie"]
    first = visit(app)
    assert first.get("/sign-in").headers["Set-Cookie"].split(";")[0] == first.get("/sign-in").headers["Set-Cookie"].split(";")[0]


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/me/", "/me/"),
        ("/me/?a=1&b=%C3%A1", "/me/?a=1&b=%C3%A1"),
        ("/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\t/evil.example/", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("javascript:alert(1)", "/"),
        ("me", "/"),
        ("", "/"),
    ],
)
def test_next_leads_to_own_pages_only(client: FlaskClient, db: Database, asked: str, led: str) -> None:
    make_nv7(db)
    answer = client.post("/sign-in", query_string={"next": asked}, data={"name": "NV7", "secret": PIN})
    assert answer.headers["Location"] == led


def test_a_new_device_greets_in_the_language_of_the_person_and_keeps_a_chosen_one(app: Flask, db: Database) -> None:
    with db.writing() as session:
        make_learner(session, staff_code="ZH1", lang="zh")
    fresh, chosen = visit(app), app.test_client()
    chosen.get("/sign-in?lang=en")
    for client, lang in ((fresh, "zh-Hans"), (chosen, "en")):
        assert attempt(client, "ZH1", PIN) == 302
        assert f'<html lang="{lang}"' in client.get("/me/").text


def test_a_slip_on_a_device_where_another_is_signed_in_says_so(client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        person = make_learner(session, full_name="Người Khác")
    sign_in(client, person)
    assert client.get("/sign-in").status_code == 302
    assert "Người Khác" in client.get("/sign-in?code=NV7&slip=x").text


def test_an_empty_form_says_what_is_missing(client: FlaskClient) -> None:
    assert client.post("/sign-in", data={}).status_code == 422


def test_a_session_ends_with_the_epoch_and_with_the_account(client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        person = make_learner(session, roles=(Role.OFFICER,))
    for change in ({"epoch": 2}, {"active": False}):
        with db.writing() as session:
            session.get_one(Account, person.id).active = True
        sign_in(client, person)
        assert client.get("/me/").status_code == 200
        with db.writing() as session:
            for name, value in change.items():
                setattr(session.get_one(Account, person.id), name, value)
        assert client.get("/me/").status_code == 302


def test_a_failed_try_grows_one_row_whatever_the_number_of_tries(app: Flask, db: Database) -> None:
    make_nv7(db)
    client = visit(app)
    for _ in range(4):
        attempt(client)
    with db.reading() as session:
        rows = session.scalars(select(SignInTry)).all()
        assert session.scalar(select(Person.id)) is not None
    assert sorted(row.failures for row in rows) == [4, 4, 4]


def test_waiting_does_not_tell_whether_a_phone_number_is_known(app: Flask, db: Database) -> None:
    make_nv7(db)
    answers = []
    for number in ("912345678", "987654321"):
        client = visit(app)
        assert [attempt(client, f"0{number}") for _ in range(FREE_TRIES)] == [422] * FREE_TRIES
        answers.append(attempt(client, f"+84 {number}"))
    assert answers == [409, 409]


def _while_hashing(run: Callable[[], object], meanwhile: Callable[[], None]) -> None:
    """Start an act that hashes, do something else once it has read what it needs and waits for its turn, and let it go on."""
    secrets.size_pool(1, 1)
    with ThreadPoolExecutor(1) as threads:
        with secrets._pool.turn():
            act = threads.submit(run)
            while secrets._pool._places._value and not act.done():
                time.sleep(0.001)
            meanwhile()
        act.result(20)


CALLER = Caller("device", "127.0.0.1", "key")


@pytest.mark.parametrize("act", ["sign in", "change"])
def test_an_account_closed_while_its_secret_is_hashed_stays_closed(db: Database, act: str) -> None:
    with db.writing() as session:
        person = make_learner(session, staff_code="NV7")
    with db.reading() as session:
        own = find_signed_in(session, person.id, 1, NOW.date())
    assert own is not None

    def run() -> object:
        if act == "sign in":
            return prove(db, name="NV7", secret=PIN, caller=CALLER, today=NOW.date(), now=NOW)
        return change_own_secret(db, person=own, current=PIN, chosen="975318", caller=CALLER, today=NOW.date(), now=NOW)

    def close() -> None:
        with db.writing() as session:
            account = session.get_one(Account, person.id)
            account.active, account.epoch = False, account.epoch + 1

    with pytest.raises(Invalid):
        _while_hashing(run, close)
    with db.reading() as session:
        assert session.get_one(Account, person.id).secret_hash == PIN_HASH
        assert session.scalars(select(AuditEvent.action)).all() == []
        assert session.scalars(select(SignInTry)).all() == []


def test_an_own_secret_is_changed_only_with_the_present_one(db: Database) -> None:
    with db.writing() as session:
        person = make_learner(session)
    with db.reading() as session:
        own = find_signed_in(session, person.id, 1, NOW.date())
    assert own is not None
    with pytest.raises(Invalid, match="present"):
        change_own_secret(db, person=own, current=None, chosen="975318", caller=CALLER, today=NOW.date(), now=NOW)
