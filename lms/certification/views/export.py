"""Everybody of the desk as a file."""

from collections.abc import Iterator
from datetime import date

from flask import Response, send_file
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from lms.certification.service.desk import read_desk, stand
from lms.certification.views.desk import bp, read_filter
from lms.certification.views.words import STANDING
from lms.content.access import catalogue
from lms.people.access import current_person, permission_required
from lms.people.rules import Permission
from lms.platform.audit import record
from lms.platform.i18n import pick, say
from lms.platform.rules import phrase
from lms.platform.sheet import XLSX, xlsx_file
from lms.platform.site import close_reading, now, reading, writing
from lms.web.files import csv_file

WIDTHS = (12, 28, 20, 28, 40, 18, 12, 60)
Row = tuple[str, str, str, str, str, str, date | None, str]


@bp.get("/people.csv")
@permission_required(Permission.SEE_STANDING)
def people_csv() -> Response:
    """As CSV, with days as 2026-11-22, which every program reads alike."""
    as_of, headers, rows = _table("csv")
    plain = ((*row[:6], row[6].isoformat() if row[6] else "", row[7]) for row in rows)
    return csv_file(f"certification-{as_of.isoformat()}.csv", headers, plain)


@bp.get("/people.xlsx")
@permission_required(Permission.SEE_STANDING)
def people_xlsx() -> AnyResponse:
    """As a workbook, to filter and to print."""
    as_of, headers, rows = _table("xlsx")
    out = xlsx_file(as_of.isoformat(), headers, rows, widths=WIDTHS)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=f"certification-{as_of.isoformat()}.xlsx")


def _table(kind: str) -> tuple[date, list[str], Iterator[Row]]:
    """The day, the headers, and a row for each person and scheme that is needed. Who takes it away is in the audit trail."""
    form, as_of, paths = read_filter()
    close_reading()
    with writing() as session:
        detail = {"unit": form.unit.data or "", "scheme": form.scheme.data or "", "as_of": as_of, "kind": kind}
        record(session, now=now(), actor_id=current_person().person_id, action="standing_exported", subject_kind="people", subject_id="list", detail=detail)
    desk = read_desk(reading(), catalogue=catalogue(), paths=paths, scheme=form.scheme.data or None, as_of=as_of)
    headers = [
        gettext("Staff code"),
        gettext("Full name"),
        gettext("Position"),
        gettext("Unit"),
        gettext("Scheme"),
        gettext("Standing"),
        gettext("Until"),
        gettext("Reason"),
    ]
    titles = {slug: pick(scheme.title) for slug, scheme in catalogue().schemes.items()}
    the_catalogue = catalogue()

    def rows() -> Iterator[Row]:
        for row in desk.rows:
            stands = stand(the_catalogue, desk, row, as_of=as_of)
            words = [say(stands.reason)] + ([say(phrase("Waived until %(day)s.", day=row.waived_until))] if row.waived_until else [])
            yield (row.staff_code, row.name, row.position, row.unit, titles[row.scheme], str(STANDING[stands.shown]), stands.until_on, " ".join(words))

    return as_of, headers, rows()
