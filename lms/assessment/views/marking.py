"""Marking essays: the papers that wait, without names, one paper with its rubric, and marks that are corrected."""

import json

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lms.assessment.models import Attempt
from lms.assessment.rules.terms import Terms
from lms.assessment.service.marking import COMMENT_MOST, Given, get_essays, list_read, list_readings, list_waiting, mark_essays, performer_of
from lms.assessment.service.papers import Placed
from lms.assessment.service.remarking import claim_paper, correct_marks, get_marked, list_marked
from lms.assessment.service.settled import refuse_settled
from lms.assessment.service.wishes import REASON_MOST
from lms.assessment.settling import ResultRooms
from lms.assessment.views.blueprint import RUNNERS, bp, desk_scope
from lms.content.access import catalogue
from lms.errors import NotFound, SiteError
from lms.people.access import permission_required
from lms.platform.i18n import say
from lms.platform.site import now, reading, site, writing

NO_PERCENT = -1


@bp.get("/marking")
@permission_required(*RUNNERS)
def marking() -> str:
    """What waits to be marked, the oldest first, with who is at it; and what waits for another marker."""
    page = max(1, request.args.get("page", default=1, type=int))
    waiting, more = list_waiting(reading(), scope=desk_scope(), page=page, now=now())
    return render_template("assessment/marking.html", waiting=waiting, read=list_read(reading(), scope=desk_scope()), page=page, more=more)


@bp.get("/marking/done")
@permission_required(*RUNNERS)
def marked() -> str:
    """Papers whose marks can be corrected, the latest first."""
    page = max(1, request.args.get("page", default=1, type=int))
    found, more = list_marked(reading(), scope=desk_scope(), page=page)
    return render_template("assessment/marked.html", found=found, page=page, more=more)


@bp.get("/marking/<int:attempt_id>")
@permission_required(*RUNNERS)
def mark(attempt_id: int) -> str:
    """The essays of one paper. Nothing on the page tells whose it is. Others see that somebody is at it."""
    page = _page(attempt_id, MultiDict(), "")
    with writing() as session:
        claim_paper(session, attempt_id=attempt_id, person_id=desk_scope().person_id, now=now())
    return page


def _again() -> bool:
    return bool(request.args.get("again"))


def _page(attempt_id: int, sent: MultiDict[str, str], refused: str) -> str:
    attempt, essays = get_essays(reading(), attempt_id=attempt_id, scope=desk_scope(), again=_again())
    read = list_readings(reading(), attempt_id)
    own = read.pop(desk_scope().person_id, {})
    return render_template(
        "assessment/mark.html",
        attempt=attempt,
        title=Terms.from_json(attempt.rules).title,
        markers=Terms.from_json(attempt.rules).markers,
        essays=essays,
        performer=performer_of(reading(), attempt_id, [one.placed for one in essays]),
        others=[{item_id: json.loads(one.percents) for item_id, one in items.items()} for items in read.values()] if len(read) > 1 else [],
        sent=sent or _filled({item_id: (json.loads(one.percents), one.comment) for item_id, one in own.items()}),
        refused=refused,
        most=COMMENT_MOST,
    )


def _filled(given: dict[str, tuple[list[int], str]]) -> MultiDict[str, str]:
    """Marks as the fields of the form hold them."""
    fields: MultiDict[str, str] = MultiDict()
    for item_id, (percents, comment) in given.items():
        fields[f"{item_id}.comment"] = comment
        for n, percent in enumerate(percents):
            fields[f"{item_id}.{n}"] = str(percent)
    return fields


@bp.post("/marking/<int:attempt_id>")
@permission_required(*RUNNERS)
def save_marks(attempt_id: int) -> Response | tuple[str, int]:
    """Mark them all; what is missing is said and what was given stays in the fields."""
    attempt, essays = get_essays(reading(), attempt_id=attempt_id, scope=desk_scope(), again=_again())
    given = {essay.placed.item.id: _given(essay.placed, request.form) for essay in essays}
    try:
        with writing() as session:
            made = mark_essays(session, attempt_id=attempt_id, scope=desk_scope(), given=given, now=now(), again=_again())
            _refuse_settled(session, attempt)
    except NotFound:
        raise
    except SiteError as refused:
        return _page(attempt_id, request.form, say(refused)), refused.status
    if made is None:
        flash(gettext("Your marks are kept. Another person marks this paper too, without seeing yours."), "success")
    else:
        flash(gettext("Marked. The learner can see the result now."), "success")
    return redirect(url_for("assessment.marking"), 303)


def _refuse_settled(session: object, attempt: Attempt) -> None:
    refuse_settled(session, catalogue(), site().part(ResultRooms), [attempt.offering])  # type: ignore[arg-type]


def _given(placed: Placed, form: MultiDict[str, str]) -> Given:
    item = placed.item
    percents = tuple(_percent(form.get(f"{item.id}.{n}", "")) for n in range(len(item.rubric)))
    return Given(percents, form.get(f"{item.id}.comment", ""))


def _percent(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len("100") else NO_PERCENT


@bp.get("/marking/<int:attempt_id>/correct")
@permission_required(*RUNNERS)
def correct_mark(attempt_id: int) -> str:
    """The marks of one paper, to be corrected with a reason."""
    return _correct_page(attempt_id, MultiDict(), "")


def _correct_page(attempt_id: int, sent: MultiDict[str, str], refused: str) -> str:
    essays = get_marked(reading(), attempt_id=attempt_id, scope=desk_scope())
    kept = {one.placed.item.id: (json.loads(one.mark.percents), one.mark.comment) for one in essays}
    return render_template(
        "assessment/mark_again.html",
        attempt_id=attempt_id,
        essays=essays,
        performer=performer_of(reading(), attempt_id, [one.placed for one in essays]),
        sent=sent or _filled(kept),
        refused=refused,
        most=COMMENT_MOST,
        longest=REASON_MOST,
    )


@bp.post("/marking/<int:attempt_id>/correct")
@permission_required(*RUNNERS)
def save_corrected_marks(attempt_id: int) -> Response | tuple[str, int]:
    """Correct the marks; the result gets a new version."""
    essays = get_marked(reading(), attempt_id=attempt_id, scope=desk_scope())
    given = {one.placed.item.id: _given(one.placed, request.form) for one in essays}
    try:
        with writing() as session:
            reason = request.form.get("reason", "")
            _, attempt = correct_marks(session, attempt_id=attempt_id, scope=desk_scope(), given=given, reason=reason, now=now())
            _refuse_settled(session, attempt)
    except NotFound:
        raise
    except SiteError as refused:
        return _correct_page(attempt_id, request.form, say(refused)), refused.status
    flash(gettext("The marks are corrected; the result has a new version, and the learner sees why."), "success")
    return redirect(url_for("assessment.marked"), 303)
