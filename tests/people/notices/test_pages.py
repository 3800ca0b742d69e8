"""The pages of notices: the bell, the list, the choices, browsers, and the end of letters by a signed address."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.app import create_app
from lms.clock import MovableClock
from lms.people.joining.models import JoinCode
from lms.people.models import Person
from lms.people.notices.channels.push import written
from lms.people.notices.models import Notice, NoticeChoice, NoticeDelivery, PushSubscription
from lms.people.notices.rules import Quiet, Topic
from lms.people.notices.sender import NoticeSender, stop_signer
from lms.people.notices.service.choosing import find_choice
from lms.people.notices.service.own import PAGE
from lms.people.notices.service.telling import Told, tell
from lms.people.privacy.keeping import RecordKeepers
from lms.people.privacy.service.erasing import erase_person
from lms.people.privacy.service.gathering import gather
from lms.people.rules import Grant, Role
from lms.people.service.scope import EVERYWHERE
from lms.platform.db import Database
from lms.platform.rules import phrase
from lms.platform.site import Site
from lms.settings import load_settings
from lms.web.frame import SHARED
from tests.conftest import KEYS, NOW, ONE_DATABASE
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in
from tests.people.notices.servers import mail_server
from tests.people.notices.test_push import Phone

pytestmark = ONE_DATABASE
QUIET = Quiet(21 * 60, 6 * 60)
SAID = {"vi": "Bạn cần có Nhóm 4 từ 22/11/2026.", "zh": "自 2026年11月22日 起，您需要取得：第4组。", "en": "You need Group 4 from 22 Nov 2026."}
NEW = {"vi": "có thông báo mới", "zh": "有新通知", "en": "new ones too"}


def person(db: Database, **given: object) -> Person:
    with db.writing() as session:
        return make_learner(session, **given)  # type: ignore[arg-type]


def told(db: Database, one: Person, n: int = 1, address: str = "/certificates/") -> None:
    with db.writing() as session:
        words = phrase("You need %(scheme)s from %(day)s.", scheme={"vi": "Nhóm 4", "zh": "第4组", "en": "Group 4"}, day=NOW.date())
        tell(session, [Told(one.id, Topic.TRAINING, f"t{i}", words, address) for i in range(n)], now=NOW)


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_a_person_sees_that_something_is_new_reads_it_and_comes_where_it_leads(client: FlaskClient, db: Database, lang: str) -> None:
    me = person(db)
    sign_in(client, me)
    assert NEW[lang] not in client.get(f"/me/?lang={lang}").text
    told(db, me, 2)
    assert NEW[lang] in client.get("/me/").text
    page = client.get("/notices").text
    assert SAID[lang] in page
    assert page.count("news-line--new") == 2
    [first] = re.findall(r'action="(/notices/\d+)"', page)[:1]
    assert client.post(first).headers["Location"] == "/certificates/"
    assert client.get("/notices").text.count("news-line--new") == 1
    newest = re.search(r'name="until" value="(\d+)"', client.get("/notices").text)
    assert newest is not None
    client.post("/notices/read", data={"until": newest[1]})
    assert NEW[lang] not in client.get("/me/").text
    assert "news-line--new" not in client.get("/notices").text


def test_what_came_after_the_page_was_shown_stays_new(client: FlaskClient, db: Database) -> None:
    me = person(db)
    sign_in(client, me)
    told(db, me)
    until = re.search(r'name="until" value="(\d+)"', client.get("/notices").text)
    assert until is not None
    told(db, me, 2)
    client.post("/notices/read", data={"until": until[1]})
    assert client.get("/notices").text.count("news-line--new") == 1


def test_a_stranger_s_notice_is_not_there(client: FlaskClient, db: Database) -> None:
    told(db, person(db))
    sign_in(client, person(db))
    with db.reading() as session:
        other = session.scalars(select(Notice.id)).one()
    assert client.post(f"/notices/{other}").status_code == 404
    client.post("/notices/read", data={"until": other + 100})
    with db.reading() as session:
        assert session.get_one(Notice, other).read_at is None


def test_a_page_costs_the_same_however_many_there_are(client: FlaskClient, db: Database) -> None:
    me = person(db)
    sign_in(client, me)
    costs = []
    for n in (1, PAGE + 5):
        told(db, me, n)
        client.get("/notices")
        with count_queries(db) as counted:
            assert client.get("/notices").status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[1] == 3
    assert "page=2" in client.get("/notices").text


def test_choices_are_kept_and_wrong_times_are_told_beside_their_field(client: FlaskClient, db: Database) -> None:
    me = person(db)
    sign_in(client, me)
    refused = client.post("/notices/choices?lang=en", data={"topics": ["contest"], "quiet_from": "25:00", "quiet_until": "06:00"})
    assert refused.status_code == 422
    assert "Give a time of the day, like 21:30." in refused.text
    assert client.post("/notices/choices", data={"topics": ["contest"], "quiet_from": "22:30", "quiet_until": "06:00"}).status_code == 302
    with db.reading() as session:
        kept = find_choice(session, person_id=me.id, quiet=QUIET)
    assert kept.quiet == Quiet(22 * 60 + 30, 6 * 60)
    assert kept.muted == {Topic.TRAINING, Topic.CERTIFICATE, Topic.TEST}
    page = client.get("/notices/choices").text
    assert 'value="22:30"' in page
    boxes = [box for box in re.findall(r'<input[^>]*type="checkbox"[^>]*>', page) if " checked" in box]
    assert [re.findall(r'value="(\w+)"', box) for box in boxes] == [["contest"]]


@pytest.fixture()
def lettered(database_url: str, tmp_path: Path, clock: MovableClock):  # type: ignore[no-untyped-def]
    """A site with a mail server."""
    with mail_server() as inbox:
        mail = {"smtp_host": "127.0.0.1", "smtp_port": inbox.port, "smtp_security": "none", "mail_from": "an-toan@vean.example"}
        app = create_app(load_settings(tmp_path, {}, database_url=database_url, **(KEYS | mail)), clock=clock)
        app.config["WTF_CSRF_ENABLED"] = False
        yield app, inbox
        app.extensions["site"].db.dispose()


def test_somebody_tries_letters_out_and_ends_them_by_the_address_in_one(lettered, clock: MovableClock) -> None:  # type: ignore[no-untyped-def]
    app, inbox = lettered
    the_site: Site = app.extensions["site"]
    me = person(the_site.db, email="toi@vean.example", lang="en")
    client = app.test_client()
    sign_in(client, me)
    assert "toi@vean.example" in client.get("/notices/choices").text
    assert client.post("/notices/try").status_code == 302
    the_site.jobs.tick(clock.now())
    [letter] = inbox.letters
    address = re.search(r"/notices/stop/\S+", letter.get_body(("plain",)).get_content())
    assert address is not None
    stranger = app.test_client()
    assert "Send me no e-mail" in stranger.get(f"{address[0]}?lang=en").text
    with the_site.db.reading() as session:
        assert session.get(NoticeChoice, me.id) is None
    # a mail program asks by itself, without a token of a form (RFC 8058)
    app.config["WTF_CSRF_ENABLED"] = True
    assert stranger.post(address[0], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with the_site.db.reading() as session:
        assert find_choice(session, person_id=me.id, quiet=QUIET).mail == "off"
    assert stranger.get(address[0][:-2]).status_code == 404
    assert stranger.get("/notices/stop/" + str(stop_signer("another key").dumps(me.id))).status_code == 404


def test_a_browser_is_kept_for_its_last_person_and_taken_away(client: FlaskClient, app: Flask, db: Database) -> None:
    me, other, phone = person(db), person(db), Phone()
    sign_in(client, me)
    sent = {"endpoint": "https://fcm.googleapis.com/fcm/send/abc", "key": written(phone.key), "secret": written(phone.secret)}
    assert client.post("/notices/browsers", json=sent).json == {"next": "/notices/choices"}
    assert client.post("/notices/browsers", json=sent | {"endpoint": "https://10.0.0.1/x"}).status_code == 422
    assert client.post("/notices/browsers", json=["x"]).status_code == 422
    second = app.test_client()
    sign_in(second, other)
    assert second.post("/notices/browsers", json=sent).status_code == 200
    with db.reading() as session:
        [row] = session.scalars(select(PushSubscription)).all()
    assert row.person_id == other.id
    assert client.post(f"/notices/browsers/{row.id}/remove").status_code == 404
    client.post("/notices/browsers/leave", json={"endpoint": sent["endpoint"]})
    assert second.post(f"/notices/browsers/{row.id}/remove").status_code == 302
    with db.reading() as session:
        assert session.scalars(select(PushSubscription)).all() == []


def test_a_shared_device_gets_no_messages_of_one_person(client: FlaskClient, db: Database) -> None:
    sign_in(client, person(db))
    with client.session_transaction() as session:
        session[SHARED] = int(NOW.timestamp() * 1000)
    phone = Phone()
    sent = {"endpoint": "https://fcm.googleapis.com/fcm/send/abc", "key": written(phone.key), "secret": written(phone.secret)}
    assert client.post("/notices/browsers", json=sent).status_code == 403
    assert "data-push " not in client.get("/notices/choices").text


def test_own_data_hold_notices_but_not_the_keys_of_a_browser_and_erasing_takes_all(client: FlaskClient, app: Flask, db: Database) -> None:
    me, phone = person(db), Phone()
    sign_in(client, me)
    told(db, me)
    sent = {"endpoint": "https://fcm.googleapis.com/fcm/send/abc", "key": written(phone.key), "secret": written(phone.secret)}
    client.post("/notices/browsers", json=sent)
    client.post("/notices/choices", data={"topics": ["training", "contest"], "quiet_from": "22:30", "quiet_until": "06:00"})
    sender: NoticeSender = app.extensions["site"].part(NoticeSender)
    sender._planned(NOW)
    with db.reading() as session:
        found = gather(session, person_id=me.id)
    assert {"notice", "notice_choice", "push_subscription", "notice_delivery"} <= set(found)
    assert sent["secret"] not in str(found)
    assert sent["key"] not in str(found)
    with db.writing() as session:
        admin = make_learner(session, roles=(Role.ADMINISTRATOR,))
        grants = (Grant(Role.ADMINISTRATOR, "/"),)
        erase_person(
            session,
            person_id=me.id,
            reason="asked for it",
            keepers=RecordKeepers(),
            actor_id=admin.id,
            actor_grants=grants,
            paths=EVERYWHERE,
            today=NOW.date(),
            now=NOW,
        )
    with db.reading() as session:
        assert [session.scalars(select(table)).all() for table in (Notice, NoticeChoice, NoticeDelivery, PushSubscription)] == [[], [], [], []]


def test_an_officer_is_told_who_waits_and_a_person_of_a_new_slip(client: FlaskClient, app: Flask, db: Database) -> None:
    with db.writing() as session:
        unit = make_unit(session, name="Xưởng Cán")
        officer = make_learner(session, unit=unit, roles=(Role.OFFICER,))
        elsewhere = make_learner(session, unit=make_unit(session), roles=(Role.OFFICER,))
        admin = make_learner(session, roles=(Role.ADMINISTRATOR,))
        worker = make_learner(session, unit=unit)
    boss = app.test_client()
    sign_in(boss, admin)
    assert boss.post("/people/joining", data={"unit": unit.id, "until_on": "2026-12-31", "most_uses": "", "approved": "y"}).status_code == 302
    with db.reading() as session:
        code = session.scalars(select(JoinCode.code)).one()
    joined = client.post(
        f"/join/{code}", data={"full_name": "Trần Chờ", "phone": "0911222333", "pin": "861975", "again": "861975", "lang": "vi", "agreed": "y"}
    )
    assert joined.status_code in {200, 302}, joined.text
    sign_in(client, officer)
    assert client.post(f"/people/{worker.id}/slip").status_code in {200, 302}
    with db.reading() as session:
        rows = {(row.person_id, row.topic) for row in session.scalars(select(Notice))}
    assert (officer.id, "desk") in rows
    assert (admin.id, "desk") in rows
    assert (worker.id, "account") in rows
    assert elsewhere.id not in {one for one, _ in rows}
