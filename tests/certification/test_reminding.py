"""Reminding by hand: whom the desk lists and nobody else, once a day, by whoever leads them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.certification.models import Period
from lms.certification.service.marks import mark_period
from lms.content.catalogue import Catalogue
from lms.people.notices.models import Notice
from lms.people.rules import Role
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.certification.make import G4, NOW, TODAY, Company, assign_all, make_trained
from tests.counting import count_queries
from tests.make import make_learner, sign_in

REMIND = "/certification/remind"


@pytest.fixture()
def trained(db: Database, company: Company, catalogue: Catalogue) -> Company:
    """Three workers of the shop need group 4; the first has it. So does a stranger of the other shop, who has nothing."""
    with db.writing() as session:
        make_trained(session, company, catalogue)
        assign_all(session, [company.stranger])
    return company


def told(db: Database) -> set[int]:
    with db.reading() as session:
        return set(session.scalars(select(Notice.person_id).where(Notice.cause == f"asked:{G4}:{TODAY}")))


def test_whoever_misses_it_in_the_own_units_is_told_once_a_day(client: FlaskClient, db: Database, trained: Company) -> None:
    sign_in(client, trained.officer)
    assert REMIND in client.get("/certification/").text
    page = client.get(f"{REMIND}?lang=en").text
    assert "2 notices would be sent." in page
    assert trained.workers[0].full_name not in page
    assert client.post(REMIND).status_code == 302
    assert told(db) == {one.id for one in trained.workers[1:]}
    again = client.post(f"{REMIND}?lang=en")
    assert (again.status_code, "reminded today already" in again.text) == (409, True)
    with db.reading() as session:
        assert session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "reminded")).all() == [f'{{"paths": ["{trained.shop.path}"], "people": 2}}']


def test_what_is_told_stands_in_the_worker_s_list(app: Flask, client: FlaskClient, trained: Company) -> None:
    sign_in(client, trained.officer)
    client.post(REMIND)
    worker = app.test_client()
    sign_in(worker, trained.workers[1])
    assert "you need this training and have not completed it yet." in worker.get("/notices?lang=en").text


@pytest.mark.parametrize(
    ("role", "status"), [(Role.TEAM_LEADER, 200), (Role.MANAGER, 200), (Role.TRAINING_ADMIN, 200), (Role.INSPECTOR, 403), (Role.TRAINER, 403)]
)
def test_who_may_remind(client: FlaskClient, db: Database, trained: Company, role: Role, status: int) -> None:
    with db.writing() as session:
        person = make_learner(session, unit=trained.other, roles=(role,))
    sign_in(client, person)
    assert client.get(REMIND).status_code == status
    if status == 200:
        client.post(REMIND)
        assert told(db) == {trained.stranger.id}
        assert client.get(f"{REMIND}?unit={trained.shop.id}").status_code == 404


def test_who_is_suspended_is_not_told_to_train(client: FlaskClient, db: Database, trained: Company) -> None:
    with db.writing() as session:
        period = session.scalars(select(Period)).one()
        plain = {"paths": trained.paths, "actor_id": trained.officer.id, "today": TODAY, "now": NOW}
        mark_period(session, period_id=period.id, kind="suspended", cause="evidence", note="", **plain)  # type: ignore[arg-type]
    sign_in(client, trained.officer)
    refused = client.post(f"{REMIND}?show=bad&lang=en")
    assert (refused.status_code, "nobody to remind" in refused.text) == (422, True)
    assert told(db) == set()


@pytest.mark.parametrize(("lang", "word"), [("vi", "Nhắc nhở"), ("zh", "提醒"), ("en", "Remind")])
def test_the_page_speaks_every_language_and_costs_the_same_for_more_people(client: FlaskClient, db: Database, trained: Company, lang: str, word: str) -> None:
    sign_in(client, trained.officer)
    client.get(REMIND)
    with count_queries(db) as counted:
        assert word in client.get(f"{REMIND}?lang={lang}").text
    with db.writing() as session:
        assign_all(session, [make_learner(session, unit=trained.shop) for _ in range(12)])
    with count_queries(db) as again:
        client.get(f"{REMIND}?lang={lang}")
    assert len(counted) == len(again)
