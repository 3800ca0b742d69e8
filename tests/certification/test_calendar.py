"""The calendar of a person: what stands in it, who can read it, and how its address ends."""

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import update

from lms.assessment.exams.models import Exam, ExamPerson
from lms.certification.models import Assignment
from lms.clock import MovableClock
from lms.content.catalogue import Catalogue
from lms.people.models import Account, RoleGrant
from lms.people.rules import Role
from lms.platform.db import Database
from tests.certification.make import G4, NOW, Company, make_trained
from tests.counting import count_queries
from tests.make import make_learner, sign_in

UNTIL = date(2027, 11, 22)


@pytest.fixture()
def trained(app: Flask, db: Database, company: Company, catalogue: Catalogue) -> Company:
    with db.writing() as session:
        make_trained(session, company, catalogue, 2)
    for _ in range(3):
        app.extensions["site"].jobs.tick(NOW)
    return company


def address(client: FlaskClient) -> str:
    assert client.post("/certificates/calendar").status_code == 302
    found = re.search(r'value="(http[^"]+\.ics)"', client.get("/certificates/calendar").text)
    assert found is not None
    return found[1].replace("http://127.0.0.1:8000", "")


def events(client: FlaskClient, path: str) -> list[tuple[str, object]]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    read = Calendar.from_ical(answer.data)
    return [(str(one["summary"]), one.decoded("dtstart")) for one in read.walk("VEVENT")]


@pytest.mark.parametrize(("lang", "said"), [("vi", "ngày cuối"), ("zh", "最后一天"), ("en", "last day of my certificate")])
def test_a_calendar_program_reads_the_own_last_day_without_signing_in(
    app: Flask, client: FlaskClient, db: Database, trained: Company, lang: str, said: str
) -> None:
    with db.writing() as session:
        session.merge(trained.workers[0]).lang = lang
    sign_in(client, trained.workers[0])
    path = address(client)
    stranger = app.test_client()
    [(summary, day)] = events(stranger, path)
    assert said in summary
    assert day == UNTIL
    text = stranger.get(path).text
    assert "TRIGGER:-P30D" in text
    assert trained.workers[0].full_name not in text
    assert "Last asked for" in client.get("/certificates/calendar?lang=en").text


def test_an_officer_s_has_numbers_of_the_own_units_and_no_names(app: Flask, client: FlaskClient, db: Database, trained: Company) -> None:
    sign_in(client, trained.officer)
    path = address(client)
    [(summary, day)] = events(app.test_client(), path)
    assert (re.findall(r"\b2\b", summary), day) == (["2"], UNTIL)
    text = app.test_client().get(path).text.replace("\r\n ", "")
    assert not any(one.full_name in text for one in trained.workers)
    with db.writing() as session:
        session.execute(update(RoleGrant).where(RoleGrant.person_id == trained.officer.id).values(until_on=date(2026, 11, 21)))
    assert events(app.test_client(), path) == []


def test_an_officer_of_other_units_reads_nothing_of_them(app: Flask, db: Database, trained: Company) -> None:
    with db.writing() as session:
        other = make_learner(session, unit=trained.other, roles=(Role.OFFICER,))
    client = app.test_client()
    sign_in(client, other)
    assert events(client, address(client)) == []


def test_tests_that_are_called_stand_with_their_hours(app: Flask, client: FlaskClient, db: Database, trained: Company) -> None:
    opens, closes = datetime(2026, 12, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, 3, tzinfo=UTC)
    with db.writing() as session:
        exam = Exam(title="Kiểm tra, cuối khóa; lần 1", quiz="q", quiz_digest="d", unit_id=trained.shop.id, listed=True, opens_at=opens, closes_at=closes)
        exam.attempts, exam.review, exam.created_by, exam.created_at = 1, "never", trained.officer.id, NOW
        session.add(exam)
        session.flush()
        session.add(ExamPerson(exam_id=exam.id, person_id=trained.workers[2].id))
    sign_in(client, trained.workers[2])
    [(summary, begins)] = events(client, address(client))
    assert "Kiểm tra, cuối khóa; lần 1" in summary
    assert begins == opens


def test_an_address_ends_when_it_is_replaced_ended_guessed_or_the_account_closes(app: Flask, client: FlaskClient, db: Database, trained: Company) -> None:
    sign_in(client, trained.workers[0])
    first = address(client)
    second = address(client)
    stranger = app.test_client()
    assert first != second
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200
    assert stranger.get(second.replace(".ics", "x.ics")).status_code == 404
    client.post("/certificates/calendar/end")
    assert stranger.get(second).status_code == 404
    third = address(client)
    assert third not in (first, second)
    with db.writing() as session:
        session.execute(update(Account).where(Account.person_id == trained.workers[0].id).values(active=False))
    assert stranger.get(third).status_code == 404


def test_who_needs_it_no_more_has_an_empty_calendar_and_it_costs_the_same(
    app: Flask, client: FlaskClient, db: Database, trained: Company, clock: MovableClock
) -> None:
    sign_in(client, trained.officer)
    path = address(client)
    app.test_client().get(path)
    with count_queries(db) as counted:
        assert len(events(app.test_client(), path)) == 1
    with db.writing() as session:
        session.execute(update(Assignment).where(Assignment.scheme == G4).values(until_on=date(2026, 11, 21)))
    with count_queries(db) as again:
        assert events(app.test_client(), path) == []
    assert len(counted) == len(again) <= 8
