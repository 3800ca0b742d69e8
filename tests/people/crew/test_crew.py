"""Crew mode: one device for many, by name or badge and PIN; nothing of one is left for the next, and nothing is shown to strangers."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.clock import MovableClock
from lms.errors import Conflict, Invalid, NotFound
from lms.people.crew.badges import badge_token, find_badge
from lms.people.crew.models import CrewDevice
from lms.people.crew.rules import IDLE_S, SHOWN_MOST, device_digest, has_gone
from lms.people.crew.service.devices import close_device, find_crew, list_devices, open_device
from lms.people.crew.service.members import find_member, get_member, list_members
from lms.people.models import Account, Membership, Person
from lms.people.rules import Role
from lms.people.service import close_unit
from lms.people.signing.models import SignedSession
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.conftest import NOW, ONE_DATABASE
from tests.counting import count_queries
from tests.make import PIN, make_learner, make_unit, sign_in

TODAY = date(2026, 11, 22)
KEY = "test-secret-key"
FORM = {"label": "Máy tính bảng chuyền 2", "until_on": "2026-12-31"}


@pytest.fixture()
def world(db: Database) -> dict[str, Any]:
    """A plant with a line of two workers and a leader; a worker elsewhere."""
    with db.writing() as session:
        plant = make_unit(session, name="Nhà máy")
        line, office = make_unit(session, parent=plant, name="Chuyền 2"), make_unit(session, parent=plant, name="Văn phòng")
        return {
            "plant": plant,
            "line": line,
            "office": office,
            "leader": make_learner(session, unit=line, roles=(Role.TEAM_LEADER,), staff_code="TT01"),
            "an": make_learner(session, unit=line, full_name="Trần Văn An", staff_code="CN01"),
            "be": make_learner(session, unit=line, full_name="Lò Thị Bé", staff_code=None, phone="0912345678"),
            "other": make_learner(session, unit=office, full_name="Người Khác", staff_code="VP01"),
        }


@pytest.fixture()
def tablet(client: FlaskClient, world: dict[str, Any]) -> FlaskClient:
    """A browser that the line shares."""
    sign_in(client, world["leader"])
    answer = client.post("/people/crew", data=FORM | {"unit": str(world["line"].id)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/crew")
    return client


def _open(session: Any, world: dict[str, Any], **given: Any) -> CrewDevice:
    values: dict[str, Any] = {"device": "d1", "unit_id": world["line"].id, "label": "A", "until_on": TODAY, "paths": ("/",)} | given
    return open_device(session, key=KEY, actor_id=world["leader"].id, today=TODAY, now=NOW, **values)


def _enter(client: FlaskClient, person: Person, pin: str = PIN) -> int:
    return client.post(f"/crew/p/{person.id}", data={"secret": pin}).status_code


def _name(client: FlaskClient) -> str:
    found = re.search(r'class="account-name">([^<]*)<', client.get("/me/").text)
    return found[1] if found else ""


@pytest.mark.parametrize(("after_s", "gone"), [(0, False), (IDLE_S, False), (IDLE_S + 1, True), (-1, True)])
def test_when_somebody_has_gone(after_s: int, gone: bool) -> None:
    assert has_gone(1_000_000, 1_000_000 + after_s * 1000) is gone


def test_a_badge_says_whose_it_is_and_cannot_be_made_elsewhere() -> None:
    assert find_badge(KEY, badge_token(KEY, 7)) == 7
    assert find_badge("another", badge_token(KEY, 7)) is None
    assert find_badge(KEY, "x") is None
    assert "d1" not in device_digest(KEY, "d1")


def test_a_device_is_shared_once_until_a_day_and_closed(db: Database, world: dict[str, Any]) -> None:
    with db.writing() as session:
        first = _open(session, world)
        second = _open(session, world, unit_id=world["office"].id)
        session.refresh(first)
        assert first.closed_at is not None
        crew = find_crew(session, device="d1", key=KEY, on=TODAY)
        assert crew is not None
        assert (crew.device_id, crew.unit) == (second.id, "Văn phòng")
        assert find_crew(session, device="d1", key=KEY, on=TODAY + timedelta(days=1)) is None
        assert find_crew(session, device="d2", key=KEY, on=TODAY) is None
        assert find_crew(session, device=None, key=KEY, on=TODAY) is None
        act: dict[str, Any] = {"device_id": second.id, "actor_id": world["leader"].id, "now": NOW}
        with pytest.raises(NotFound):
            close_device(session, **act, paths=(world["line"].path,))
        close_device(session, **act, paths=("/",))
        with pytest.raises(NotFound):
            close_device(session, **act, paths=("/",))
        assert find_crew(session, device="d1", key=KEY, on=TODAY) is None
        listed, total = list_devices(session, paths=(world["line"].path,), on=TODAY, page=1)
        assert (total, [one.open for one in listed]) == (1, [False])
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_kind == "crew_device").order_by(AuditEvent.id)).all()
        assert actions == ["crew_device_opened", "crew_device_opened", "crew_device_closed"]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"label": " "}, Invalid),
        ({"label": "x" * 81}, Invalid),
        ({"until_on": TODAY - timedelta(days=1)}, Invalid),
        ({"until_on": TODAY + timedelta(days=400)}, Invalid),
        ({"paths": ("/999/",)}, NotFound),
    ],
)
def test_what_cannot_be_shared(db: Database, world: dict[str, Any], given: dict[str, Any], error: type[Exception]) -> None:
    with db.writing() as session, pytest.raises(error):
        _open(session, world, **given)


def test_a_closed_unit_shares_nothing(db: Database, world: dict[str, Any]) -> None:
    with db.writing() as session:
        empty = make_unit(session)
        close_unit(session, unit_id=empty.id, on=TODAY, now=NOW, actor_id=None)
        with pytest.raises(Conflict):
            _open(session, world, unit_id=empty.id)


def test_the_crew_is_who_works_there_and_has_a_pin(db: Database, world: dict[str, Any]) -> None:
    path = world["line"].path
    with db.writing() as session:
        names = [one.full_name for one in list_members(session, path=path, on=TODAY, most=60)[0]]
        assert sorted(names) == ["Lò Thị Bé", "Trần Văn An"]
        assert [one.full_name for one in list_members(session, path=path, on=TODAY, search="be", most=60)[0]] == ["Lò Thị Bé"]
        assert get_member(session, path=path, person_id=world["be"].id, on=TODAY).code is None
        for name, found in (("cn01", world["an"].id), ("0912 345 678", world["be"].id), ("VP01", None), ("TT01", None), ("", None)):
            member = find_member(session, path=path, name=name, on=TODAY)
            assert (member.id if member else None) == found, name
        for stranger in (world["other"], world["leader"]):
            with pytest.raises(NotFound):
                get_member(session, path=path, person_id=stranger.id, on=TODAY)
        session.execute(update(Account).where(Account.person_id == world["an"].id).values(active=False))
        session.execute(update(Membership).where(Membership.person_id == world["be"].id).values(until_on=TODAY - timedelta(days=1)))
        assert list_members(session, path=path, on=TODAY, most=60) == ([], 0)


def test_one_after_the_other_and_nothing_is_left(tablet: FlaskClient, world: dict[str, Any], db: Database) -> None:
    page = tablet.get("/crew").text
    assert "Trần Văn An" in page
    assert "0912345678" not in page
    assert tablet.get("/me/").status_code == 302
    assert _enter(tablet, world["an"]) == 302
    assert _name(tablet) == "Trần Văn An"
    assert "crew-line" in tablet.get("/").text
    kept = tablet.get_cookie("vean")
    assert kept is not None
    assert kept.expires is None
    assert tablet.get("/crew").headers["Location"] == "/"
    assert tablet.post("/sign-out").headers["Location"] == "/crew"
    assert tablet.get("/me/").status_code == 302
    assert _enter(tablet, world["be"]) == 302
    assert _name(tablet) == "Lò Thị Bé"
    tablet.post("/sign-out")
    tablet.set_cookie("vean", kept.value)
    assert tablet.get("/me/").status_code == 302
    with db.reading() as session:
        assert session.scalars(select(SignedSession.id).where(SignedSession.ended_at.is_(None))).all() == []


def test_who_chooses_an_own_pin_is_still_at_the_shared_device(tablet: FlaskClient, world: dict[str, Any], db: Database, clock: MovableClock) -> None:
    with db.writing() as session:
        session.execute(update(Account).where(Account.person_id == world["an"].id).values(must_change=True))
    _enter(tablet, world["an"])
    assert tablet.post("/me/secret", data={"chosen": "908172", "again": "908172"}).status_code == 302
    page = tablet.get("/me/")
    assert f'data-idle-s="{IDLE_S}"' in page.text
    kept = tablet.get_cookie("vean")
    assert kept is not None
    assert kept.expires is None
    clock.move(seconds=IDLE_S + 1)
    assert tablet.get("/me/").status_code == 302


def test_whoever_has_gone_away_is_signed_out(tablet: FlaskClient, world: dict[str, Any], clock: MovableClock) -> None:
    _enter(tablet, world["an"])
    for _ in range(3):
        clock.move(seconds=IDLE_S - 1)
        assert tablet.get("/me/").status_code == 200
    clock.move(seconds=IDLE_S + 1)
    assert tablet.get("/me/").status_code == 302
    assert "Trần Văn An" in tablet.get("/crew").text


def test_an_own_device_is_not_signed_out(client: FlaskClient, world: dict[str, Any], clock: MovableClock) -> None:
    sign_in(client, world["an"])
    clock.move(seconds=IDLE_S * 3)
    page = client.get("/me/")
    assert page.status_code == 200
    assert "crew-line" not in page.text


def test_a_badge_or_a_code_leads_to_the_pin(app: Flask, tablet: FlaskClient, world: dict[str, Any]) -> None:
    token = badge_token(app.config["SECRET_KEY"], world["an"].id)
    where = f"/crew/p/{world['an'].id}"
    assert tablet.get(f"/crew/b/{token}").headers["Location"] == where
    for typed in (f"https://x.example/crew/b/{token}", token, "CN01", "cn01"):
        assert tablet.post("/crew", data={"who": typed}).headers["Location"] == where, typed
    assert tablet.post("/crew", data={"who": "bé"}).headers["Location"].startswith("/crew?q=")
    assert "Lò Thị Bé" in tablet.get("/crew?q=bé").text
    assert tablet.post("/crew", data={"who": ""}).status_code == 422
    assert tablet.get("/crew/b/x").status_code == 404
    assert app.test_client().get(f"/crew/b/{token}").headers["Location"] == "/sign-in"


def test_others_do_not_come_in_here(tablet: FlaskClient, world: dict[str, Any]) -> None:
    for stranger in (world["other"], world["leader"]):
        answer = tablet.post(f"/crew/p/{stranger.id}", data={"secret": PIN}, follow_redirects=True)
        assert stranger.full_name not in answer.text
        assert tablet.get("/me/").status_code == 302
    assert _enter(tablet, world["an"], "000000") == 422


def test_wrong_pins_of_one_keep_nobody_else_out(tablet: FlaskClient, world: dict[str, Any]) -> None:
    seen = {_enter(tablet, world["an"], "111222") for _ in range(12)}
    assert 409 in seen
    assert _enter(tablet, world["be"]) == 302


@ONE_DATABASE
def test_a_browser_that_is_not_shared_learns_nothing(client: FlaskClient, world: dict[str, Any]) -> None:
    for answer in (client.get("/crew"), client.post("/crew", data={"who": "CN01"}), client.get(f"/crew/p/{world['an'].id}")):
        assert answer.headers["Location"] == "/sign-in"


def test_a_device_that_was_closed_is_shared_no_more(app: Flask, tablet: FlaskClient, world: dict[str, Any], db: Database) -> None:
    desk = app.test_client()
    sign_in(desk, world["leader"])
    with db.reading() as session:
        (device_id,) = session.scalars(select(CrewDevice.id)).all()
    assert desk.post(f"/people/crew/{device_id}/close").status_code == 302
    assert desk.post(f"/people/crew/{device_id}/close").status_code == 404
    assert tablet.get("/crew").headers["Location"] == "/sign-in"


def test_large_crews_type_and_cost_the_same(tablet: FlaskClient, world: dict[str, Any], db: Database) -> None:
    with count_queries(db) as few:
        assert "Trần Văn An" in tablet.get("/crew").text
    with db.writing() as session:
        for _ in range(SHOWN_MOST):
            make_learner(session, unit=world["line"])
    with count_queries(db) as many:
        assert "Trần Văn An" not in tablet.get("/crew").text
    assert len(few) == len(many) <= 3
    assert "Trần Văn An" in tablet.get("/crew?q=tran").text


@pytest.mark.parametrize(("lang", "word"), [("vi", "Người tiếp theo"), ("zh", "下一位"), ("en", "Next person")])
def test_every_page_in_every_language(app: Flask, tablet: FlaskClient, world: dict[str, Any], lang: str, word: str) -> None:
    assert tablet.get(f"/crew?lang={lang}").status_code == 200
    assert word in tablet.get(f"/crew/p/{world['an'].id}").text
    _enter(tablet, world["an"])
    assert word in tablet.get("/me/").text
    desk = app.test_client()
    sign_in(desk, world["leader"])
    shown = desk.get(f"/people/crew?lang={lang}").text
    assert FORM["label"] in shown
    badges = desk.get(f"/people/crew/badges?unit={world['line'].id}").text
    assert badges.count("slip-qr") == 2
    assert "0912345678" not in badges
    assert desk.get(f"/people/crew/badges?unit={world['office'].id}").status_code == 404
    assert desk.post("/people/crew", data={"unit": str(world["line"].id)}).status_code == 422
