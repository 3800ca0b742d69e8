"""Files to take away: the list of people, the rows that could not be applied, an empty sheet."""

import io
import json
from collections.abc import Iterator

import xlsxwriter
from flask import request, send_file
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from lms.people.access import current_person, permission_required, scope
from lms.people.importing.service.desk import iter_bad_rows
from lms.people.importing.service.exporting import KEYS, iter_sheet
from lms.people.importing.service.rows import cells_of
from lms.people.importing.views.blueprint import EDIT, bp, the_sheet
from lms.people.importing.words import FIELDS
from lms.people.rules import Permission
from lms.people.views.persons import wanted_of
from lms.platform.audit import record
from lms.platform.i18n import current_lang, say, show_list
from lms.platform.sheet import TEXTS, XLSX
from lms.platform.site import close_reading, now, site, today, writing
from lms.web.files import csv_file

WIDTHS = {"full_name": 28, "unit": 28, "email": 26, "position": 22}


@bp.get("/people.csv")
@permission_required(Permission.SEE_PEOPLE)
def people() -> AnyResponse:
    """The people of a list as CSV that the import reads again without a change; what is taken away is told in the trail."""
    paths, wanted, on = scope(Permission.SEE_PEOPLE), wanted_of(request.args), today()
    close_reading()
    with writing() as session:
        detail = {"unit": wanted.unit_id}
        record(session, now=now(), actor_id=current_person().person_id, action="people_exported", subject_kind="people", subject_id="list", detail=detail)

    def rows() -> Iterator[tuple[object, ...]]:
        with site().db.reading() as session:
            yield from iter_sheet(session, paths=paths, wanted=wanted, on=on)

    return csv_file(f"people-{on.isoformat()}.csv", [str(FIELDS[key]) for key in KEYS], rows())


@bp.get("/<int:sheet_id>/bad.csv")
@permission_required(EDIT)
def bad(sheet_id: int) -> AnyResponse:
    """The rows that are wrong, with the reasons: to be mended in a spreadsheet and handed in again."""
    sheet = the_sheet(sheet_id)
    headers = [*json.loads(sheet.headers), gettext("Row"), gettext("What is wrong")]

    def rows() -> Iterator[list[object]]:
        with site().db.reading() as session:
            for row, problems in iter_bad_rows(session, sheet):
                where = f"{row.sheet} {row.line}".strip()
                yield [*cells_of(row), where, show_list([say(problem.words) for problem in problems], clauses=True)]

    return csv_file(f"rows-{sheet_id}.csv", headers, rows())


@bp.get("/template.xlsx")
@permission_required(EDIT)
def template() -> AnyResponse:
    """An empty workbook whose columns the import knows; every cell is text, so that zeros in front stay."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **TEXTS}) as book:
        sheet = book.add_worksheet(gettext("People")[:31])
        bold = book.add_format({"bold": True, "bg_color": "#E6EDF5", "border": 1})
        text = book.add_format({"num_format": "@"})
        for place, key in enumerate(key for key in FIELDS if key not in ("family_name", "given_name")):
            sheet.set_column(place, place, WIDTHS.get(key, 16), text)
            sheet.write_string(0, place, str(FIELDS[key]), bold)
        sheet.freeze_panes(1, 1)
    out.seek(0)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=f"people-{current_lang()}.xlsx")
