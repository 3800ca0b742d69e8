"""Confirmation: by whoever may issue, of complete evidence only, once, with number, document and trail."""

import json
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.certification.models import Document, Issuer, Period
from lms.certification.service.confirm import MOST_AT_ONCE
from lms.certification.service.documents import get_document, read_payload
from lms.certification.service.external import record_external
from lms.certification.service.marks import mark_period
from lms.certification.service.own import own_standing
from lms.content.catalogue import Catalogue
from lms.errors import Conflict, Invalid, NotFound
from lms.learning.models import ClassDay
from lms.people.models import Membership
from lms.people.service import move_person
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.certification.make import G1, G4, NOW, TODAY, Company, assign_all, confirm_all, train


def standing_of(db: Database, catalogue: Catalogue, person_id: int, scheme: str, as_of: date = TODAY) -> str:
    with db.reading() as session:
        found = own_standing(session, catalogue, person_id, as_of)
    return next(one.standing.shown for one in found if one.scheme.slug == scheme)


def test_the_employer_confirms_group_4_into_the_register(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        day = ClassDay(
            id=1, unit_id=company.shop.id, schemes=G4, title="An toàn điện", held_on=date(2026, 11, 20), trainer="Trần Văn Ẩn", recorded_by=1, recorded_at=NOW
        )
        session.add(day)
        train(session, company.workers[0])
        [document] = confirm_all(session, company, catalogue, company.workers[:1])
    printed = read_payload(document)
    assert (document.number, document.kind, document.seq, document.year) == ("0001/2026/STD-CK", "register_entry", 1, 2026)
    assert (printed["name"], printed["from"], printed["until"], printed["expires"]) == ("Nguyễn Thị Ưởng 0", "2026-11-22", "2027-11-22", False)
    assert (printed["minutes"], printed["subjects"], printed["trainers"], printed["self_issued"]) == (960, ["An toàn điện"], ["Trần Văn Ẩn"], True)
    assert printed["url"] == f"https://vean.example/v/{document.code}"
    assert standing_of(db, catalogue, company.workers[0].id, G4) == "recorded"
    assert standing_of(db, catalogue, company.workers[0].id, G4, date(2027, 11, 22)) == "expiring"
    assert standing_of(db, catalogue, company.workers[0].id, G4, date(2027, 11, 23)) == "expired"


def test_group_1_is_not_the_employer_s_to_issue(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        train(session, company.workers[0], G1)
    with pytest.raises(Conflict, match=r"prepares and proves.*licensed training organisation of class A, B, C"), db.writing() as session:
        confirm_all(session, company, catalogue, company.workers[:1], scheme=G1)


def test_a_training_organisation_of_its_class_issues_group_1_for_two_years(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        train(session, company.workers[0], G1)
        [document] = confirm_all(session, company, catalogue, company.workers[:1], scheme=G1, issuer_id=company.trainer.id)
    assert (document.number, document.kind, read_payload(document)["until"]) == ("0001/2026/GCN-HLA", "certificate", "2028-11-22")
    assert standing_of(db, catalogue, company.workers[0].id, G1) == "valid"


def test_an_officer_of_a_unit_does_not_issue_in_the_name_of_a_training_body_of_the_whole_site(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        train(session, company.workers[0], G1)
        body = Issuer(code="Y", name="Y", kind="training_org", provider_class="A")
        session.add(body)
    with pytest.raises(NotFound), db.writing() as session:
        confirm_all(session, company, catalogue, company.workers[:1], scheme=G1, issuer_id=body.id)


def test_a_class_outside_the_law_s_list_may_not_issue_and_a_training_body_does_not_keep_the_employer_s_register(
    db: Database, company: Company, catalogue: Catalogue
) -> None:
    with db.writing() as session:
        for scheme in (G1, G4):
            train(session, company.workers[0], scheme)
        other = Issuer(code="X", name="X", kind="training_org", provider_class="Z", unit_id=company.shop.id)
        session.add(other)
    for scheme, issuer in ((G1, other), (G4, company.trainer)):
        with pytest.raises(Conflict), db.writing() as session:
            confirm_all(session, company, catalogue, company.workers[:1], scheme=scheme, issuer_id=issuer.id)


def test_incomplete_evidence_is_refused_by_name_and_nobody_is_confirmed(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        train(session, company.workers[0])
    with pytest.raises(Conflict, match=r"Ưởng 1.*Still needed: 960 minutes in all, the passed test"), db.writing() as session:
        confirm_all(session, company, catalogue, company.workers[:2])
    with db.reading() as session:
        assert session.execute(select(func.count(Period.id))).scalar_one() == 0


def test_a_confirmation_uses_the_evidence_up(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        train(session, company.workers[0])
        confirm_all(session, company, catalogue, company.workers[:1])
    with pytest.raises(Conflict), db.writing() as session:
        confirm_all(session, company, catalogue, company.workers[:1])


def test_a_renewal_opens_a_new_period_as_a_refresher_and_keeps_the_old_one(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        train(session, company.workers[0])
        confirm_all(session, company, catalogue, company.workers[:1])
    day, at = date(2027, 11, 1), NOW + timedelta(days=344)
    with db.writing() as session:
        train(session, company.workers[0], on=date(2027, 10, 20), tag="2", now=at)
        [document] = confirm_all(session, company, catalogue, company.workers[:1], issued_on=day, today=day, now=at)
    with db.reading() as session:
        periods = session.execute(select(Period).order_by(Period.n)).scalars().all()
        assert [(p.n, p.basis, p.from_on, p.until_on) for p in periods] == [
            (1, "initial", date(2026, 11, 22), date(2027, 11, 22)),
            (2, "refresher", date(2027, 11, 1), date(2028, 11, 1)),
        ]
    assert document.number == "0001/2027/STD-CK"
    assert read_payload(document)["minutes"] == 720


def test_a_person_or_issuer_out_of_scope_is_not_found(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        train(session, company.stranger)
        elsewhere = Issuer(code="HAI", name="Xưởng Hai", kind="employer", unit_id=company.other.id)
        session.add(elsewhere)
        train(session, company.workers[0])
    with pytest.raises(NotFound), db.writing() as session:
        confirm_all(session, company, catalogue, [company.stranger])
    for issuer_id in (elsewhere.id, 999):
        with pytest.raises(NotFound), db.writing() as session:
            confirm_all(session, company, catalogue, company.workers[:1], issuer_id=issuer_id)


def test_an_employer_confirms_only_for_its_own_unit(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        train(session, company.stranger)
        small = Issuer(code="MOT", name="Xưởng Một", kind="employer", unit_id=company.shop.id)
        session.add(small)
    with pytest.raises(Conflict, match="Xưởng Một does not confirm for people of Xưởng Hai"), db.writing() as session:
        confirm_all(session, company, catalogue, [company.stranger], issuer_id=small.id, paths=(company.root.path,))


@pytest.mark.parametrize(
    ("given", "error"),
    [
        pytest.param({"issued_on": TODAY + timedelta(days=1)}, Invalid, id="tomorrow"),
        pytest.param({"person_ids": []}, Invalid, id="nobody"),
        pytest.param({"person_ids": range(MOST_AT_ONCE + 1)}, Invalid, id="too many at once"),
        pytest.param({"issued_on": date(2016, 6, 30)}, Conflict, id="before the law"),
        pytest.param({"issued_on": date(2026, 11, 19)}, Conflict, id="before the evidence"),
        pytest.param({"scheme": "no-such"}, NotFound, id="unknown scheme"),
    ],
)
def test_a_confirmation_that_makes_no_sense_is_refused(
    db: Database, company: Company, catalogue: Catalogue, given: dict[str, object], error: type[Exception]
) -> None:
    with db.writing() as session:
        train(session, company.workers[0])
    with pytest.raises(error), db.writing() as session:
        confirm_all(session, company, catalogue, company.workers[:1], **given)


def test_two_officers_at_once_confirm_a_person_once_and_numbers_have_no_gap(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        for worker in company.workers:
            train(session, worker)
    outcomes: list[str] = []

    def try_it() -> None:
        for worker in company.workers:
            try:
                with db.writing() as session:
                    confirm_all(session, company, catalogue, [worker])
                outcomes.append("done")
            except Conflict:
                outcomes.append("refused")

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count("done"), outcomes.count("refused")) == (3, 9)
    with db.reading() as session:
        assert sorted(session.execute(select(Document.seq)).scalars()) == [1, 2, 3]


def test_the_trail_holds_ids_and_no_names(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        train(session, company.workers[0])
        confirm_all(session, company, catalogue, company.workers[:1])
    with db.reading() as session:
        rows = session.execute(select(AuditEvent).order_by(AuditEvent.id)).scalars().all()
    assert [row.action for row in rows if row.actor_id == company.officer.id] == ["confirm_training", "issue_document"]
    assert not any("Ưởng" in row.detail for row in rows)
    assert json.loads(rows[-1].detail)["number"] == "0001/2026/STD-CK"


def test_a_person_without_a_place_of_work_today_cannot_be_confirmed(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        train(session, company.workers[0])
        assign_all(session, company.workers)
        place = session.execute(select(Membership).filter_by(person_id=company.workers[0].id)).scalar_one()
        place.until_on = TODAY - timedelta(days=1)
    with pytest.raises(NotFound), db.writing() as session:
        confirm_all(session, company, catalogue, company.workers[:1])


def test_a_day_before_the_person_came_is_no_day_of_confirmation(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        train(session, company.workers[0], on=date(2026, 10, 1))
        move_person(session, person_id=company.workers[0].id, unit_id=company.other.id, on=date(2026, 11, 10), position="thợ", now=NOW, actor_id=None)
    there = (company.other.path,)
    with pytest.raises(Conflict, match="did not work in your units"), db.writing() as session:
        confirm_all(session, company, catalogue, company.workers[:1], issued_on=date(2026, 11, 9), paths=there)
    with pytest.raises(NotFound), db.writing() as session:
        confirm_all(session, company, catalogue, company.workers[:1], issued_on=date(2026, 11, 9))
    with db.writing() as session:
        [document] = confirm_all(session, company, catalogue, company.workers[:1], issued_on=date(2026, 11, 10), paths=there)
    assert (read_payload(document)["unit"], read_payload(document)["position"]) == (company.other.name, "thợ")


def test_the_paper_names_the_place_of_work_on_the_day_of_issue(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        train(session, company.workers[0], on=date(2026, 10, 1))
        move_person(session, person_id=company.workers[0].id, unit_id=company.other.id, on=date(2026, 11, 10), now=NOW, actor_id=None)
        [document] = confirm_all(session, company, catalogue, company.workers[:1], issued_on=date(2026, 11, 9), paths=(company.root.path,))
    assert read_payload(document)["unit"] == company.shop.name


def test_a_suspension_is_not_got_round_by_new_training(db: Database, company: Company, catalogue: Catalogue) -> None:
    worker = company.workers[0]
    with db.writing() as session:
        train(session, worker)
        [document] = confirm_all(session, company, catalogue, [worker])
    day, at = TODAY + timedelta(days=30), NOW + timedelta(days=30)
    plain = {"cause": "authority", "note": "", "paths": company.paths, "actor_id": company.officer.id, "today": day, "now": at}
    with db.writing() as session:
        train(session, worker, on=day - timedelta(days=2), tag="2", now=at)
        mark_period(session, period_id=document.period_id, kind="suspended", **plain)  # type: ignore[arg-type]
    for issued_on in (day, day - timedelta(days=1)):
        with pytest.raises(Conflict, match="suspended under this scheme"), db.writing() as session:
            confirm_all(session, company, catalogue, [worker], issued_on=issued_on, today=day, now=at)
    elsewhere: dict[str, Any] = {"number": "1", "body": "B", "from_on": day, "until_on": None}
    with pytest.raises(Conflict, match="suspended under this scheme"), db.writing() as session:
        who = {"person_id": worker.id, "paths": company.paths, "actor_id": company.officer.id, "today": day, "now": at}
        record_external(session, catalogue=catalogue, scheme=G4, **elsewhere, **who)  # type: ignore[arg-type]
    with db.writing() as session:
        mark_period(session, period_id=document.period_id, kind="reinstated", **plain)  # type: ignore[arg-type]
        confirm_all(session, company, catalogue, [worker], issued_on=day, today=day, now=at)
    assert standing_of(db, catalogue, worker.id, G4, day) == "recorded"


def test_no_such_document(db: Database) -> None:
    with db.reading() as session, pytest.raises(NotFound):
        get_document(session, document_id=1)
