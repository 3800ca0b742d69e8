"""One row: mended in place, or left out."""

import json

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lms.people.access import current_person, permission_required, scope
from lms.people.importing.forms import row_form
from lms.people.importing.models import PeopleImportRow
from lms.people.importing.rules.planning import ERROR
from lms.people.importing.service.desk import show_rows
from lms.people.importing.service.rows import cells_of, keys_of_import
from lms.people.importing.service.sheets import get_row, get_sheet, leave_out, mend_row
from lms.people.importing.views.blueprint import EDIT, bp, the_sheet
from lms.people.views.blueprint import blame
from lms.platform.site import reading, site, today
from lms.web.posting import post


@bp.route("/<int:sheet_id>/rows/<int:n>", methods=["GET", "POST"])
@permission_required(EDIT)
def row(sheet_id: int, n: int) -> str | Response | tuple[str, int]:
    """The texts of a row in a form; it is checked again as soon as it is sent."""
    sheet = the_sheet(sheet_id)
    found = get_row(reading(), sheet, n=n)
    keys = keys_of_import(sheet)
    form = row_form(keys, cells_of(found))

    def work(session: Session) -> PeopleImportRow:
        locked = get_sheet(session, sheet_id=sheet_id, person_id=current_person().person_id, paths=scope(EDIT), lock=True)
        fields = {key: form[key].data or "" for key in keys if key}
        return mend_row(session, locked, n=n, fields=fields, paths=scope(EDIT), today=today(), identity_key=site().settings.identity_key)

    posted = post(form, work)
    if posted.done and posted.made.state != ERROR:
        flash(gettext("Mended: the row can be applied."), "success")
        return redirect(url_for("imports.sheet", sheet_id=sheet_id, show="error"))
    blame(form, posted.refused)
    if posted.done:
        found, status = posted.made, 422
    else:
        status = posted.status
    shown = show_rows(reading(), sheet, [found])[0]
    for problem in shown.problems:
        if problem.key in form:
            form[problem.key].description = ""
    headers = dict(zip(keys, json.loads(sheet.headers), strict=False))
    return render_template("importing/row.html", sheet=sheet, row=shown, form=form, headers=headers), status


@bp.post("/<int:sheet_id>/rows/<int:n>/leave-out")
@permission_required(EDIT)
def out(sheet_id: int, n: int) -> Response | tuple[str, int]:
    """Leave a row out of what is applied."""

    def work(session: Session) -> None:
        leave_out(session, get_sheet(session, sheet_id=sheet_id, person_id=current_person().person_id, paths=scope(EDIT), lock=True), n=n)

    posted = post(None, work)
    if not posted.done and posted.refused is not None:
        raise posted.refused
    return redirect(url_for("imports.sheet", sheet_id=sheet_id, show="error"))
