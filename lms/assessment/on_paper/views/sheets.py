"""A file with the answers of many: looked at line by line, then entered."""

import io
from datetime import datetime

import xlsxwriter
from flask import Response, render_template, request
from flask_babel import gettext

from lms.assessment.on_paper.forms import SheetForm
from lms.assessment.on_paper.models import PaperBatch
from lms.assessment.on_paper.service.sheets import MOST_LINES, Checked, check_lines, enter_lines, read_lines, read_table
from lms.assessment.on_paper.views.entry import MORNING
from lms.assessment.on_paper.views.permits import day_of, offering_at, run_batch
from lms.assessment.rules.terms import Terms
from lms.assessment.service.papers import item_ids
from lms.assessment.views.blueprint import RUNNERS, bp, desk_scope
from lms.errors import Invalid, SiteError
from lms.people.access import permission_required
from lms.platform.i18n import say
from lms.platform.sheet import XLSX
from lms.platform.site import close_reading, now, reading, site


@bp.route("/papers/<int:batch_id>/sheet", methods=["GET", "POST"])
@permission_required(*RUNNERS)
def paper_sheet(batch_id: int) -> str | tuple[str, int]:
    """Upload a file and see what would become of each line; the second button enters the sound ones."""
    batch, variants = run_batch(batch_id)
    form = SheetForm()
    if not form.is_submitted():
        local = now().astimezone(site().settings.zone).replace(tzinfo=None, second=0, microsecond=0)
        form.held_at.data = datetime.combine(batch.held_on, MORNING) if batch.held_on else local
        return _page(batch, form, "", [], "")
    if not form.validate():
        return _page(batch, form, "", [], ""), 422
    held_at = form.instant()
    find, scope = offering_at(held_at, batch.offering), desk_scope()
    try:
        table = _table(form)
        lines = read_lines(table)
        on = day_of(held_at)
        checked = check_lines(reading(), lines, batch=batch, variants=variants, offering_for=find, scope=scope, held_at=held_at, on=on, now=now())
        if request.form.get("step") == "apply":
            close_reading()
            checked = enter_lines(site().db, checked, batch=batch, offering_for=find, scope=scope, held_at=held_at, now=now())
            return _page(batch, form, "", checked, "", applied=True)
    except SiteError as refused:
        return _page(batch, form, "", [], say(refused)), refused.status
    return _page(batch, form, table, checked, "")


def _table(form: SheetForm) -> str:
    if request.form.get("step") == "apply":
        return request.form.get("table", "")
    upload = request.files.get(form.file.name)
    if upload is None or not upload.filename:
        raise Invalid("Choose a file.")
    with upload.stream:
        return read_table(upload.stream.read(), upload.filename)


def _page(batch: PaperBatch, form: SheetForm, table: str, checked: list[Checked], refused: str, *, applied: bool = False) -> str:
    return render_template(
        "assessment/on_paper/sheet.html",
        batch=batch,
        title=Terms.from_json(batch.rules).title,
        form=form,
        table=table,
        checked=checked,
        sound=sum(one.refused is None for one in checked),
        refused=refused,
        applied=applied,
        most=MOST_LINES,
    )


@bp.get("/papers/<int:batch_id>/sheet.xlsx")
@permission_required(*RUNNERS)
def paper_template(batch_id: int) -> Response:
    """The empty sheet with its columns, in the reader's language."""
    batch, variants = run_batch(batch_id)
    most = max(len(item_ids(variant.paper)) for variant in variants)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"bold": True})
        sheet.set_column(0, most + 1, 12, text)
        sheet.write_row(0, 0, [gettext("Staff code"), gettext("Variant"), *(str(n) for n in range(1, most + 1))], bold)
        sheet.freeze_panes(1, 2)
    answer = Response(out.getvalue(), mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{batch.quiz}-{variants[0].code}.xlsx"'
    return answer
