"""Draft links: who makes them, when they open, how they end, and that nobody gets in beside them."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.clock import MovableClock
from lms.drafts.models import DraftLink
from lms.drafts.rules import LinkState, digest_of, is_noted, is_visit, state_of, token_of
from lms.people.models import Account, Person, RoleGrant
from lms.people.rules import Role
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.conftest import KEYS, NOW
from tests.content.publishing.repositories import Remote
from tests.counting import count_queries
from tests.drafts.conftest import Make
from tests.make import make_learner, sign_in

CLOSED = "There is no such draft, or its link has ended."
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "ended", "may", "state"),
    [
        pytest.param(NOW, None, True, LinkState.LIVE, id="open"),
        pytest.param(NOW + DAY - timedelta(milliseconds=1), None, True, LinkState.LIVE, id="last moment"),
        pytest.param(NOW + DAY, None, True, LinkState.EXPIRED, id="at the hour"),
        pytest.param(NOW, NOW, True, LinkState.ENDED, id="ended"),
        pytest.param(NOW + DAY, NOW, True, LinkState.ENDED, id="ended before it expired"),
        pytest.param(NOW, None, False, LinkState.RESTING, id="its maker may no more"),
        pytest.param(NOW + DAY, None, False, LinkState.EXPIRED, id="expired while it rested"),
    ],
)
def test_when_a_link_opens(now, ended, may, state) -> None:  # type: ignore[no-untyped-def]
    assert state_of(expires_at=NOW + DAY, ended_at=ended, maker_may=may, now=now) is state


def test_openings_are_noted_once_a_minute_and_counted_after_half_an_hour() -> None:
    assert is_noted(None, NOW)
    assert not is_noted(NOW, NOW + timedelta(seconds=59))
    assert is_noted(NOW, NOW + timedelta(minutes=1))
    assert is_visit(None, NOW)
    assert not is_visit(NOW, NOW + timedelta(minutes=29))
    assert is_visit(NOW, NOW + timedelta(minutes=30))


def closed(browser: FlaskClient, link: str) -> bool:
    """Whether the address answers like one that never was."""
    answers = [browser.get(f"{link}{page}?lang=en") for page in ("", "courses/khoa-mau/10-mo-dau", "quizzes/moi-loai", "compared")]
    assert len({answer.status_code for answer in answers}) == 1
    if answers[0].status_code == 404:
        assert all(CLOSED in answer.text for answer in answers)
        return True
    return False


def test_it_opens_until_its_hour(make: Make, phone: FlaskClient, clock: MovableClock) -> None:
    link = make(days="1")
    clock.set(NOW + DAY - timedelta(milliseconds=1))
    assert not closed(phone, link)
    clock.set(NOW + DAY)
    assert closed(phone, link)


def test_only_its_maker_or_a_publisher_ends_it_and_at_once(make: Make, app: Flask, desk: FlaskClient, phone: FlaskClient, db: Database) -> None:
    link, other = make(), make()
    with db.writing() as session:
        trainer = make_learner(session, roles=(Role.TRAINER,))
        admin = make_learner(session, roles=(Role.ADMINISTRATOR,))
    strangers, publishers = app.test_client(), app.test_client()
    sign_in(strangers, trainer)
    sign_in(publishers, admin)
    assert strangers.post("/content/drafts/1/end").status_code == 404
    assert "/content/drafts/1/end" not in strangers.get("/content/drafts").text
    assert not closed(phone, link)
    assert desk.post("/content/drafts/1/end").status_code == 303
    assert closed(phone, link)
    assert desk.post("/content/drafts/1/end").status_code == 409
    assert not closed(phone, other)
    assert publishers.post("/content/drafts/2/end").status_code == 303
    assert closed(phone, other)
    assert publishers.post("/content/drafts/99/end").status_code == 404
    assert 'value="http' not in desk.get("/content/drafts/1").text


def test_making_and_ending_stand_in_the_trail_without_the_token(make: Make, desk: FlaskClient, db: Database, author: Person) -> None:
    token = make().split("/")[2]
    desk.post("/content/drafts/1/end")
    with db.reading() as session:
        rows = session.execute(select(AuditEvent.action, AuditEvent.actor_id, AuditEvent.subject_id, AuditEvent.detail).order_by(AuditEvent.id)).all()
        row = session.scalars(select(DraftLink)).one()
    acts = [one for one in rows if one.action.startswith("draft_link")]
    assert [(one.action, one.actor_id, one.subject_id) for one in acts] == [("draft_link_made", author.id, "1"), ("draft_link_ended", author.id, "1")]
    stored = [*(one.detail for one in rows), *(str(getattr(row, column.key)) for column in DraftLink.__table__.columns)]
    assert not [text for text in stored if token in text]


def test_a_token_cannot_be_guessed_from_what_the_site_stores_or_shows(make: Make, phone: FlaskClient, db: Database) -> None:
    link = make()
    token = link.split("/")[2]
    assert len(token) == 32
    with db.reading() as session:
        row = session.scalars(select(DraftLink)).one()
    assert token == token_of(KEYS["secret_key"], row.nonce), "the address can be shown again"
    guesses = [
        row.token_digest,
        row.nonce,
        str(row.id),
        digest_of(token)[:32],
        token[:-1],
        token + "A",
        token.swapcase(),
        token_of("another key", row.nonce),
        "%00" * 32,
        "é" * 32,
    ]
    for guess in guesses:
        answer = phone.get(f"/d/{guess}/?lang=en")
        assert answer.status_code == 404, guess
        assert CLOSED in answer.text


def test_a_link_rests_while_its_maker_may_not_see_the_content(make: Make, phone: FlaskClient, db: Database, author: Person, app: Flask) -> None:
    link = make()

    def change(model: type[Account | RoleGrant], **values: object) -> None:
        with db.writing() as session:
            session.execute(update(model).where(model.person_id == author.id).values(**values))

    assert not closed(phone, link)
    change(RoleGrant, until_on=date(2026, 11, 21))
    assert closed(phone, link)
    with db.writing() as session:
        admin = make_learner(session, roles=(Role.ADMINISTRATOR,))
    other = app.test_client()
    sign_in(other, admin)
    assert "rests: its maker may not see the content at present" in other.get("/content/drafts?lang=en").text
    change(RoleGrant, until_on=date(2026, 11, 22))
    assert not closed(phone, link)
    change(Account, active=False)
    assert closed(phone, link)


def test_who_may_not_see_the_content_check_makes_and_sees_no_links(app: Flask, db: Database, make: Make) -> None:
    make()
    with db.writing() as session:
        learner = make_learner(session, roles=(Role.OFFICER,))
    browser = app.test_client()
    assert browser.get("/content/drafts").status_code == 302
    sign_in(browser, learner)
    assert browser.get("/content/drafts").status_code == 403
    assert browser.post("/content/drafts", data={"source": "kho", "rev": "main", "days": "7"}).status_code == 403
    assert browser.get("/content/drafts/1").status_code == 403
    assert browser.post("/content/drafts/1/end").status_code == 403


def test_a_signed_in_person_without_the_permission_sees_no_keys(app: Flask, db: Database, make: Make) -> None:
    link = make()
    with db.writing() as session:
        learner = make_learner(session)
    browser = app.test_client()
    sign_in(browser, learner)
    assert 'class="key"' not in browser.get(f"{link}quizzes/moi-loai").text


def test_readings_are_counted_those_of_the_maker_are_not(make: Make, desk: FlaskClient, phone: FlaskClient, clock: MovableClock) -> None:
    link = make()
    desk.get(link)
    assert "nobody yet" in desk.get("/content/drafts/1?lang=en").text
    for minutes in (0, 1, 40):
        clock.move(minutes=minutes)
        phone.get(link)
    page = desk.get("/content/drafts/1?lang=en").text
    assert "2 times" in page
    assert "09:41" in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rev": "khong-co"}, "There is no commit khong-co."),
        ({"rev": "main; rm -rf"}, "Name a branch, a tag or a commit"),
        ({"rev": "--upload-pack=x"}, "Name a branch, a tag or a commit"),
        ({"rev": ""}, "Please fill this in."),
        ({"package": "courses/../x"}, "Name a course, a quiz or a glossary"),
        ({"package": "courses/khong-co"}, "There is no courses/khong-co at main."),
        ({"days": "365"}, "Not a valid choice"),
        ({"source": "la"}, "Not a valid choice"),
        ({"note": "x" * 201}, "longer than"),
    ],
)
def test_what_cannot_be_linked_is_said_in_the_form(desk: FlaskClient, db: Database, given: dict[str, str], said: str) -> None:
    answer = desk.post("/content/drafts?lang=en", data={"source": "kho", "rev": "main", "days": "7"} | given)
    assert answer.status_code == 422
    assert said in answer.text
    with db.reading() as session:
        assert session.scalars(select(DraftLink)).all() == []


def test_the_list_costs_the_same_for_many_links(make: Make, desk: FlaskClient, db: Database) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            make()
        with count_queries(db) as counted:
            page = desk.get("/content/drafts")
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert len(re.findall(r'href="/content/drafts/\d+"', page.text)) == 6


def test_the_page_of_a_link_has_a_code_to_scan_and_the_hour_in_the_zone_of_the_site(make: Make, desk: FlaskClient, remote: Remote) -> None:
    make(remote.commits[0], days="1")
    page = desk.get("/content/drafts/1?lang=vi").text
    assert '<svg viewBox="0 0' in page
    assert "23/11/2026" in page
    assert "09:00" in page
