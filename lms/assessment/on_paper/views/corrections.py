"""A sheet that was typed wrongly is corrected: other answers, a reason, a new version of the result."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.assessment.on_paper.forms import CorrectionForm
from lms.assessment.on_paper.rules.marks import Spot, read_mark, read_row, write_mark, write_row
from lms.assessment.on_paper.service.correcting import correct_entry, get_entered, list_corrections
from lms.assessment.on_paper.service.variants import list_spots
from lms.assessment.rules.answers.canonical import Refused
from lms.assessment.rules.terms import Terms
from lms.assessment.service.look import items_of
from lms.assessment.views.blueprint import RUNNERS, bp, desk_scope
from lms.errors import SiteError
from lms.people.access import permission_required
from lms.platform.i18n import say
from lms.platform.site import now, reading, writing


@bp.route("/papers/sheets/<int:attempt_id>", methods=["GET", "POST"])
@permission_required(*RUNNERS)
def correct_sheet(attempt_id: int) -> str | tuple[str, int] | Response:
    """What was typed from a sheet, by whom, what was corrected; and the form that corrects it."""
    entered = get_entered(reading(), attempt_id=attempt_id, scope=desk_scope())
    spots = list_spots(reading(), entered.attempt.paper)
    stored = {item.item_id: item.answer for item in items_of(entered.result)}
    form = CorrectionForm()
    status = 200
    if not form.is_submitted():
        form.row.data = write_row(stored, spots)
    elif form.validate():
        answers = _answers(form, spots)
        if answers is not None:
            try:
                with writing() as session:
                    correct_entry(session, attempt_id=attempt_id, answers=answers, reason=form.reason.data or "", scope=desk_scope(), now=now())
            except SiteError as refused:
                form.row.errors, status = [say(refused)], refused.status
            else:
                flash(gettext("Corrected. The former result stays in the history."), "success")
                return redirect(url_for("assessment.paper_batch", batch_id=entered.entry.batch_id), 303)
        status = status if status != 200 else 422  # noqa: PLR2004
    else:
        status = 422
    page = render_template(
        "assessment/on_paper/correct.html",
        entered=entered,
        title=Terms.from_json(entered.attempt.rules).title,
        form=form,
        words=[(spot, request.form.get(f"word.{spot.n}", write_mark(stored.get(spot.item_id, ""), spot))) for spot in spots if not spot.lettered],
        shown=[(spot.n, write_mark(stored.get(spot.item_id, ""), spot)) for spot in spots],
        corrections=list_corrections(reading(), attempt_id=attempt_id),
    )
    return page, status


def _answers(form: CorrectionForm, spots: list[Spot]) -> dict[str, str] | None:
    try:
        answers = read_row(form.row.data or "", spots) if any(spot.lettered for spot in spots) else {}
        return answers | {spot.item_id: read_mark(request.form.get(f"word.{spot.n}", ""), spot) for spot in spots if not spot.lettered}
    except Refused as wrong:
        form.row.errors = [say(wrong.words)]
        return None
