"""Pages of the people room: who sees what, what is refused in words, what a page costs."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.people.models import Account, Membership, Person, RoleGrant, Unit
from lms.people.rules import Role
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.conftest import NOW
from tests.counting import count_queries
from tests.make import PIN, make_learner, make_unit, sign_in


@pytest.fixture()
def world(db: Database) -> dict[str, Any]:
    """Two plants; an officer in the first, learners in both, an administrator of the site."""
    with db.writing() as session:
        root = make_unit(session, name="Công ty")
        one, two = make_unit(session, parent=root, name="Nhà máy 1"), make_unit(session, parent=root, name="Nhà máy 2")
        return {
            "root": root,
            "one": one,
            "two": two,
            "boss": make_learner(session, roles=(Role.ADMINISTRATOR,), full_name="Bà Quản Trị"),
            "officer": make_learner(session, unit=one, roles=(Role.OFFICER,), full_name="Ông Cán Bộ"),
            "leader": make_learner(session, unit=one, roles=(Role.TEAM_LEADER,), full_name="Chị Tổ Trưởng"),
            "learner": make_learner(session, unit=one, full_name="Anh Công Nhân"),
            "stranger": make_learner(session, unit=two, full_name="Người Lạ"),
        }


@pytest.fixture()
def boss(client: FlaskClient, world: dict[str, Any]) -> FlaskClient:
    """The administrator's browser."""
    sign_in(client, world["boss"])
    return client


@pytest.fixture()
def officer(client: FlaskClient, world: dict[str, Any]) -> FlaskClient:
    """The officer's browser."""
    sign_in(client, world["officer"])
    return client


LOOKS = ("/people", "/people/new", "/people/audit", "/units/", "/units/new")


def test_a_learner_sees_only_the_own_page(client: FlaskClient, world: dict[str, Any]) -> None:
    assert client.get("/people").status_code == 302
    sign_in(client, world["learner"])
    assert [client.get(page).status_code for page in LOOKS] == [403] * len(LOOKS)
    assert client.get(f"/people/{world['learner'].id}").status_code == 403
    assert "Nhà máy 1" in client.get("/me/").text


def test_an_officer_sees_the_own_subtree_and_a_stranger_is_not_there(officer: FlaskClient, world: dict[str, Any]) -> None:
    page = officer.get("/people").text
    assert "Anh Công Nhân" in page
    assert "Người Lạ" not in page
    assert officer.get(f"/people/{world['learner'].id}").status_code == 200
    stranger = world["stranger"].id
    assert officer.get(f"/people/{stranger}").status_code == 404
    assert officer.post(f"/people/{stranger}/slip").status_code == 404
    assert officer.get(f"/people/slips/{world['two'].id}").status_code == 404
    assert officer.post(f"/people/slips/{world['root'].id}").status_code == 404
    assert "Nhà máy 2" not in officer.get("/units/").text
    assert officer.get(f"/people?unit={world['two'].id}").text.count("Người Lạ") == 0


def test_an_officer_changes_nothing_but_slips(officer: FlaskClient, world: dict[str, Any]) -> None:
    person = world["learner"].id
    page = officer.get(f"/people/{person}").text
    assert f"/people/{person}/slip" in page
    assert not re.search(rf"/people/{person}/(edit|move|leave|roles|account)", page)
    for path in ("move", "leave", "roles", "account", "roles/1/end"):
        assert officer.post(f"/people/{person}/{path}").status_code == 403
    assert officer.get(f"/people/{person}/edit").status_code == 403
    assert officer.get(f"/units/{world['one'].id}").status_code == 403
    assert officer.get("/people/audit").status_code == 403


def test_a_slip_shows_a_pin_once_which_must_be_changed_at_once(app: Flask, officer: FlaskClient, world: dict[str, Any], db: Database) -> None:
    learner = world["learner"]
    slip = officer.post(f"/people/{learner.id}/slip").text
    pin = re.search(r'slip-secret">(\d{6})<', slip)
    assert pin
    assert "<svg" in slip
    assert "style=" not in slip
    assert pin[1] not in officer.get(f"/people/{learner.id}").text
    phone = app.test_client()
    assert phone.post("/sign-in", data={"name": learner.staff_code, "secret": PIN}).status_code == 422
    assert phone.post("/sign-in", data={"name": learner.staff_code, "secret": pin[1]}).status_code == 302
    for page in ("/", "/me/", "/people"):
        assert phone.get(page).headers["Location"] == "/me/secret"
    assert phone.get("/me/", headers={"Accept": "application/json"}).status_code == 403
    assert phone.get("/health").status_code == 200
    for chosen, again in (("123456", "123456"), ("908172", "908173"), (pin[1], pin[1]), ("", "")):
        assert phone.post("/me/secret", data={"chosen": chosen, "again": again}).status_code == 422
    assert phone.post("/me/secret", data={"chosen": "908172", "again": "908172"}).status_code == 302
    assert phone.get("/me/").status_code == 200
    with db.reading() as session:
        assert session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == str(learner.id)).order_by(AuditEvent.id)).all() == [
            "secret_reset",
            "sign_in",
            "secret_changed",
        ]


def test_staff_is_reset_by_the_administrator_only_and_chooses_a_password(app: Flask, client: FlaskClient, world: dict[str, Any]) -> None:
    leader = world["leader"]
    sign_in(client, world["officer"])
    assert client.post(f"/people/{leader.id}/slip").status_code == 403
    assert f"/people/{leader.id}/slip" not in client.get(f"/people/{leader.id}").text
    client.post("/sign-out")
    sign_in(client, world["boss"])
    secret = re.search(r'slip-secret">([a-z0-9-]{14})<', client.post(f"/people/{leader.id}/slip").text)
    assert secret
    own = app.test_client()
    own.post("/sign-in", data={"name": leader.staff_code, "secret": secret[1]})
    assert own.post("/me/secret", data={"chosen": "908172", "again": "908172"}).status_code == 422
    assert own.post("/me/secret", data={"chosen": "mèo tre 7x", "again": "mèo tre 7x"}).status_code == 302
    assert own.get("/people").status_code == 200


def test_a_person_without_a_name_to_sign_in_with_gets_no_slip(boss: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        nameless = make_learner(session, staff_code=None)
    assert boss.post(f"/people/{nameless.id}/slip").status_code == 409


def test_changing_the_own_pin_asks_for_the_present_one_and_ends_other_sessions(app: Flask, client: FlaskClient, world: dict[str, Any]) -> None:
    other = app.test_client()
    sign_in(client, world["learner"])
    sign_in(other, world["learner"])
    new = {"chosen": "908172", "again": "908172"}
    assert client.get("/me/secret").status_code == 200
    assert client.post("/me/secret", data={"current": "000000", **new}).status_code == 422
    assert client.post("/me/secret", data=new).status_code == 422
    assert client.post("/me/secret", data={"current": PIN, **new}).headers["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302
    for _ in range(5):
        client.post("/me/secret", data={"current": "000000", **new})
    assert client.post("/me/secret", data={"current": "908172", "chosen": "908173", "again": "908173"}).status_code == 409


def test_language_and_signing_out_everywhere(app: Flask, client: FlaskClient, world: dict[str, Any]) -> None:
    other = app.test_client()
    sign_in(client, world["learner"])
    sign_in(other, world["learner"])
    client.post("/me/language", data={"lang": "zh"})
    assert '<html lang="zh-Hans"' in client.get("/me/").text
    assert client.post("/me/language", data={"lang": "fr"}).status_code == 422
    assert client.post("/me/sign-out-everywhere").status_code == 302
    assert [browser.get("/me/").status_code for browser in (client, other)] == [302, 302]


def test_a_batch_of_slips(officer: FlaskClient, world: dict[str, Any], db: Database) -> None:
    with db.writing() as session:
        for _ in range(41):
            make_learner(session, unit=world["one"])
    path = f"/people/slips/{world['one'].id}"
    assert "42" in officer.get(path).text
    first = officer.post(path, data={"who": "new"}).text
    assert first.count('class="slip"') == 40
    after = re.search(r'name="after" value="([^"]+)"', first)
    assert after
    second = officer.post(path, data={"who": "all", "after": after[1]}).text
    assert second.count('class="slip"') == 2
    with db.reading() as session:
        assert sum(account.must_change for account in session.scalars(select(Account))) == 42


def new_person(work_in: Unit, **given: str) -> dict[str, Any]:
    return {"full_name": "Lê Mới", "staff_code": "m1", "lang": "vi", "unit": work_in.id, "on": "2026-11-22", "position": "thợ"} | given


def test_the_administrator_enters_corrects_and_moves_a_person(boss: FlaskClient, world: dict[str, Any], db: Database) -> None:
    assert boss.get(f"/people/new?unit={world['two'].id}").status_code == 200
    made = boss.post("/people/new", data=new_person(world["one"], national_id="001099012345"))
    assert made.status_code == 302
    path = made.headers["Location"]
    assert "2345" in boss.get(path).text
    assert boss.get(path + "/edit").status_code == 200
    assert boss.post(path + "/edit", data={"full_name": "Lê Mới Hơn", "staff_code": "M1", "lang": "zh"}).status_code == 302
    assert boss.post(path + "/move", data={"unit": world["two"].id, "on": "2026-12-01", "position": "thợ"}).status_code == 302
    assert boss.post(path + "/move", data={"unit": world["two"].id, "on": "", "position": ""}).status_code == 422
    assert boss.post(path + "/move", data={"unit": world["one"].id, "on": "2026-12-01", "position": ""}).status_code == 422
    assert boss.post(path + "/leave", data={"last_on": "2026-12-31"}).status_code == 302
    assert boss.post(path + "/leave", data={"last_on": "2026-12-31"}).status_code == 409
    with db.reading() as session:
        person = session.scalars(select(Person).where(Person.staff_code == "M1")).one()
        assert (person.full_name, person.lang) == ("Lê Mới Hơn", "zh")
        assert len(session.scalars(select(Membership).where(Membership.person_id == person.id)).all()) == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"staff_code": "a b"}, "staff_code"),
        ({"staff_code": "", "phone": ""}, "staff_code"),
        ({"phone": "12"}, "phone"),
        ({"email": "a b"}, "email"),
        ({"national_id": "1"}, "national_id"),
        ({"on": "gestern"}, "on"),
        ({"unit": "0"}, "unit"),
        ({"staff_code": "TAKEN"}, "staff_code"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(boss: FlaskClient, world: dict[str, Any], db: Database, given: dict[str, str], field: str) -> None:
    with db.writing() as session:
        make_learner(session, staff_code="TAKEN")
    answer = boss.post("/people/new", data=new_person(world["one"], **given))
    assert answer.status_code in {409, 422}
    assert f'id="{field}-error"' in answer.text
    with db.reading() as session:
        assert session.scalar(select(Person.id).where(Person.full_name == "Lê Mới")) is None


def test_a_taken_code_is_told_when_correcting_too(boss: FlaskClient, world: dict[str, Any]) -> None:
    learner, stranger = world["learner"], world["stranger"]
    answer = boss.post(f"/people/{learner.id}/edit", data={"full_name": "X", "staff_code": stranger.staff_code, "lang": "vi"})
    assert answer.status_code == 409
    assert 'id="staff_code-error"' in answer.text
    assert boss.post(f"/people/{learner.id}/edit", data={"full_name": ""}).status_code == 422
    assert boss.get("/people/999999/edit").status_code == 404


def test_roles_and_the_account_of_a_person(boss: FlaskClient, world: dict[str, Any], db: Database) -> None:
    path = f"/people/{world['learner'].id}"
    give = {"role": "inspector", "scope": world["one"].id, "from_on": "2026-11-22", "until_on": ""}
    assert boss.post(path + "/roles", data=give).status_code == 422
    assert boss.post(path + "/roles", data=give | {"until_on": "2026-12-22"}).status_code == 302
    assert boss.post(path + "/roles", data=give | {"until_on": "2026-12-22"}).status_code == 409
    assert boss.post(path + "/roles", data=give | {"role": "king"}).status_code == 422
    with db.reading() as session:
        grant = session.scalars(select(RoleGrant).where(RoleGrant.person_id == world["learner"].id)).one()
        own = session.scalars(select(RoleGrant).where(RoleGrant.person_id == world["boss"].id)).one()
    assert boss.post(f"{path}/roles/{grant.id}/end").status_code == 302
    assert boss.post(f"{path}/roles/{grant.id}/end").status_code == 409
    assert boss.post(f"{path}/roles/{own.id}/end").status_code == 404
    assert boss.post(f"/people/{world['boss'].id}/roles/{own.id}/end").status_code == 409
    assert boss.post(path + "/account").status_code == 302
    assert "open" in boss.get(path).text
    assert boss.post(path + "/account", data={"open": "1"}).status_code == 302
    assert boss.post(f"/people/{world['boss'].id}/account").status_code == 409


def test_an_administrator_of_a_subtree_stays_in_it(client: FlaskClient, world: dict[str, Any], db: Database) -> None:
    with db.writing() as session:
        small = make_learner(session, unit=world["one"], roles=(Role.ADMINISTRATOR,))
        session.add(Membership(person_id=world["boss"].id, unit_id=world["one"].id, from_on=NOW.date()))
    sign_in(client, small)
    assert client.post("/people/new", data=new_person(world["two"])).status_code == 422
    assert client.get(f"/people/{world['stranger'].id}").status_code == 404
    assert client.get(f"/people/{world['boss'].id}").status_code == 200
    assert client.post(f"/people/{world['boss'].id}/slip").status_code == 403
    assert client.post(f"/people/{world['boss'].id}/account").status_code == 403
    give = {"role": "officer", "scope": "0", "from_on": "", "until_on": ""}
    assert client.post(f"/people/{world['learner'].id}/roles", data=give).status_code == 422
    assert client.get("/people/audit").status_code == 403
    assert client.get(f"/units/{world['two'].id}").status_code == 404
    assert client.post("/units/new", data={"name": "X", "code": "X", "kind": "team", "parent": 0}).status_code == 422


def test_units_are_made_renamed_moved_and_closed(boss: FlaskClient, world: dict[str, Any], db: Database) -> None:
    new = {"name": "Tổ Mới", "code": "tm", "kind": "team", "parent": world["two"].id}
    assert boss.get("/units/new").status_code == 200
    assert boss.post("/units/new", data=new).status_code == 302
    assert boss.post("/units/new", data=new).status_code == 409
    assert boss.post("/units/new", data=new | {"code": "a b"}).status_code == 422
    with db.reading() as session:
        unit_id = session.scalars(select(Unit.id).where(Unit.code == "TM")).one()
    path = f"/units/{unit_id}"
    assert boss.post(path, data=new | {"name": "Tổ Khác"}).status_code == 302
    assert boss.post(path, data={"name": "", "code": "TM", "kind": "team"}).status_code == 422
    assert boss.post(path + "/move", data={"parent": world["one"].id}).status_code == 302
    assert boss.post(f"/units/{world['root'].id}/move", data={"parent": unit_id}).status_code == 409
    assert boss.post(f"/units/{world['one'].id}/close", data={"on": "2026-11-22"}).status_code == 409
    assert boss.post(path + "/close", data={"on": "2026-11-22"}).status_code == 302
    assert "Tổ Khác" in boss.get("/units/").text
    assert boss.post(path + "/reopen").status_code == 302
    boss.post(path + "/close", data={"on": "2026-11-22"})
    assert boss.get(path).status_code == 200
    assert boss.get("/units/999999").status_code == 404


def test_reopening_below_a_closed_unit_is_refused_in_words(boss: FlaskClient, world: dict[str, Any], db: Database) -> None:
    with db.writing() as session:
        for code in ("G1", "G2"):
            above = session.scalar(select(Unit).where(Unit.code == "G1"))
            make_unit(session, parent=above, code=code, closed_on=NOW.date())
        below = session.scalars(select(Unit.id).where(Unit.code == "G2")).one()
    assert boss.post(f"/units/{below}/reopen").status_code == 409


def test_the_trail_is_read_by_subject_and_actor_with_names_and_without_values(boss: FlaskClient, world: dict[str, Any]) -> None:
    learner = world["learner"]
    boss.post(f"/people/{learner.id}/edit", data={"full_name": "Anh Công Nhân Mới", "staff_code": learner.staff_code, "lang": "vi"})
    boss.post("/units/new", data={"name": "Tổ Mới", "code": "TM", "kind": "team", "parent": world["two"].id})
    page = boss.get(f"/people/audit?kind=person&subject={learner.id}").text
    assert "Anh Công Nhân Mới" in page
    assert "Bà Quản Trị" in page
    assert "Tổ Mới" not in page
    everything = boss.get(f"/people/audit?actor={world['boss'].id}").text
    assert "Tổ Mới" in everything
    assert boss.get("/people/audit?kind=person&subject=x").status_code == 200


@pytest.mark.parametrize(
    ("path", "most"),
    [("/people", 6), ("/people?q=a&role=learner", 5), ("/people?unit={root}", 6), ("/people/{learner}", 8), ("/units/", 3), ("/people/audit", 5), ("/me/", 5)],
)
def test_a_page_costs_a_constant_number_of_queries(boss: FlaskClient, world: dict[str, Any], db: Database, path: str, most: int) -> None:
    address = path.format(root=world["root"].id, learner=world["learner"].id)
    with count_queries(db) as before:
        assert boss.get(address).status_code == 200
    with db.writing() as session:
        for _ in range(60):
            unit = make_unit(session, parent=world["one"])
            make_learner(session, unit=unit, roles=(Role.LEARNER,))
        for _ in range(3):
            session.add(Membership(person_id=world["learner"].id, unit_id=world["two"].id, main=False, from_on=NOW.date()))
    with count_queries(db) as after:
        assert boss.get(address).status_code == 200
    assert len(before) == len(after) <= most, after.statements


def test_a_sign_in_costs_a_constant_number_of_statements(app: Flask, world: dict[str, Any], db: Database) -> None:
    client = app.test_client()
    client.get("/sign-in")
    with count_queries(db) as counted:
        sign_in(client, world["learner"])
    assert len(counted) <= 8, counted.statements


def test_a_long_list_is_paged(boss: FlaskClient, world: dict[str, Any], db: Database) -> None:
    with db.writing() as session:
        for _ in range(60):
            make_learner(session, unit=world["one"])
    first, second = boss.get("/people?q=NV").text, boss.get("/people?q=NV&page=2").text
    assert first.count("<tr>") == 51
    assert second.count("<tr>") == 16
    assert "q=NV" in first
    assert boss.get("/people?q=NV&page=9").status_code == 200
    assert boss.get("/people?page=0").status_code == 200
