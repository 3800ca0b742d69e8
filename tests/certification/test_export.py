"""The desk as a file: what the page says, safe to open."""

import io
import json
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from lms.content.catalogue import Catalogue
from lms.people.models import Person
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from lms.platform.sheet import xlsx_file
from tests.certification.make import Company, make_trained
from tests.make import sign_in


def cells(data: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


@pytest.fixture()
def trained(db: Database, company: Company, catalogue: Catalogue) -> Company:
    """The first worker has group 4; the second is called like a formula."""
    with db.writing() as session:
        make_trained(session, company, catalogue)
        session.get_one(Person, company.workers[1].id).full_name = "=1+1"
    return company


@pytest.mark.parametrize(("lang", "header", "standing"), [("vi", "Họ và tên", "Đã ghi sổ"), ("zh", "姓名", "已登记"), ("en", "Full name", "Recorded")])
def test_a_workbook_has_names_dates_and_reasons(client: FlaskClient, trained: Company, lang: str, header: str, standing: str) -> None:
    sign_in(client, trained.officer)
    answer = client.get(f"/certification/people.xlsx?lang={lang}")
    table = cells(answer.data)
    assert answer.headers["Content-Disposition"].endswith("certification-2026-11-22.xlsx")
    assert table[0][1] == header
    assert len(table) == 4
    row = next(row for row in table if row[1] == "Nguyễn Thị Ưởng 0")
    assert (row[5], row[6]) == (standing, date(2027, 11, 22))
    assert "=1+1" in [row[1] for row in table]


def test_who_took_it_away_is_in_the_audit_trail(client: FlaskClient, trained: Company, db: Database) -> None:
    sign_in(client, trained.officer)
    for kind in ("csv", "xlsx"):
        assert client.get(f"/certification/people.{kind}?unit={trained.shop.id}&as_of=2026-11-22").status_code == 200
    with db.reading() as session:
        told = session.scalars(select(AuditEvent).where(AuditEvent.action == "standing_exported").order_by(AuditEvent.id)).all()
        assert [(one.actor_id, json.loads(one.detail)["kind"], json.loads(one.detail)["unit"]) for one in told] == [
            (trained.officer.id, kind, str(trained.shop.id)) for kind in ("csv", "xlsx")
        ]
    client.get(f"/certification/people.csv?unit={trained.other.id}")
    with db.reading() as session:
        assert len(session.scalars(select(AuditEvent.id).where(AuditEvent.action == "standing_exported")).all()) == 2, "a unit elsewhere is refused first"


def test_it_is_narrowed_like_the_page_and_only_for_those_who_see_it(client: FlaskClient, trained: Company) -> None:
    sign_in(client, trained.officer)
    assert len(cells(client.get("/certification/people.xlsx?scheme=vn-nd44-nhom-1").data)) == 1
    client.post("/sign-out")
    sign_in(client, trained.workers[0])
    assert client.get("/certification/people.xlsx").status_code == 403


def test_texts_numbers_days_and_nothing_stay_what_they_are() -> None:
    table = cells(xlsx_file("a/b[c]", ["t", "n", "d", "o"], [("0012", 12, date(2026, 2, 28), None), ("https://x", -1, date(2000, 2, 29), "@x")]).read())
    assert table == [["t", "n", "d", "o"], ["0012", 12.0, date(2026, 2, 28), ""], ["https://x", -1.0, date(2000, 2, 29), "@x"]]
