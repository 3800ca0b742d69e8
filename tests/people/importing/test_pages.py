"""The pages of the import: from the upload to the undo without JavaScript, who may, what is told, what it costs."""

import csv
import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from lms.people.importing.rules.headers import keys_of
from lms.people.importing.service.reading import text_of
from lms.people.importing.service.runs import JOB
from lms.people.models import Person
from lms.people.rules import Role
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from lms.platform.site import Site
from tests.conftest import ONE_DATABASE
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in
from tests.people.importing.conftest import HEADERS, workbook

ROWS = [("NV1", "NGUYỄN VĂN AN", "912345678", "Tổ hàn", "thợ hàn"), ("NV2", "Trần Thị Bé", "x", "Tổ sơn", ""), ("QT01", "Bà Quản Trị", "", "", "")]
XLSX = workbook([["DANH SÁCH"], HEADERS, *ROWS])


@pytest.fixture()
def boss(client: FlaskClient, db: Database) -> FlaskClient:
    """The administrator's browser."""
    with db.writing() as session:
        company = make_unit(session, name="Công ty", code="CT")
        make_unit(session, parent=company, name="Tổ hàn", code="HAN")
        person = make_learner(session, roles=(Role.ADMINISTRATOR,), full_name="Bà Quản Trị", staff_code="QT01")
        make_learner(session, unit=company, roles=(Role.OFFICER,), full_name="Ông Cán Bộ", staff_code="AT01")
    sign_in(client, person)
    return client


def _hand_in(client: FlaskClient, data: bytes = XLSX, name: str = "danh-sach.xlsx", **given: Any) -> Any:
    form = {"file": (io.BytesIO(data), name), "unit": "0", "effect_on": "2026-11-22", "encoding": ""} | given
    return client.post("/people/import/", data=form, content_type="multipart/form-data")


def _columns(page: str) -> dict[str, str]:
    """What the page of the columns has chosen."""
    found = {}
    for name, body in re.findall(r'<select[^>]*name="(column_\d+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        found[name] = chosen[1] if chosen else ""
    return found


def _checked(client: FlaskClient, the_site: Site, **given: Any) -> str:
    """Hand in, confirm the columns, let the job run; gives the address of the sheet."""
    answer = _hand_in(client, **given)
    where = str(answer.headers["Location"])
    if where.endswith("/columns"):
        answer = client.post(where, data=_columns(client.get(where).text))
        where = str(answer.headers["Location"])
    the_site.jobs.run(JOB, the_site.clock.now())
    return where


def test_from_the_sheet_to_people_and_back(boss: FlaskClient, the_site: Site, db: Database) -> None:
    answer = _hand_in(boss)
    assert answer.status_code == 302
    columns = answer.headers["Location"]
    page = boss.get(columns).text
    assert "NGUYỄN VĂN AN" in page
    chosen = _columns(page)
    assert list(chosen.values()) == ["staff_code", "full_name", "phone", "unit", "position"]
    answer = boss.post(columns, data=chosen)
    where = answer.headers["Location"]
    page = boss.get(where).text
    assert "data-job-runs" in page
    assert "Look again" in boss.get(f"{where}?lang=en").text
    boss.get("/?lang=vi")
    assert "data-job-runs" in boss.get(f"{where}/progress").text
    the_site.jobs.run(JOB, the_site.clock.now())
    page = boss.get(where).text
    assert "data-job-runs" not in boss.get(f"{where}/progress").text
    assert "Tổ sơn" in page
    assert "data-job-runs" not in page
    mend = re.search(rf"{where}/rows/2", page)
    assert mend
    page = boss.get(f"{where}/rows/2").text
    assert 'value="x"' in page
    still = boss.post(f"{where}/rows/2", data={"staff_code": "NV2", "full_name": "Trần Thị Bé", "phone": "0987654321", "unit": "Tổ sơn", "position": ""})
    assert still.status_code == 422
    assert "Tổ sơn" in still.text
    mended = {"staff_code": "NV2", "full_name": "Trần Thị Bé", "phone": "0987654321", "unit": "Tổ hàn", "position": ""}
    assert boss.post(f"{where}/rows/2", data=mended).status_code == 302
    assert boss.post(f"{where}/apply").status_code == 302
    the_site.jobs.run(JOB, the_site.clock.now())
    page = boss.get(f"{where}?show=new").text
    assert "Nguyễn Văn An" in page
    people = boss.get("/people").text
    assert "Nguyễn Văn An" in people
    assert "Trần Thị Bé" in people
    assert boss.post(f"{where}/apply").status_code == 409
    assert boss.post(f"{where}/undo").status_code == 302
    the_site.jobs.run(JOB, the_site.clock.now())
    assert "Nguyễn Văn An" not in boss.get("/people").text
    assert "danh-sach.xlsx" in boss.get("/people/import/").text
    with db.reading() as session:
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_kind == "people_import").order_by(AuditEvent.id)).all()
    assert acts == ["people_sheet_read", "people_sheet_applied", "people_sheet_undone"]
    assert boss.get("/people/audit").status_code == 200


def test_the_second_sheet_of_a_form_goes_straight_to_the_check(boss: FlaskClient, the_site: Site) -> None:
    _checked(boss, the_site)
    assert re.fullmatch(r"/people/import/\d+", _hand_in(boss).headers["Location"])


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_every_page_in_every_language(boss: FlaskClient, the_site: Site, lang: str) -> None:
    assert boss.get(f"/people/import/?lang={lang}").status_code == 200
    where = _checked(boss, the_site)
    for page in (where, f"{where}?show=new", f"{where}?show=changed", f"{where}?show=skipped", f"{where}?show=todo", f"{where}/columns", f"{where}/rows/2"):
        answer = boss.get(page)
        assert answer.status_code == 200, page
    for word in {"vi": ("Mới", "Lỗi"), "zh": ("新增", "错误"), "en": ("New", "Errors")}[lang]:
        assert word in boss.get(where).text
    template = boss.get("/people/import/template.xlsx")
    assert template.data.startswith(b"PK")


@ONE_DATABASE
@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_the_empty_sheet_is_known_to_the_import(boss: FlaskClient, lang: str) -> None:
    data = boss.get(f"/people/import/template.xlsx?lang={lang}").data
    row = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[0]
    assert all(keys_of([text_of(cell) for cell in row]))


def test_the_rows_with_errors_come_as_a_sheet_with_reasons_and_can_be_handed_in_again(boss: FlaskClient, the_site: Site) -> None:
    where = _checked(boss, the_site)
    bad = boss.get(f"{where}/bad.csv?lang=vi")
    lines = list(csv.reader(io.StringIO(bad.get_data(as_text=True).removeprefix("\ufeff"))))
    assert lines[0][:5] == list(HEADERS)
    assert len(lines) == 2
    assert "Tổ sơn" in lines[1][-1]
    text = bad.get_data(as_text=True).replace("x,Tổ sơn", "0987654321,Tổ hàn")
    again = _checked(boss, the_site, data=text.encode(), name="sua.csv")
    assert "Trần Thị Bé" in boss.get(f"{again}?show=new").text


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_what_is_exported_changes_nothing_when_it_is_imported(boss: FlaskClient, the_site: Site, db: Database, lang: str) -> None:
    with db.writing() as session:
        unit = make_unit(session, name="=cmd|calc", code="X1")
        make_learner(session, unit=unit, full_name="Đỗ Thị Ơ", phone="+8613812345678", staff_code="00012")
        make_learner(session, unit=unit, full_name="王伟", staff_code="W5", email="w@example.org")
        make_learner(session, full_name="Không Đơn Vị", staff_code="K1")
        before = session.scalars(select(Person.full_name).order_by(Person.id)).all()
    answer = boss.get(f"/people/import/people.csv?lang={lang}")
    text = answer.get_data(as_text=True)
    assert "'=cmd|calc" in text
    assert "'+8613812345678" in text
    where = _checked(boss, the_site, data=text.encode(), name="people.csv")
    page = boss.get(f"{where}?show=unchanged").text
    assert "00012" in page
    counts = dict(re.findall(r"show=(\w+)\"?>.*?tile-number\">(\d+)<", page, re.DOTALL))
    assert counts == {"new": "0", "changed": "0", "unchanged": str(len(before)), "leaver": "0", "error": "0", "skipped": "0"}
    with db.reading() as session:
        assert session.scalar(select(AuditEvent.id).where(AuditEvent.action == "people_exported"))


def test_the_list_is_sorted_and_narrowed_as_it_is_exported(boss: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        for code, name in (("B2", "Nguyễn Văn An"), ("A1", "Lê Thị Bình")):
            make_learner(session, full_name=name, staff_code=code, sort_key=name[-4:])
    for sort in ("name", "code", "unit", "signed_in", "nonsense"):
        assert boss.get(f"/people?sort={sort}").status_code == 200
    text = boss.get("/people/import/people.csv?sort=code&q=nguyen").get_data(as_text=True)
    assert "B2" in text
    assert "A1" not in text
    codes = [line[0] for line in csv.reader(io.StringIO(boss.get("/people/import/people.csv?sort=code").get_data(as_text=True)))][1:]
    assert codes == sorted(codes)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"data": b"\x00\x01", "name": "x.bin"}, 422),
        ({"data": b"PK\x03\x04 no zip"}, 422),
        ({"unit": "99999"}, 422),
        ({"effect_on": "x"}, 422),
        ({"leavers": "y"}, 422),
        ({"encoding": "gb18030", "data": "Mã NV,Họ và tên\n1,Đỗ".encode()[:-1], "name": "a.csv"}, 422),
    ],
)
@ONE_DATABASE
def test_a_bad_upload_is_told_on_the_page(boss: FlaskClient, given: dict[str, Any], status: int) -> None:
    answer = _hand_in(boss, **given)
    assert answer.status_code == status
    assert "form-errors" in answer.text


@ONE_DATABASE
def test_columns_that_do_not_do_are_told(boss: FlaskClient) -> None:
    where = _hand_in(boss).headers["Location"]
    chosen = _columns(boss.get(where).text)
    answer = boss.post(where, data=chosen | {"column_0": "", "column_2": ""})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert boss.get(where.removesuffix("/columns")).headers["Location"] == where
    assert boss.post(f"{where.removesuffix('/columns')}/throw-away").headers["Location"] == "/people/import/"
    assert boss.get(where).status_code == 404


@ONE_DATABASE
def test_rows_are_left_out_from_the_page(boss: FlaskClient, the_site: Site) -> None:
    where = _checked(boss, the_site)
    assert boss.post(f"{where}/rows/1/leave-out").status_code == 302
    assert boss.post(f"{where}/leave-out", data={"state": "error"}).status_code == 302
    assert boss.post(f"{where}/leave-out", data={"state": "nonsense"}).status_code == 302
    assert boss.get(f"{where}?show=skipped").text.count("/rows/") >= 2
    assert boss.post(f"{where}/check").status_code == 302
    the_site.jobs.run(JOB, the_site.clock.now())
    assert boss.post(f"{where}/apply").status_code == 302
    the_site.jobs.run(JOB, the_site.clock.now())
    for path in ("throw-away", "check", "leave-out"):
        assert boss.post(f"{where}/{path}", data={"state": "new"}).status_code in (302, 409)
    assert boss.post(f"{where}/rows/1/leave-out").status_code == 409


def test_officers_learners_and_strangers_stay_outside(app: Flask, boss: FlaskClient, db: Database, the_site: Site) -> None:
    where = _checked(boss, the_site)
    with db.writing() as session:
        plant = make_unit(session, name="Nhà máy khác")
        other = make_learner(session, unit=plant, roles=(Role.ADMINISTRATOR,), staff_code="QT02")
        officer = session.scalars(select(Person).where(Person.staff_code == "AT01")).one()
    stranger, watcher = app.test_client(), app.test_client()
    assert stranger.get("/people/import/").status_code == 302
    sign_in(stranger, other)
    for path in ("", "/columns", "/progress", "/rows/1", "/bad.csv"):
        assert stranger.get(f"{where}{path}").status_code == 404
    for path in ("/apply", "/undo", "/check", "/leave-out", "/throw-away", "/rows/1/leave-out"):
        assert stranger.post(f"{where}{path}").status_code == 404
    sign_in(watcher, officer)
    assert watcher.get("/people/import/").status_code == 403
    assert watcher.get(where).status_code == 403
    text = watcher.get("/people/import/people.csv").get_data(as_text=True)
    assert "AT01" in text
    assert "QT02" not in text


def test_pages_cost_the_same_however_many_rows(boss: FlaskClient, the_site: Site, db: Database) -> None:
    costs = []
    for n in (3, 60):
        rows = [(f"S{n}X{one}", f"Người {one}", "", "Tổ hàn", "") for one in range(n)]
        where = _checked(boss, the_site, data=workbook([HEADERS, *rows]))
        boss.get(where)
        with count_queries(db) as counted:
            assert boss.get(f"{where}?show=new").status_code == 200
        with count_queries(db) as listed:
            assert boss.get("/people/import/").status_code == 200
        costs.append((len(counted), len(listed)))
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 10
