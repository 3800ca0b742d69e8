"""The pages: who sees what, downloads, public verification, and that garbage never breaks it."""

import io
import json
from datetime import date

import pypdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.certification.models import Assignment, Document, Issuer, Period
from lms.content.catalogue import Catalogue
from lms.people.rules import Role
from lms.platform.db import Database
from tests.certification.make import G1, G4, Company, assign_all, confirm_all, make_trained, train
from tests.counting import count_queries
from tests.make import make_learner, sign_in


@pytest.fixture()
def document(db: Database, company: Company, catalogue: Catalogue) -> Document:
    """The register entry of the first worker."""
    with db.writing() as session:
        return make_trained(session, company, catalogue)[0]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_a_learner_sees_own_standing_number_and_dates_in_three_languages(client: FlaskClient, company: Company, document: Document) -> None:
    sign_in(client, company.workers[0])
    for lang in ("vi", "zh", "en"):
        page = client.get(f"/certificates/?lang={lang}")
        assert page.status_code == 200
        assert document.number in page.text
        assert "%(" not in page.text
    assert "22 Nov 2027" in page.text


def test_a_worker_without_documents_sees_what_to_do(client: FlaskClient, company: Company, document: Document) -> None:
    sign_in(client, company.workers[1])
    assert "Still needed: 960 minutes in all, the passed test." in client.get("/certificates/?lang=en").text
    client.post("/sign-out")
    sign_in(client, company.stranger)
    assert "No certificate is asked of you yet" in client.get("/certificates/?lang=en").text


def test_the_owner_and_the_unit_s_officer_get_the_paper_and_strangers_a_404(client: FlaskClient, company: Company, document: Document) -> None:
    for person, status in ((company.workers[0], 200), (company.officer, 200), (company.workers[1], 404), (company.stranger, 404)):
        sign_in(client, person)
        assert client.get(f"/certificates/{document.id}").status_code == status
        assert client.get(f"/certificates/{document.id}.pdf").status_code == status
        client.post("/sign-out")
    assert client.get(f"/certificates/{document.id}").status_code == 302


@pytest.mark.parametrize(("lang", "words"), [("vi", "Họ và tên"), ("zh", "职业安全卫生培训台账登记单"), ("en", "Entry in the register"), ("xx", "Họ và tên")])
def test_the_paper_keeps_its_letters(client: FlaskClient, company: Company, document: Document, lang: str, words: str) -> None:
    sign_in(client, company.workers[0])
    answer = client.get(f"/certificates/{document.id}.pdf?with={lang}&paper=a4")
    text = text_of(answer.data)
    assert answer.mimetype == "application/pdf"
    assert "Nguyễn Thị Ưởng 0" in text
    assert words in text
    assert "không thay thế giấy chứng nhận" in text
    assert "?" not in text


def test_anybody_verifies_by_code_and_number_with_the_least_of_a_name(client: FlaskClient, document: Document) -> None:
    for address in (f"/v/{document.code}", f"/v/{document.code.upper()}", f"/verify?number={document.number.lower()}"):
        page = client.get(address + ("&" if "?" in address else "?") + "lang=en")
        assert page.status_code == 200
        assert document.number in page.text
        assert "Recorded. The next training is due by 22 Nov 2027." in page.text
        assert "N. T. Ư. 0" in page.text
        assert "Nguyễn" not in page.text
        assert "1990" not in page.text


@pytest.mark.parametrize(
    "address",
    ["/v/x", "/v/" + "a" * 26, "/v/%00%ff", "/v/../../etc/passwd", "/v/" + "a" * 3000, "/verify?number=%00", "/verify?number=", "/verify?number=" + "9" * 99],
)
def test_garbage_finds_nothing_and_breaks_nothing(client: FlaskClient, document: Document, address: str) -> None:
    assert client.get(address).status_code == 404


def test_verification_is_limited_per_address(client: FlaskClient, document: Document) -> None:
    codes = [client.get("/v/x").status_code for _ in range(121)]
    assert codes.count(404) == 120
    assert codes[-1] == 429


def test_an_officer_revokes_with_a_reason_and_the_public_page_says_so(client: FlaskClient, db: Database, company: Company, document: Document) -> None:
    sign_in(client, company.officer)
    address = f"/certification/periods/{document.period_id}/mark"
    assert client.get(address).status_code == 200
    assert client.post(address, data={"kind": "revoked", "cause": "evidence"}).status_code == 422
    assert client.post(address, data={"kind": "reinstated", "cause": "evidence", "sure": "y"}).status_code == 409
    answer = client.post(address, data={"kind": "revoked", "cause": "evidence", "note": "học hộ", "sure": "y"})
    assert answer.status_code == 302
    client.post("/sign-out")
    page = client.get(f"/v/{document.code}?lang=en").text
    assert "Revoked from 22 Nov 2026: the evidence was found to be false." in page
    assert "học hộ" not in page


def test_the_desk_opens_on_exceptions_and_its_csv_is_safe(client: FlaskClient, db: Database, company: Company, document: Document) -> None:
    with db.writing() as session:
        evil = make_learner(session, unit=company.shop, full_name='=HYPERLINK("x")')
        assign_all(session, [evil])
    sign_in(client, company.officer)
    page = client.get("/certification/?lang=en").text
    assert company.workers[1].full_name in page
    assert company.workers[0].full_name not in page
    assert "of 4" in page
    assert company.workers[0].full_name in client.get("/certification/?lang=en&show=valid").text
    sheet = client.get("/certification/people.csv?lang=en")
    lines = sheet.text.splitlines()
    assert lines[0].startswith("\ufeffStaff code,Full name")
    assert len(lines) == 5
    assert "'=HYPERLINK" in sheet.text
    assert ",=HYPERLINK" not in sheet.text


def test_learners_do_not_see_the_desk_and_officers_not_other_units(client: FlaskClient, company: Company, document: Document) -> None:
    sign_in(client, company.workers[0])
    for address in (
        "/certification/",
        "/certification/confirm",
        "/certification/assign",
        "/certification/register",
        "/certification/issuers",
        "/certification/people.csv",
    ):
        assert client.get(address).status_code == 403
    client.post("/sign-out")
    sign_in(client, company.officer)
    assert client.get(f"/certification/people/{company.stranger.id}").status_code == 404
    for page in ("", "confirm", "assign", "register", "register.pdf"):
        assert client.get(f"/certification/{page}?unit={company.other.id}").status_code == 404
    for form in ("external", "trigger"):
        assert client.get(f"/certification/people/{company.stranger.id}/{form}/{G1}").status_code == 404
    assert client.get(f"/certification/people/{company.workers[0].id}/external/none").status_code == 404
    assert client.get("/certification/issuers").status_code == 403


def test_an_officer_assigns_and_confirms_in_the_browser(client: FlaskClient, db: Database, company: Company, catalogue: Catalogue) -> None:
    worker = company.workers[0]
    with db.writing() as session:
        train(session, worker)
    sign_in(client, company.officer)
    assert worker.full_name in client.get(f"/certification/assign?scheme={G4}&lang=en").text
    data = {"scheme": G4, "from_on": "2026-11-22", "person": [str(worker.id)]}
    assert client.post(f"/certification/assign?scheme={G4}", data=data).status_code == 302
    assert client.post(f"/certification/assign?scheme={G4}", data={"scheme": G4}).status_code == 422
    address = f"/certification/confirm?scheme={G4}"
    assert "1 of 1 people have complete evidence." in client.get(address + "&lang=en").text
    issuer = str(company.employer.id)
    assert client.post(address, data={"issuer": issuer, "issued_on": "2026-11-22"}).status_code == 422
    assert client.post(address, data={"issued_on": "2026-11-22"}).status_code == 422
    assert client.post(address, data={"issuer": issuer, "issued_on": "2026-11-22", "person": str(worker.id)}).status_code == 302
    assert "Nobody is waiting" in client.get(address).text
    page = client.get(f"/certification/people/{worker.id}?as_of=2026-11-22").text
    assert "0001/2026/STD-CK" in page
    assert "khoa/bai#1" in page
    with db.reading() as session:
        assert session.execute(select(Assignment.from_on).filter_by(person_id=worker.id)).scalar_one() == date(2026, 11, 22)
        assert len(session.execute(select(Period)).all()) == 1


def test_group_1_says_who_issues(client: FlaskClient, db: Database, company: Company, catalogue: Catalogue) -> None:
    sign_in(client, company.officer)
    assert "A licensed training organisation of class A, B, C issues it." in client.get(f"/certification/confirm?scheme={G1}&lang=en").text


def test_a_certificate_from_elsewhere_and_a_trigger_are_entered_in_forms(client: FlaskClient, db: Database, company: Company, catalogue: Catalogue) -> None:
    worker = company.workers[0]
    sign_in(client, company.officer)
    address = f"/certification/people/{worker.id}/external/{G1}"
    good = {"number": "12/GCN", "body": "Trung tâm X", "from_on": "2026-03-10"}
    assert client.get(address).status_code == 200
    assert client.post(address, data={}).status_code == 422
    assert client.post(address, data=good | {"until_on": "2030-01-01"}).status_code == 422
    assert client.post(address, data=good).status_code == 302
    address = f"/certification/people/{worker.id}/trigger/{G1}"
    assert client.get(address).status_code == 200
    assert client.post(address, data={"kind": "job_change", "on": "2026-11-20"}).status_code == 302
    assert client.post(address, data={"kind": "job_change", "on": "2026-11-20"}).status_code == 409
    assert "Retraining needed" in client.get(f"/certification/people/{worker.id}?lang=en").text


def test_the_register_prints_its_entries_and_strikes_out_the_revoked(client: FlaskClient, db: Database, company: Company, document: Document) -> None:
    sign_in(client, company.officer)
    assert document.number in client.get(f"/certification/register?scheme={G4}").text
    assert document.number not in client.get(f"/certification/register?scheme={G4}&until_on=2026-11-21").text
    client.post(f"/certification/periods/{document.period_id}/mark", data={"kind": "revoked", "cause": "error", "sure": "y"})
    text = text_of(client.get(f"/certification/register.pdf?scheme={G4}&unit={company.shop.id}&with=zh").data)
    for words in ("SỔ THEO DÕI NGƯỜI THUỘC NHÓM 4", "第四组人员培训台账", "Nguyễn Thị Ưởng 0", "Đã thu hồi"):
        assert words in text


def test_the_administrator_keeps_the_issuers(client: FlaskClient, db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        admin = make_learner(session, roles=(Role.ADMINISTRATOR,))
        officer = make_learner(session, roles=(Role.ADMINISTRATOR,), unit=company.shop)
    sign_in(client, admin)
    address = "/certification/issuers"
    assert company.employer.name in client.get(address).text
    good = {"code": "tt2", "name": "Trung tâm Hai", "kind": "training_org", "provider_class": "C", "unit": ""}
    assert client.post(address, data=good).status_code == 302
    assert client.post(address, data=good).status_code == 409
    assert client.post(address, data=good | {"code": "y", "provider_class": ""}).status_code == 422
    assert client.post(address, data={"code": "z", "name": "Z", "kind": "employer", "unit": ""}).status_code == 422
    assert client.post(address, data={"code": "z", "name": "Z", "kind": "employer", "unit": str(company.root.id)}).status_code == 302
    client.post("/sign-out")
    sign_in(client, officer)
    assert client.post(address, data={"code": "q", "name": "Q", "kind": "employer", "unit": str(company.root.id)}).status_code == 422
    with db.reading() as session:
        assert set(session.execute(select(Issuer.code)).scalars()) == {"CK", "HLA", "TT2", "Z"}


def test_a_unit_s_administrator_makes_no_training_organisation_and_no_issuer_for_others(client: FlaskClient, db: Database, company: Company) -> None:
    with db.writing() as session:
        admin = make_learner(session, roles=(Role.ADMINISTRATOR,), unit=company.shop)
    sign_in(client, admin)
    body = {"code": "gia", "name": "Trung tâm Giả", "kind": "training_org", "provider_class": "A"}
    assert client.post("/certification/issuers", data=body | {"unit": ""}).status_code == 403
    assert client.post("/certification/issuers", data=body | {"unit": str(company.shop.id)}).status_code == 403
    own = {"code": "x1", "name": "Xưởng Một", "kind": "employer", "unit": str(company.shop.id)}
    assert client.post("/certification/issuers", data=own).status_code == 302
    with db.reading() as session:
        assert set(session.execute(select(Issuer.code)).scalars()) == {"CK", "HLA", "X1"}


def test_pages_cost_a_constant_number_of_queries(client: FlaskClient, db: Database, company: Company, document: Document, catalogue: Catalogue) -> None:
    sign_in(client, company.officer)
    pages = ("/certification/?show=all", f"/certification/confirm?scheme={G4}", "/certification/assign", "/certification/register", "/certification/people.csv")
    client.get("/certificates/")

    def cost() -> list[int]:
        found = []
        for page in pages:
            with count_queries(db) as counted:
                assert client.get(page).status_code == 200
            found.append(len(counted))
        return found

    before = cost()
    with db.writing() as session:
        more = [make_learner(session, unit=company.shop) for _ in range(30)]
        assign_all(session, more)
        for person in more:
            train(session, person)
        confirm_all(session, company, catalogue, more[:15])
    assert cost() == before
    assert max(before) <= 8


def test_a_demonstration_paper_says_so(client: FlaskClient, db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        session.get_one(Issuer, company.employer.id).demo = True
        train(session, company.workers[0])
        [made] = confirm_all(session, company, catalogue, company.workers[:1])
    assert json.loads(made.payload)["demo"] is True
    assert "Demonstration: this paper proves nothing." in client.get(f"/v/{made.code}?lang=en").text
    sign_in(client, company.workers[0])
    assert "BẢN TRÌNH DIỄN" in text_of(client.get(f"/certificates/{made.id}.pdf?with=vi").data)
