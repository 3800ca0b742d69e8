"""The job that sends: through a real mail server, a gateway and a push service, with what can go wrong there."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from lms.cli import main
from lms.clock import MovableClock
from lms.errors import SiteError
from lms.people.models import Account, Person
from lms.people.notices.channels.hook import Gateway, gateway_of, signature
from lms.people.notices.channels.push import PushSender, browser_of, written
from lms.people.notices.models import Notice, NoticeDelivery, PushSubscription
from lms.people.notices.rules import Choice, Quiet, Topic
from lms.people.notices.sender import NoticeSender, site_quiet
from lms.people.notices.service.browsers import keep_browser
from lms.people.notices.service.choosing import choose
from lms.people.notices.service.delivering import take
from lms.people.notices.service.own import READ_KEPT, UNREAD_KEPT, forget_notices, list_notices
from lms.people.notices.service.telling import Told, tell
from lms.platform.db import Database
from lms.platform.mail import mail_server as mail_of
from lms.platform.rules import phrase
from lms.settings import Settings, load_settings
from tests.conftest import KEYS, NOW, ONE_DATABASE
from tests.counting import count_queries
from tests.make import make_learner
from tests.people.notices.servers import Inbox, Posts, mail_server, web_server
from tests.people.notices.test_push import Phone

WORDS = phrase("You need %(scheme)s from %(day)s.", scheme={"vi": "Nhóm 4", "zh": "第4组"}, day=datetime(2026, 12, 1, tzinfo=UTC).date())
LETTERS_AT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
"""07:00 in Vietnam on the next day."""


@pytest.fixture()
def inbox() -> Iterator[Inbox]:
    with mail_server() as found:
        yield found


@pytest.fixture()
def posts() -> Iterator[Posts]:
    with web_server() as found:
        yield found


def settings_for(tmp_path: Path, inbox: Inbox | None = None, **given: object) -> Settings:
    mail = {"smtp_host": "127.0.0.1", "smtp_port": inbox.port, "smtp_security": "none", "mail_from": "an-toan@vean.example"} if inbox else {}
    return load_settings(tmp_path, {}, public_url="https://vean.example", **(KEYS | mail | given))


def sender_for(db: Database, clock: MovableClock, settings: Settings, *, gateway: Gateway | None = None, push: PushSender | None = None) -> NoticeSender:
    return NoticeSender(db, clock, settings, mail_of(settings, clock, {}), push, gateway)


def person(db: Database, **given: Any) -> int:
    with db.writing() as session:
        return make_learner(session, **given).id


def told(db: Database, person_id: int, *causes: str, topic: Topic = Topic.CERTIFICATE, address: str = "/certificates", now: datetime = NOW) -> int:
    with db.writing() as session:
        return tell(session, [Told(person_id, topic, cause, WORDS, address) for cause in causes], now=now)


def states(db: Database) -> list[tuple[str, str, int, str]]:
    with db.reading() as session:
        rows = session.scalars(select(NoticeDelivery).order_by(NoticeDelivery.id)).all()
        return [(row.channel, row.state, row.tries, row.why) for row in rows]


def test_a_person_is_told_once_of_a_cause(db: Database) -> None:
    one, other = person(db), person(db)
    assert told(db, one, "period:1:30", "period:1:7") == 2
    assert told(db, one, "period:1:30", "period:2:30") == 1
    assert told(db, other, "period:1:30") == 1
    with db.reading() as session:
        assert list_notices(session, person_id=one, page=1)[1] == 3


def test_letters_are_gathered_into_one_in_the_person_s_language(db: Database, clock: MovableClock, inbox: Inbox, tmp_path: Path) -> None:
    sender = sender_for(db, clock, settings_for(tmp_path, inbox))
    viet = person(db, full_name="Nguyễn Thị Bình", email="binh@vean.example")
    told(db, viet, "a", "b")
    told(db, person(db, full_name="李卫", email="li@vean.example", lang="zh"), "a")
    told(db, person(db), "a")
    assert sender.run(NOW) == 0
    assert inbox.letters == []
    clock.set(LETTERS_AT)
    assert sender.run(clock.now()) == 3
    assert sender.run(clock.now()) == 0
    assert inbox.to == ["binh@vean.example", "li@vean.example"]
    first, second = inbox.letters
    assert first["Subject"] == "Vệ An: 2 thông báo"
    assert first["Auto-Submitted"] == "auto-generated"
    text, page = first.get_body(("plain",)), first.get_body(("html",))
    assert text is not None
    assert page is not None
    assert "Nguyễn Thị Bình" in text.get_content()
    assert text.get_content().count("01/12/2026") == 2
    assert "https://vean.example/certificates" in text.get_content()
    assert 'lang="vi"' in page.get_content()
    assert "2026年12月1日" in str(second["Subject"])
    assert re.fullmatch(r"<https://vean\.example/notices/stop/[\w.-]+>", str(first["List-Unsubscribe"]).strip())
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_concerns_the_account_comes_at_once(db: Database, clock: MovableClock, inbox: Inbox, tmp_path: Path) -> None:
    told(db, person(db, email="a@vean.example"), "reset:1", topic=Topic.ACCOUNT)
    assert sender_for(db, clock, settings_for(tmp_path, inbox)).run(NOW) == 1


def test_a_person_without_an_open_account_gets_nothing(db: Database, clock: MovableClock, inbox: Inbox, tmp_path: Path) -> None:
    gone = person(db, email="a@vean.example")
    with db.writing() as session:
        session.get_one(Account, gone).active = False
    told(db, gone, "reset:1", topic=Topic.ACCOUNT)
    assert sender_for(db, clock, settings_for(tmp_path, inbox)).run(NOW) == 0
    assert inbox.letters == []


def test_an_address_that_is_refused_for_good_is_not_tried_again_and_stops_nobody(db: Database, clock: MovableClock, inbox: Inbox, tmp_path: Path) -> None:
    inbox.refuse = {"gone@vean.example": "550 5.1.1 gone@vean.example is not here", "full@vean.example": "452 4.2.2 full"}
    for address in ("gone@vean.example", "full@vean.example", "ok@vean.example", "bad\n@vean.example", "Ngoài <x@vean.example>"):
        told(db, person(db, email=address), "x", topic=Topic.ACCOUNT)
    sender = sender_for(db, clock, settings_for(tmp_path, inbox))
    assert sender.run(NOW) == 1
    assert inbox.to == ["ok@vean.example"]
    assert states(db) == [
        ("mail", "failed", 1, "SMTP 550 5.1.1"),
        ("mail", "waiting", 1, "SMTP 452 4.2.2"),
        ("mail", "sent", 1, ""),
        ("mail", "failed", 1, "the address cannot be written to"),
        ("mail", "failed", 1, "the address cannot be written to"),
    ]
    inbox.refuse = {}
    clock.move(seconds=59)
    assert sender.run(clock.now()) == 0
    clock.move(seconds=1)
    assert sender.run(clock.now()) == 1


def test_a_server_that_is_down_loses_nothing_and_tries_end(db: Database, clock: MovableClock, inbox: Inbox, tmp_path: Path) -> None:
    inbox.data_answers = ["451 4.3.0 later"] * 20
    told(db, person(db, email="a@vean.example"), "x", topic=Topic.ACCOUNT)
    sender = sender_for(db, clock, settings_for(tmp_path, inbox))
    for _ in range(6):
        assert states(db)[-1:] in ([], [("mail", "waiting", 0, "")]) or states(db)[-1][1] == "waiting"
        sender.run(clock.now())
        clock.move(hours=13)
    assert states(db) == [("mail", "failed", 6, "SMTP 451 4.3.0")]
    assert sender.run(clock.now()) == 0


@ONE_DATABASE
def test_a_server_that_is_not_there(db: Database, clock: MovableClock, tmp_path: Path) -> None:
    with mail_server() as gone:
        pass
    told(db, person(db, email="a@vean.example"), "x", topic=Topic.ACCOUNT)
    assert sender_for(db, clock, settings_for(tmp_path, gone)).run(NOW) == 0
    assert states(db) == [("mail", "waiting", 1, "ConnectionRefusedError")]


@ONE_DATABASE
def test_no_password_goes_to_a_server_without_encryption(db: Database, clock: MovableClock, inbox: Inbox, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, inbox, smtp_security="starttls", smtp_user="an-toan")
    told(db, person(db, email="a@vean.example"), "x", topic=Topic.ACCOUNT)
    assert sender_for(db, clock, settings).run(NOW) == 0
    assert states(db) == [("mail", "waiting", 1, "SMTPNotSupportedError")]


def test_what_a_dead_process_has_taken_is_sent_by_another_when_its_lease_ends(db: Database, clock: MovableClock, inbox: Inbox, tmp_path: Path) -> None:
    told(db, person(db, email="a@vean.example"), "x", topic=Topic.ACCOUNT)
    sender = sender_for(db, clock, settings_for(tmp_path, inbox))
    sender._planned(NOW)
    with db.writing() as session:
        assert len(take(session, "mail", now=NOW)[1]) == 1
    assert sender.run(NOW) == 0
    clock.move(minutes=11)
    assert sender.run(clock.now()) == 1
    assert len(inbox.letters) == 1


def test_a_tick_ends_in_time_and_what_is_left_costs_no_try(db: Database, clock: MovableClock, inbox: Inbox, tmp_path: Path) -> None:
    for n in range(3):
        told(db, person(db, email=f"a{n}@vean.example"), "x", topic=Topic.ACCOUNT)
    sender = sender_for(db, clock, settings_for(tmp_path, inbox))
    sender.running_s = lambda: 41.0 if inbox.letters else 0.0
    assert sender.run(NOW) == 1
    assert {(state, tries) for _, state, tries, _ in states(db)} == {("sent", 1), ("waiting", 0)}
    sender.running_s = lambda: 0.0
    sender.run(NOW)
    assert sorted(inbox.to) == ["a0@vean.example", "a1@vean.example", "a2@vean.example"]


def test_quiet_hours_and_choices_hold(db: Database, clock: MovableClock, inbox: Inbox, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, inbox)
    night = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    clock.set(night)
    quick, off, muted = (person(db, email=f"{name}@vean.example") for name in ("quick", "off", "muted"))
    with db.writing() as session:
        wanted = {
            quick: Choice(site_quiet(settings), "at_once"),
            off: Choice(site_quiet(settings), "off"),
            muted: Choice(Quiet(0, 0), "at_once", muted=frozenset({Topic.CONTEST})),
        }
        for one, choice in wanted.items():
            choose(session, person_id=one, choice=choice, site_quiet=site_quiet(settings), now=night)
    for one in (quick, off):
        told(db, one, "x", now=night)
    told(db, muted, "x", topic=Topic.CONTEST, now=night)
    told(db, muted, "y", now=night)
    sender = sender_for(db, clock, settings)
    sender.run(night)
    assert inbox.to == ["muted@vean.example"]
    clock.set(datetime(2026, 11, 22, 23, 0, tzinfo=UTC))
    sender.run(clock.now())
    assert inbox.to == ["muted@vean.example", "quick@vean.example"]


def test_a_gateway_gets_signed_json_and_the_same_name_at_each_try(db: Database, clock: MovableClock, posts: Posts, tmp_path: Path) -> None:
    posts.statuses = [503, 200]
    secret = {"VEAN_NOTICE_SECRET": "whsec_" + base64.b64encode(b"shared").decode()}
    gateway = gateway_of(settings_for(tmp_path, notice_hook_url=f"{posts.url}/gate?x=1"), secret)
    told(db, person(db, staff_code="NV7", phone="0912345678", lang="zh"), "x", address="/certificates")
    sender = sender_for(db, clock, settings_for(tmp_path), gateway=gateway)
    assert sender.run(NOW) == 0
    clock.move(minutes=2)
    assert sender.run(clock.now()) == 1
    (path, first, body), (_, second, _) = posts.got
    assert path == "/gate?x=1"
    assert first["webhook-id"] == second["webhook-id"]
    assert second["webhook-timestamp"] == str(int(clock.now().timestamp()))
    digest = hmac.new(b"shared", f"{first['webhook-id']}.{first['webhook-timestamp']}.".encode() + body, hashlib.sha256).digest()
    assert first["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
    data = json.loads(body)["data"]
    assert data["to"] == {"staff_code": "NV7", "phone": "0912345678", "lang": "zh"}
    assert "2026年12月1日" in data["text"]
    assert data["url"] == "https://vean.example/certificates"


def test_the_example_of_standard_webhooks_has_the_signature_that_it_says() -> None:
    """https://github.com/standard-webhooks/standard-webhooks, the example of the specification's libraries."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    assert signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_messages_go_to_every_browser_and_one_that_is_gone_is_forgotten(db: Database, clock: MovableClock, posts: Posts, tmp_path: Path) -> None:
    one, phones = person(db), [Phone(), Phone()]
    with db.writing() as session:
        for n, phone in enumerate(phones):
            browser = browser_of(f"{posts.url}/{n}", written(phone.key), written(phone.secret), hosts=("127.0.0.1",))
            keep_browser(session, person_id=one, browser=browser, agent="chrome-android", now=NOW)
    told(db, one, "a")
    posts.statuses = [410, 201]
    sender = sender_for(db, clock, settings_for(tmp_path), push=PushSender(ec.generate_private_key(ec.SECP256R1()), "mailto:a@b.example"))
    assert sender.run(NOW) == 1
    with db.reading() as session:
        left = session.scalars(select(PushSubscription)).all()
    assert [row.endpoint for row in left] == [f"{posts.url}/1"]
    assert left[0].used_at is not None
    assert "01/12/2026" in json.loads(phones[1].read(posts.got[1][2]))["body"]
    told(db, one, "b", "c", "d", "e")
    posts.got.clear()
    assert sender.run(clock.now()) == 4
    assert [json.loads(phones[1].read(body))["body"] for _, _, body in posts.got] == ["Có 4 thông báo đang chờ bạn."]


def test_the_statements_of_a_tick_do_not_grow_with_the_people(db: Database, clock: MovableClock, inbox: Inbox, tmp_path: Path) -> None:
    counts = []
    for n in (2, 40):
        for i in range(n):
            told(db, person(db, email=f"{n}-{i}@vean.example"), "x", topic=Topic.ACCOUNT)
        sender = sender_for(db, clock, settings_for(tmp_path, inbox))
        with count_queries(db) as counted:
            assert sender.run(NOW) == n
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_old_notices_go_away(db: Database) -> None:
    one = person(db)
    told(db, one, "read", "unread")
    with db.writing() as session:
        read = session.scalar(select(Notice).where(Notice.cause == "read"))
        assert read is not None
        read.read_at = NOW
    assert forget_notices(db, NOW + READ_KEPT) == 0
    assert forget_notices(db, NOW + READ_KEPT + timedelta(minutes=1)) == 1
    assert forget_notices(db, NOW + UNREAD_KEPT + timedelta(minutes=1)) == 1
    with db.reading() as session:
        assert session.scalar(select(Person.id).where(Person.id == one)) == one


def test_what_is_days_late_goes_out_no_more(db: Database, clock: MovableClock, inbox: Inbox, tmp_path: Path) -> None:
    told(db, person(db, email="a@vean.example"), "x", topic=Topic.ACCOUNT)
    sender = sender_for(db, clock, settings_for(tmp_path, inbox))
    sender._planned(NOW)
    clock.move(days=3, minutes=1)
    assert sender.run(clock.now()) == 0
    assert states(db) == [("mail", "failed", 0, "too late")]


def test_the_command_sends_a_letter_or_says_what_the_server_said(
    tmp_path: Path, inbox: Inbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(["--instance", str(tmp_path), "mail", *words, "--lang", "en"])
        return int(ended.value.code or 0)

    monkeypatch.setenv("LMS_SECRET_KEY", "k")
    assert run("a@vean.example") == 1
    assert "set smtp_host and mail_from" in capsys.readouterr().err
    (tmp_path / "settings.toml").write_text(f'smtp_host = "127.0.0.1"\nsmtp_port = {inbox.port}\nsmtp_security = "none"\nmail_from = "an-toan@vean.example"\n')
    assert run("a@vean.example") == 0
    assert "has taken the letter to a@vean.example" in capsys.readouterr().out
    assert inbox.letters[0]["Message-ID"].endswith("@vean.example>")
    inbox.refuse = {"b@vean.example": "550 5.7.1 no"}
    assert run("b@vean.example") == 1
    assert "did not take the letter: SMTP 550 5.7.1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"LMS_SMTP_HOST": "mail.example"}, "LMS_MAIL_FROM|mail_from: smtp_host needs mail_from"),
        ({"LMS_SMTP_HOST": "mail.example", "LMS_MAIL_FROM": "no address"}, "LMS_MAIL_FROM: mail_from: smtp_host needs mail_from"),
        ({"LMS_SMTP_HOST": "m.example", "LMS_MAIL_FROM": "a@b.example", "LMS_SMTP_SECURITY": "none", "LMS_SMTP_USER": "x"}, "smtp_user needs starttls or tls"),
        ({"LMS_NOTICE_HOOK_URL": "http://gate.example/x"}, "http is not safe"),
        ({"LMS_NOTICE_HOOK_URL": "https://u:p@gate.example/x"}, "without a name or a password"),
        ({"LMS_QUIET_HOURS": "21:00"}, "Write it like 21:00-06:00"),
        ({"LMS_QUIET_HOURS": "21:00-24:00"}, "Write it like 21:00-06:00"),
        ({"LMS_LETTERS_AT": "7"}, "Write it like 07:00"),
    ],
)
def test_settings_that_cannot_be_are_told_with_their_key(tmp_path: Path, given: dict[str, str], said: str) -> None:
    with pytest.raises(SiteError, match=said):
        load_settings(tmp_path, given)
