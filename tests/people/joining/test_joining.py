"""Joining by a code: at once or approved, on the phone without an account; what is refused, and who may decide."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from lms.errors import Conflict, Invalid, NotFound
from lms.people.joining.models import JoinCode, JoinRequest
from lms.people.joining.rules import is_open, plain_code, shown_code
from lms.people.joining.service.codes import close_code, find_open_code, list_codes, make_code
from lms.people.joining.service.joining import KEPT, accept, forget_waiting, join, list_waiting, refuse
from lms.people.models import Account, Membership, Person, Unit
from lms.people.rules import Role
from lms.people.secrets import Secret, make_secret
from lms.people.service import close_unit
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from lms.platform.site import Site
from tests.conftest import NOW, ONE_DATABASE
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in

TODAY = date(2026, 11, 22)
FORM = {"full_name": "Lò Thị Ban", "phone": "0912 345 678", "pin": "908172", "again": "908172", "lang": "vi", "agreed": "y"}


@pytest.fixture()
def world(db: Database) -> dict[str, Any]:
    """A co-operative and a commune, each with an officer; an administrator."""
    with db.writing() as session:
        coop, commune = make_unit(session, name="Hợp tác xã", code="HTX"), make_unit(session, name="Xã", code="XA")
        return {
            "coop": coop,
            "commune": commune,
            "boss": make_learner(session, roles=(Role.ADMINISTRATOR,), staff_code="QT01"),
            "officer": make_learner(session, unit=coop, roles=(Role.OFFICER,), staff_code="AT01"),
            "other": make_learner(session, unit=commune, roles=(Role.OFFICER,), staff_code="AT02"),
        }


@pytest.fixture(scope="module")
def secret() -> Secret:
    """A PIN, hashed once."""
    return make_secret("908172", "pin")


def _code(session: Any, unit: Unit, actor: Person, **given: Any) -> JoinCode:
    values: dict[str, Any] = {"until_on": TODAY, "most_uses": None, "approved": True, "paths": ("/",)} | given
    return make_code(session, unit_id=unit.id, actor_id=actor.id, today=TODAY, now=NOW, **values)


def _join(session: Any, code: JoinCode, secret: Secret, **given: Any) -> Person | None:
    values: dict[str, Any] = {"full_name": "Lò Thị Ban", "phone": "0912345678", "lang": "vi", "today": TODAY} | given
    return join(session, code=code.code, secret=secret, now=NOW, **values)


@pytest.mark.parametrize(
    ("given", "opens"),
    [
        ({}, True),
        ({"on": TODAY + timedelta(days=1)}, False),
        ({"closed": True}, False),
        ({"uses": 2, "most_uses": 3}, True),
        ({"uses": 3, "most_uses": 3}, False),
    ],
)
def test_how_long_a_code_opens(given: dict[str, Any], opens: bool) -> None:
    values: dict[str, Any] = {"until_on": TODAY, "closed": False, "uses": 0, "most_uses": None, "on": TODAY} | given
    assert is_open(**values) is opens


def test_a_code_is_read_as_it_is_printed() -> None:
    assert plain_code(" abcd-23ef ") == "ABCD23EF"
    assert plain_code(shown_code("ABCD23EF")) == "ABCD23EF"


def test_who_joins_at_once_is_a_person_of_the_unit(db: Database, world: dict[str, Any], secret: Secret) -> None:
    with db.writing() as session:
        code = _code(session, world["coop"], world["boss"], approved=False)
        person = _join(session, code, secret)
        assert person is not None
        assert code.uses == 1
    with db.reading() as session:
        assert session.scalars(select(Membership.unit_id).where(Membership.person_id == person.id)).all() == [world["coop"].id]
        account = session.get_one(Account, person.id)
        assert (account.secret_kind, account.must_change) == ("pin", False)
        assert "joined" in session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == str(person.id))).all()


def test_who_waits_is_no_person_until_they_are_let_in(db: Database, world: dict[str, Any], secret: Secret) -> None:
    with db.writing() as session:
        code = _code(session, world["coop"], world["boss"])
        assert _join(session, code, secret) is None
    with pytest.raises(Conflict), db.writing() as session:
        _join(session, code, secret)
    with db.writing() as session:
        (waiting,), total = list_waiting(session, paths=(world["coop"].path,), page=1)
        assert (total, waiting.unit, waiting.request.full_name) == (1, "Hợp tác xã", "Lò Thị Ban")
        assert list_waiting(session, paths=(world["commune"].path,), page=1) == ([], 0)
        act: dict[str, Any] = {"request_id": waiting.request.id, "actor_id": world["officer"].id, "now": NOW}
        with pytest.raises(NotFound):
            accept(session, **act, paths=(world["commune"].path,), today=TODAY)
        accepted = accept(session, **act, paths=(world["coop"].path,), today=TODAY)
        assert accepted.phone == "0912345678"
        with pytest.raises(NotFound):
            refuse(session, **act, paths=(world["coop"].path,))
        with pytest.raises(Conflict, match="registered already"):
            _join(session, code, secret)


def test_who_is_refused_is_forgotten(db: Database, world: dict[str, Any], secret: Secret) -> None:
    with db.writing() as session:
        _join(session, _code(session, world["coop"], world["boss"]), secret)
        request = session.scalars(select(JoinRequest)).one()
        refuse(session, request_id=request.id, actor_id=world["officer"].id, paths=("/",), now=NOW)
        assert session.scalar(select(func.count()).select_from(JoinRequest)) == 0


@pytest.mark.parametrize("given", [{"full_name": " "}, {"full_name": "x" * 201}, {"phone": "123"}, {"lang": "xx"}])
def test_what_cannot_be_entered(db: Database, world: dict[str, Any], secret: Secret, given: dict[str, Any]) -> None:
    with db.writing() as session:
        code = _code(session, world["coop"], world["boss"])
        with pytest.raises(Invalid):
            _join(session, code, secret, **given)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"until_on": TODAY - timedelta(days=1)}, Invalid),
        ({"until_on": TODAY + timedelta(days=400)}, Invalid),
        ({"most_uses": 0}, Invalid),
        ({"paths": ("/999/",)}, NotFound),
    ],
)
def test_codes_that_cannot_be(db: Database, world: dict[str, Any], given: dict[str, Any], error: type[Exception]) -> None:
    with db.writing() as session, pytest.raises(error):
        _code(session, world["coop"], world["boss"], **given)


def test_a_code_opens_no_more(db: Database, world: dict[str, Any], secret: Secret) -> None:
    with db.writing() as session:
        code = _code(session, world["coop"], world["boss"], most_uses=1, approved=False, until_on=TODAY + timedelta(days=9))
        _join(session, code, secret)
        with pytest.raises(NotFound):
            _join(session, code, secret, phone="0900000000")
        second = _code(session, world["coop"], world["boss"])
        close: dict[str, Any] = {"code_id": second.id, "actor_id": world["boss"].id, "now": NOW}
        with pytest.raises(NotFound):
            close_code(session, **close, paths=(world["commune"].path,))
        close_code(session, **close, paths=("/",))
        with pytest.raises(Conflict):
            close_code(session, **close, paths=("/",))
        third = _code(session, world["commune"], world["boss"])
        session.execute(update(Membership).where(Membership.unit_id == world["commune"].id).values(until_on=TODAY - timedelta(days=1)))
        close_unit(session, unit_id=world["commune"].id, on=TODAY, now=NOW, actor_id=None)
        for gone in (second, third):
            with pytest.raises(NotFound):
                find_open_code(session, text=gone.code, on=TODAY)
        with pytest.raises(Conflict):
            _code(session, world["commune"], world["boss"])
        assert [one.open for one in list_codes(session, paths=("/",), on=TODAY, page=1)[0]] == [True, False, False]


def test_who_waits_too_long_is_forgotten(db: Database, the_site: Site, world: dict[str, Any], secret: Secret) -> None:
    with db.writing() as session:
        _join(session, _code(session, world["coop"], world["boss"]), secret)
    assert forget_waiting(db, NOW + KEPT - timedelta(hours=1)) == 0
    assert the_site.jobs.run("people.waiting", NOW) == 0
    assert forget_waiting(db, NOW + KEPT + timedelta(hours=1)) == 1


def _given_out(client: FlaskClient, world: dict[str, Any], **given: Any) -> str:
    """Give a code out through the page; gives it."""
    sign_in(client, world["boss"])
    form = {"unit": str(world["coop"].id), "until_on": "2026-12-31", "most_uses": "", "approved": "y"} | given
    notice = client.post("/people/joining", data={key: value for key, value in form.items() if value is not None})
    assert notice.status_code == 302
    page = client.get(notice.headers["Location"]).text
    found = re.search(r'slip-secret">([A-Z2-9]{4}-[A-Z2-9]{4})<', page)
    assert found
    assert "<svg" in page
    client.post("/sign-out")
    return found[1]


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_from_the_notice_to_the_first_page(app: Flask, client: FlaskClient, world: dict[str, Any], lang: str) -> None:
    code = _given_out(client, world)
    phone = app.test_client()
    assert "/join" in phone.get(f"/sign-in?lang={lang}").text
    assert phone.get(f"/join?lang={lang}").status_code == 200
    assert phone.post("/join", data={"code": "ZZZZ-9999"}).status_code == 422
    where = phone.post("/join", data={"code": code.lower()}).headers["Location"]
    page = phone.get(f"{where}?lang={lang}").text
    assert "Hợp tác xã" in page
    for wrong in ({"again": "1"}, {"pin": "123456", "again": "123456"}, {"phone": "x"}, {"agreed": ""}, {"full_name": ""}):
        answer = phone.post(where, data={key: value for key, value in (FORM | wrong).items() if value})
        assert answer.status_code == 422
        assert "form-errors" in answer.text
    assert "0912345678" in phone.post(where, data=FORM).text
    assert phone.post("/sign-in", data={"name": "0912345678", "secret": "908172"}).status_code == 422
    assert phone.post(where, data=FORM).status_code == 409
    sign_in(client, world["officer"])
    page = client.get(f"/people/joining?lang={lang}").text
    assert "Lò Thị Ban" in page
    assert 'name="most_uses"' not in page
    (decide,) = re.findall(r"/people/joining/waiting/\d+", page)
    assert client.post(decide, data={"let": "in"}).status_code == 302
    assert client.post(decide, data={"let": "in"}).status_code == 404
    assert "Lò Thị Ban" in client.get("/people").text
    assert phone.post("/sign-in", data={"name": "0912345678", "secret": "908172"}).status_code == 302
    assert "Hợp tác xã" in phone.get("/me/").text


def test_without_approval_one_begins_at_once(app: Flask, client: FlaskClient, world: dict[str, Any]) -> None:
    code = _given_out(client, world, approved=None, most_uses="1")
    phone = app.test_client()
    assert phone.post(f"/join/{code}", data=FORM).headers["Location"] == "/"
    assert phone.get("/me/").status_code == 200
    assert phone.get("/me/devices").status_code == 200
    assert app.test_client().get(f"/join/{code}").status_code == 404


def test_who_decides_and_who_gives_out(app: Flask, client: FlaskClient, world: dict[str, Any], db: Database) -> None:
    code = _given_out(client, world)
    phone, other = app.test_client(), app.test_client()
    phone.post(f"/join/{code}", data=FORM)
    with db.reading() as session:
        request, made = session.scalars(select(JoinRequest.id)).one(), session.scalars(select(JoinCode.id)).one()
    sign_in(other, world["other"])
    assert other.post(f"/people/joining/waiting/{request}", data={"let": "in"}).status_code == 404
    assert other.get(f"/people/joining/{made}").status_code == 404
    assert other.post(f"/people/joining/{made}/close").status_code == 403
    assert "Lò Thị Ban" not in other.get("/people/joining").text
    sign_in(client, world["officer"])
    assert client.post(f"/people/joining/waiting/{request}", data={"let": "out"}).status_code == 302
    assert client.post("/people/joining", data={"unit": str(world["coop"].id), "until_on": "2026-12-31"}).status_code == 200
    client.post("/sign-out")
    sign_in(client, world["boss"])
    for given in ({"until_on": "2020-01-01"}, {"most_uses": "0"}, {"unit": "99999"}, {"until_on": ""}):
        answer = client.post("/people/joining", data={"unit": str(world["coop"].id), "until_on": "2026-12-31"} | given)
        assert answer.status_code == 422, given
    for _ in range(2):
        assert client.post(f"/people/joining/{made}/close").status_code == 302
    assert app.test_client().get(f"/join/{code}").status_code == 404


def test_a_phone_that_became_anothers_meanwhile_is_told_at_the_desk(client: FlaskClient, world: dict[str, Any], db: Database, secret: Secret) -> None:
    with db.writing() as session:
        _join(session, _code(session, world["coop"], world["boss"]), secret)
        make_learner(session, phone="0912345678")
        request = session.scalars(select(JoinRequest.id)).one()
    sign_in(client, world["officer"])
    answer = client.post(f"/people/joining/waiting/{request}", data={"let": "in"})
    assert answer.status_code == 409
    assert "Lò Thị Ban" in answer.text


@ONE_DATABASE
def test_the_desk_costs_the_same_however_many_wait(client: FlaskClient, world: dict[str, Any], db: Database) -> None:
    costs = []
    sign_in(client, world["officer"])
    for n in (2, 30):
        with db.writing() as session:
            for one in range(n):
                code = _code(session, world["coop"], world["boss"])
                session.add(JoinRequest(code_id=code.id, full_name="X", phone=f"09{n:02}{one:06}", lang="vi", secret_hash="", made_at=NOW))
        with count_queries(db) as counted:
            assert client.get("/people/joining").status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[1]
