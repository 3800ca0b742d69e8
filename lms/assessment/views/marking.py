"""Marking essays: the papers that wait, without names, and one paper with its rubric."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lms.assessment.rules.terms import Terms
from lms.assessment.service.marking import COMMENT_MOST, Essay, Given, get_essays, list_waiting, mark_essays
from lms.assessment.views.blueprint import RUNNERS, bp, desk_scope
from lms.errors import Invalid
from lms.people.access import permission_required
from lms.platform.i18n import say
from lms.platform.site import now, reading, writing

NO_PERCENT = -1


@bp.get("/marking")
@permission_required(*RUNNERS)
def marking() -> str:
    """What waits to be marked, the oldest first."""
    page = max(1, request.args.get("page", default=1, type=int))
    waiting, more = list_waiting(reading(), scope=desk_scope(), page=page)
    return render_template("assessment/marking.html", waiting=waiting, page=page, more=more)


@bp.get("/marking/<int:attempt_id>")
@permission_required(*RUNNERS)
def mark(attempt_id: int) -> str:
    """The essays of one paper. Nothing on the page tells whose it is."""
    return _page(attempt_id, MultiDict(), "")


def _page(attempt_id: int, sent: MultiDict[str, str], refused: str) -> str:
    attempt, essays = get_essays(reading(), attempt_id=attempt_id, scope=desk_scope())
    title = Terms.from_json(attempt.rules).title
    return render_template("assessment/mark.html", attempt=attempt, title=title, essays=essays, sent=sent, refused=refused, most=COMMENT_MOST)


@bp.post("/marking/<int:attempt_id>")
@permission_required(*RUNNERS)
def save_marks(attempt_id: int) -> Response | tuple[str, int]:
    """Mark them all; what is missing is said and what was given stays in the fields."""
    essays = get_essays(reading(), attempt_id=attempt_id, scope=desk_scope())[1]
    given = {essay.placed.item.id: _given(essay, request.form) for essay in essays}
    try:
        with writing() as session:
            mark_essays(session, attempt_id=attempt_id, scope=desk_scope(), given=given, now=now())
    except Invalid as refused:
        return _page(attempt_id, request.form, say(refused)), refused.status
    flash(gettext("Marked. The learner can see the result now."), "success")
    return redirect(url_for("assessment.marking"), 303)


def _given(essay: Essay, form: MultiDict[str, str]) -> Given:
    item = essay.placed.item
    percents = tuple(_percent(form.get(f"{item.id}.{n}", "")) for n in range(len(item.rubric)))
    return Given(percents, form.get(f"{item.id}.comment", ""))


def _percent(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len("100") else NO_PERCENT
