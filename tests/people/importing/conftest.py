"""A company with two plants, and sheets for it: `hand_in(rows)` stores one, `run()` lets the job do what waits."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import select

from lms.people.importing.models import PeopleImport, PeopleImportRow
from lms.people.importing.service.reading import read_file
from lms.people.importing.service.runs import JOB
from lms.people.importing.service.sheets import ask, check_again, get_sheet, map_columns, store_sheet
from lms.people.models import Person, Unit
from lms.people.rules import Role
from lms.platform.site import Site
from tests.conftest import NOW
from tests.make import make_learner, make_unit

TODAY = date(2026, 11, 22)
HEADERS = ("Mã NV", "Họ và tên", "Điện thoại", "Tổ", "Chức danh")


def workbook(*sheets: Sequence[Sequence[Any]], names: Sequence[str] = ()) -> bytes:
    """An Excel workbook with these rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for n, rows in enumerate(sheets):
            sheet = book.add_worksheet(names[n] if names else None)
            for line, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell is not None and cell != "":
                        sheet.write(line, column, cell)
    return out.getvalue()


@dataclass
class Desk:
    """An administrator of a company with what they do."""

    site: Site
    boss: Person
    company: Unit
    one: Unit
    two: Unit
    paths: tuple[str, ...] = ("/",)

    def hand_in(self, rows: Sequence[Sequence[Any]], *, headers: Sequence[str] = HEADERS, unit: Unit | None = None, **given: Any) -> int:
        """Store a sheet with its columns confirmed; the check is asked for."""
        table = read_file(workbook([headers, *rows]), "danh-sach.xlsx")
        values: dict[str, Any] = {"effect_on": TODAY, "leavers": False} | given
        sheet_id = store_sheet(
            self.site.db,
            table,
            file_name="danh-sach.xlsx",
            unit_id=unit.id if unit else None,
            made_by=self.boss.id,
            paths=self.paths,
            now=self.site.clock.now(),
            **values,
        )
        with self.site.db.writing() as session:
            sheet = get_sheet(session, sheet_id=sheet_id, person_id=self.boss.id, paths=self.paths)
            map_columns(session, sheet, json.loads(sheet.keys), paths=self.paths, actor_id=self.boss.id, now=NOW)
        return sheet_id

    def checked(self, rows: Sequence[Sequence[Any]], **given: Any) -> int:
        """Hand in and check."""
        sheet_id = self.hand_in(rows, **given)
        self.run()
        return sheet_id

    def applied(self, rows: Sequence[Sequence[Any]], **given: Any) -> int:
        """Hand in, check and apply."""
        sheet_id = self.checked(rows, **given)
        self.ask(sheet_id, "applying")
        return sheet_id

    def ask(self, sheet_id: int, state: str) -> None:
        """Ask for a step, and let it be done."""
        with self.site.db.writing() as session:
            sheet = get_sheet(session, sheet_id=sheet_id, person_id=self.boss.id, paths=self.paths)
            if state == "checking":
                check_again(session, sheet, paths=self.paths)
            else:
                ask(sheet, state, paths=self.paths)
        self.run()

    def run(self) -> None:
        """What the job queue does."""
        assert self.site.jobs.run(JOB, self.site.clock.now()) is not None

    def sheet(self, sheet_id: int) -> PeopleImport:
        """The sheet as it is stored."""
        with self.site.db.reading() as session:
            return session.scalars(select(PeopleImport).where(PeopleImport.id == sheet_id)).one()

    def rows(self, sheet_id: int) -> list[PeopleImportRow]:
        """Its rows."""
        with self.site.db.reading() as session:
            return list(session.scalars(select(PeopleImportRow).where(PeopleImportRow.import_id == sheet_id).order_by(PeopleImportRow.n)))

    def states(self, sheet_id: int) -> list[str]:
        """What became of each row."""
        return [row.state for row in self.rows(sheet_id)]

    def person(self, code: str) -> Person:
        """Somebody by staff code."""
        with self.site.db.reading() as session:
            return session.scalars(select(Person).where(Person.staff_code == code)).one()


@pytest.fixture()
def desk(the_site: Site) -> Desk:
    """The company."""
    with the_site.db.writing() as session:
        company = make_unit(session, name="Công ty", code="CT")
        one = make_unit(session, parent=company, name="Tổ hàn", code="HAN", kind="team")
        two = make_unit(session, parent=company, name="Tổ điện", code="DIEN", kind="team")
        boss = make_learner(session, roles=(Role.ADMINISTRATOR,), full_name="Bà Quản Trị", staff_code="QT01")
    return Desk(the_site, boss, company, one, two)
