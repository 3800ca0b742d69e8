"""The training matrix from the page to the assignments: joining, moving, leaving, the end of a line, what is assigned by hand."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.certification import matrix_keeper
from lms.certification.matrix_keeper import JOB, MatrixKeeper
from lms.certification.models import Assignment, TrainingRequirement
from lms.certification.service.matrix import apply_to
from lms.clock import MovableClock
from lms.people.models import Membership, Unit
from lms.people.rules import Role
from lms.people.service import leave, move_person
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from lms.platform.site import Site
from tests.certification.make import G1, G4, NOW, TODAY, Company, assign_all
from tests.counting import count_queries
from tests.make import make_learner, sign_in

LINE = {"scheme": G4, "from_on": "2026-11-01", "reason": "Nghị định 44/2016/NĐ-CP", "act": "add"}


@pytest.fixture()
def officer(client: FlaskClient, company: Company) -> FlaskClient:
    """The browser of the officer of the first workshop."""
    sign_in(client, company.officer)
    return client


def add(client: FlaskClient, company: Company, **given: str) -> None:
    answer = client.post("/certification/matrix/new", data=LINE | {"unit": str(company.shop.id)} | given)
    assert answer.status_code == 302, answer.text


def tick(app: Flask, clock: MovableClock) -> int | None:
    done: int | None = app.extensions["site"].jobs.run(JOB, clock.now())
    return done


def needed(db: Database, scheme: str = G4, on: date = TODAY) -> dict[int, date]:
    with db.reading() as session:
        lasting = (Assignment.from_on <= on, (Assignment.until_on.is_(None)) | (Assignment.until_on >= on))
        rows = session.execute(select(Assignment.person_id, Assignment.from_on).where(Assignment.scheme == scheme, *lasting))
        return {row[0]: row[1] for row in rows}


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_a_line_is_looked_at_added_applied_and_ended(app: Flask, officer: FlaskClient, company: Company, db: Database, clock: MovableClock, lang: str) -> None:
    empty, listed, look = {
        "vi": ("Ma trận còn trống", "Ma trận huấn luyện", "4 người thỏa điều kiện. 0 người trong số đó đã được phân công."),
        "zh": ("矩阵为空", "培训矩阵", "4人符合条件。 其中0人已分配该项目。"),
        "en": ("The matrix is empty", "Training matrix", "4 people fit. 0 of them have the scheme assigned already."),
    }[lang]
    assert listed in officer.get(f"/certification/?lang={lang}").text
    assert empty in officer.get(f"/certification/matrix?lang={lang}").text
    assert "Nghị định" not in officer.get(f"/certification/matrix/new?lang={lang}").text
    seen = officer.post(f"/certification/matrix/new?lang={lang}", data=LINE | {"unit": str(company.shop.id), "act": "look"})
    assert (seen.status_code, look in seen.text) == (200, True)
    assert needed(db) == {}
    add(officer, company)
    assert tick(app, clock) == 4
    everybody = {company.officer.id, *(worker.id for worker in company.workers)}
    assert needed(db) == dict.fromkeys(everybody, date(2026, 11, 1))
    since = {"vi": "Nghị định 44/2016/NĐ-CP", "zh": "起", "en": "Required from 1 Nov 2026. Nghị định 44/2016/NĐ-CP"}[lang]
    assert since in officer.get(f"/certification/people/{company.workers[0].id}?lang={lang}").text
    page = officer.get(f"/certification/matrix?lang={lang}").text
    assert "Nghị định 44/2016/NĐ-CP" in page
    assert ">4<" in page
    with db.reading() as session:
        line = session.scalars(select(TrainingRequirement.id)).one()
    assert officer.post(f"/certification/matrix/{line}/end").status_code == 302
    assert tick(app, clock) == 4
    assert needed(db) == {}
    assert set(needed(db, on=TODAY - timedelta(days=1))) == everybody
    assert officer.post(f"/certification/matrix/{line}/end").status_code == 404
    with db.reading() as session:
        acts = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert [act for act in acts if "requirement" in act or "matrix" in act] == [
        "requirement_added",
        "assigned_by_matrix",
        "requirement_ended",
        "released_by_matrix",
    ]


def test_whoever_joins_has_it_within_a_minute_and_whoever_moves_away_loses_it_the_next_day(
    app: Flask, officer: FlaskClient, company: Company, db: Database, clock: MovableClock
) -> None:
    add(officer, company)
    tick(app, clock)
    with db.writing() as session:
        shop, other = session.get_one(Unit, company.shop.id), session.get_one(Unit, company.other.id)
        fresh = make_learner(session, unit=shop)
        move_person(session, person_id=company.workers[0].id, unit_id=other.id, on=TODAY, actor_id=None, paths=("/",), now=NOW)
        leave(session, person_id=company.workers[1].id, last_on=TODAY, actor_id=None, paths=("/",), now=NOW)
    assert tick(app, clock) == 2
    found = needed(db)
    assert found[fresh.id] == date(2026, 11, 1)
    assert company.workers[0].id not in found
    assert company.workers[1].id in found, "the last day still counts"
    clock.move(seconds=86_400)
    assert tick(app, clock) == 1
    assert company.workers[1].id not in needed(db, on=TODAY + timedelta(days=1))
    assert tick(app, clock) == 0


def test_what_is_assigned_by_hand_stays_and_a_second_line_takes_over(
    app: Flask, officer: FlaskClient, company: Company, db: Database, clock: MovableClock
) -> None:
    with db.writing() as session:
        assign_all(session, company.workers[:1])
    add(officer, company)
    tick(app, clock)
    add(officer, company, position="công nhân")
    with db.reading() as session:
        first, second = session.scalars(select(TrainingRequirement.id).order_by(TrainingRequirement.id)).all()
    officer.post(f"/certification/matrix/{first}/end")
    tick(app, clock)
    with db.reading() as session:
        rows = session.execute(select(Assignment.person_id, Assignment.requirement_id).where(Assignment.until_on.is_(None)))
        held = {row[0]: row[1] for row in rows}
    assert held.pop(company.workers[0].id) is None
    assert set(held.values()) == {second}
    officer.post(f"/certification/matrix/{second}/end")
    tick(app, clock)
    assert set(needed(db)) == {company.workers[0].id}


def test_who_comes_back_on_the_same_line_has_it_from_the_day_of_coming_back(
    app: Flask, officer: FlaskClient, company: Company, db: Database, clock: MovableClock
) -> None:
    add(officer, company)
    tick(app, clock)
    with db.reading() as session:
        line = session.scalars(select(TrainingRequirement.id)).one()
    officer.post(f"/certification/matrix/{line}/end")
    tick(app, clock)
    add(officer, company)
    tick(app, clock)
    assert set(needed(db).values()) == {TODAY}


def test_tag_kind_and_role_narrow_it(app: Flask, officer: FlaskClient, company: Company, db: Database, clock: MovableClock) -> None:
    with db.writing() as session:
        session.get_one(Unit, company.root.id).tags = ",high_risk,"
        sent = session.scalars(select(Membership).where(Membership.person_id == company.workers[2].id)).one()
        sent.kind = "contractor"
    add(officer, company, tag="high_risk", kind="contractor")
    add(officer, company, scheme=G1, role="officer")
    add(officer, company, scheme=G1, tag="craft_village")
    tick(app, clock)
    assert set(needed(db)) == {company.workers[2].id}
    assert set(needed(db, G1)) == {company.officer.id}


def test_a_process_that_dies_goes_on_where_it_stopped(
    officer: FlaskClient, company: Company, db: Database, clock: MovableClock, the_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(officer, company)
    monkeypatch.setattr(matrix_keeper, "BATCH", 2)
    calls: list[int] = []

    def dies(*given: Any, **named: Any) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return apply_to(*given, **named)

    monkeypatch.setattr(matrix_keeper, "apply_to", dies)
    keeper = MatrixKeeper(db, the_site.settings.zone)
    with pytest.raises(KeyboardInterrupt):
        keeper.run(clock.now())
    before = len(needed(db))
    assert before < 4
    assert before + keeper.run(clock.now()) == len(needed(db)) == 4


def test_only_of_the_own_units_and_nothing_that_means_nothing(app: Flask, officer: FlaskClient, company: Company, db: Database) -> None:
    page = "/certification/matrix/new?lang=en"
    for wrong, words in (
        ({"unit": str(company.other.id)}, "Not a valid choice"),
        ({"unit": ""}, "no such unit in your scope"),
        ({"reason": " "}, "Give the reason"),
        ({"until_on": "2026-10-31"}, "last day comes before"),
        ({"from_on": "30/02/2026"}, "Not a valid date"),
        ({"tag": "x"}, "Not a valid choice"),
        ({"scheme": "x"}, "Not a valid choice"),
    ):
        refused = officer.post(page, data=LINE | {"unit": str(company.shop.id)} | wrong)
        assert (refused.status_code in (404, 422), words in refused.text) == (True, True), (wrong, refused.text)
    add(officer, company)
    twice = officer.post(page, data=LINE | {"unit": str(company.shop.id)})
    assert (twice.status_code, "has this line already" in twice.text) == (409, True)
    with db.writing() as session:
        stranger = make_learner(session, unit=company.other, roles=(Role.OFFICER,))
        watcher = make_learner(session, unit=company.root, roles=(Role.MANAGER,))
        line = session.scalars(select(TrainingRequirement.id)).one()
    other = app.test_client()
    sign_in(other, stranger)
    assert "Nghị định" not in other.get("/certification/matrix").text
    assert other.post(f"/certification/matrix/{line}/end").status_code == 404
    sees = app.test_client()
    sign_in(sees, watcher)
    seen = sees.get("/certification/matrix?lang=en").text
    assert ("Nghị định" in seen, "set above" in seen, "Add a line" in seen) == (True, True, False)
    assert sees.post(f"/certification/matrix/{line}/end").status_code == 403
    nobody = app.test_client()
    sign_in(nobody, company.workers[0])
    assert nobody.get("/certification/matrix").status_code == 403


def test_a_line_of_the_company_is_seen_by_the_workshop_and_ended_above(app: Flask, client: FlaskClient, company: Company, db: Database) -> None:
    with db.writing() as session:
        chief = make_learner(session, roles=(Role.TRAINING_ADMIN,))
    sign_in(client, chief)
    add(client, company, unit="")
    add(client, company, unit=str(company.root.id))
    below = app.test_client()
    sign_in(below, company.officer)
    page = below.get("/certification/matrix?lang=en").text
    assert page.count("set above") == 2
    assert "the whole site" in page


def test_the_page_and_a_batch_cost_a_constant_number_of_queries(
    app: Flask, officer: FlaskClient, company: Company, db: Database, clock: MovableClock, the_site: Site
) -> None:
    def costs() -> tuple[int, int]:
        officer.get("/certification/matrix")
        with count_queries(db) as page:
            officer.get("/certification/matrix")
        keeper = MatrixKeeper(db, the_site.settings.zone)
        clock.move(seconds=86_400)
        with count_queries(db) as batch:
            keeper.run(clock.now())
        return len(page.statements), len(batch.statements)

    add(officer, company)
    tick(app, clock)
    costs()
    before = costs()
    for words in ("hàn", "điện", "lái xe"):
        add(officer, company, position=words)
    with db.writing() as session:
        for _ in range(5):
            make_learner(session, unit=session.get_one(Unit, company.shop.id))
    tick(app, clock)
    assert costs() == before
