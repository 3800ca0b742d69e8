"""The sitting itself: the same page with and without a script, and the page that hands it in."""

from contextlib import suppress

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lms.assessment.exams.service.looking import PREFIX as EXAM
from lms.assessment.exams.service.looking import is_watched
from lms.assessment.models import Attempt
from lms.assessment.rules.terms import Terms
from lms.assessment.service import get_attempt, submit_attempt
from lms.assessment.service.checking import check_answer
from lms.assessment.service.flag import set_flag
from lms.assessment.service.notices import watch_of
from lms.assessment.service.save import AnswerRefused, QuestionClosed, Save, save_answer
from lms.assessment.service.steps import leave_step
from lms.assessment.supervision.service.sheet import list_told
from lms.assessment.supervision.views.devices import elsewhere, is_here
from lms.assessment.supervision.views.told import told_lines
from lms.assessment.views.answers import clock_text
from lms.assessment.views.blueprint import bp, is_guarded, own_attempt
from lms.assessment.views.paper_page import At, PaperPage, frame_data
from lms.assessment.views.saves import answer_of, fields_of_form, save_from_form
from lms.assessment.views.sheets import Sheet, read_sheet
from lms.clock import to_ms
from lms.errors import Conflict, Invalid, NotAllowed
from lms.people.access import current_person, login_required
from lms.people.device import find_device
from lms.people.owner import owner_mark
from lms.platform.i18n import say
from lms.platform.site import close_reading, now, reading, site, writing


def to_result(attempt_id: int) -> Response:
    """Where a closed attempt is shown."""
    return redirect(url_for("assessment.result", attempt_id=attempt_id), 303)


@bp.get("/sittings/<int:attempt_id>")
@login_required
def sitting(attempt_id: int) -> Response | str:
    """The paper, one question in view: that of `?n=`, else the first without an answer."""
    attempt = own_attempt(attempt_id).attempt
    if attempt.state != "open":
        return to_result(attempt_id)
    if now() >= attempt.deadline_at:
        return _time_is_up(attempt)
    if not is_here(attempt):
        return elsewhere(attempt)
    sheet = read_sheet(reading(), attempt)
    return _page(sheet, sheet.place(request.args.get("n", type=int)))


def _page(sheet: Sheet, current: int, refused: str = "") -> str:
    frame = _frame(sheet, current)
    own = {
        "grace": sheet.attempt.grace_s,
        "total": len(sheet.questions),
        "elsewhere": sheet.elsewhere,
        "step": sheet.attempt.step,
        "checked": len(sheet.checked),
        "owner": frame["owner"],
    }
    return render_template(
        "assessment/sitting.html",
        **frame,
        current=current,
        refused=refused,
        saved_at=clock_text(sheet.saved_at) if sheet.saved_at else None,
        at=At,
        data=frame_data(sheet, own),
    )


def _told(attempt: Attempt) -> list[str]:
    """What a supervisor decided; an ordinary sitting has no trace of that and is not asked for it."""
    touched = attempt.extra_s or attempt.reopened_at or attempt.offering.startswith(EXAM)
    return told_lines(list_told(reading(), attempt_id=attempt.id)) if touched else []


def _frame(sheet: Sheet, current: int | None) -> dict[str, object]:
    notices = {one.item_id: one.words for one in watch_of(site().db).notices(sheet.attempt.id, now())}
    return {
        "paper": PaperPage(sheet, notices),
        "attempt": sheet.attempt,
        "sheet": sheet,
        "title": sheet.terms.title,
        "groups": sheet.groups(current),
        "answered": sheet.answered,
        "deadline_ms": to_ms(sheet.attempt.deadline_at),
        "now_ms": to_ms(now()),
        "notices": notices,
        "owner": owner_mark(site().settings.secret_key, sheet.attempt.person_id),
        "told": _told(sheet.attempt),
        "signs": sheet.attempt.offering.startswith(EXAM),
        "watch": is_watched(reading(), sheet.attempt.offering),
    }


def _time_is_up(attempt: Attempt) -> Response:
    """Within the grace: answers on their way may still arrive, nothing can be answered any more; the page comes back by itself."""
    response = make_response(render_template("assessment/over.html", attempt=attempt, title=Terms.from_json(attempt.rules).title))
    response.headers["Refresh"] = str(attempt.grace_s + 1)
    return response


@bp.post("/sittings/<int:attempt_id>")
@login_required
def save_page(attempt_id: int) -> Response:
    """Save the answer of a page without script, flag it if asked, and go where the button says."""
    form = request.form
    try:
        answer = answer_of(form)
        outcome = _save_form(attempt_id, save_from_form(form, answer)) if form.get("was", "").replace("\r\n", "\n") != answer else "saved"
    except AnswerRefused as refused:
        return _refused(attempt_id, refused)
    except QuestionClosed as closed:
        flash(say(closed), "warning")
        return redirect(url_for("assessment.sitting", attempt_id=attempt_id), 303)
    if outcome == "elsewhere":
        return elsewhere(own_attempt(attempt_id).attempt, answer)
    return _after_saving(attempt_id, form, outcome)


def _after_saving(attempt_id: int, form: MultiDict[str, str], outcome: str) -> Response:
    """Flag the question if asked, and go where the button says, or say why not."""
    if outcome == "late":
        flash(gettext("Too late: this try is over. The answer is kept apart and not scored."), "warning")
        return redirect(url_for("assessment.sitting", attempt_id=attempt_id), 303)
    if form.get("flag") in ("on", "off"):
        with writing() as session:
            person_id = current_person().person_id
            set_flag(session, attempt_id=attempt_id, person_id=person_id, item_id=form.get("item", ""), on=form["flag"] == "on", now=now())
    if outcome == "moved":
        flash(gettext("This question was answered in another window. That answer is shown now."), "warning")
    if outcome == "saved" and form.get("go") == "submit":
        return redirect(url_for("assessment.hand_in", attempt_id=attempt_id), 303)
    if outcome == "saved" and form.get("go") in ("leave", "check"):
        return _go_on(attempt_id, form)
    step = {"previous": -1, "next": 1}.get(form.get("go", ""), 0) if outcome == "saved" else 0
    return redirect(url_for("assessment.sitting", attempt_id=attempt_id, n=form.get("n", default=1, type=int) + step), 303)


@bp.post("/sittings/<int:attempt_id>/go")
@login_required
def go_on(attempt_id: int) -> Response:
    """What a page with a script asks for once its answers have arrived: leave a step for good, or look whether an answer is right."""
    return _go_on(attempt_id, request.form)


def _go_on(attempt_id: int, form: MultiDict[str, str]) -> Response:
    person_id = current_person().person_id
    attempt = own_attempt(attempt_id).attempt
    if not is_here(attempt):
        return elsewhere(attempt)
    here = url_for("assessment.sitting", attempt_id=attempt_id)
    if form.get("go") == "leave":
        with suppress(Conflict), writing() as session:  # one that is over is shown as such
            leave_step(session, attempt_id=attempt_id, person_id=person_id, step=form.get("step", default=-1, type=int), now=now())
        return redirect(here, 303)
    item_id = form.get("item", "")
    guarded = is_guarded(attempt, [item_id])
    try:
        with writing() as session:
            check_answer(session, attempt_id=attempt_id, person_id=person_id, item_id=item_id, guarded=guarded, now=now())
    except (Conflict, Invalid, NotAllowed) as refused:
        flash(say(refused), "warning")
    return redirect(url_for("assessment.sitting", attempt_id=attempt_id, n=form.get("n", default=1, type=int)), 303)


def _refused(attempt_id: int, refused: AnswerRefused) -> Response:
    """The same page again, with what was written and why it was not saved."""
    attempt = own_attempt(attempt_id).attempt
    sheet = read_sheet(reading(), attempt)
    asked = next((question for question in sheet.open if question.item_id == request.form.get("item")), None)
    if attempt.state != "open" or asked is None:
        raise refused
    sent = asked.as_sent("".join(request.form.getlist("answer")), fields_of_form(request.form))
    return make_response(_page(sheet.with_question(sent), asked.n, say(refused)), refused.status)


def _save_form(attempt_id: int, save: Save) -> str:
    """Save; a replay (the button pressed twice) is as good as saved."""
    person = current_person()
    close_reading()
    known = {"attempt_id": attempt_id, "person_id": person.person_id, "epoch": person.epoch, "session_id": person.session_id}
    saved = save_answer(site().db, **known, save=save, now=now(), device=find_device)
    return "saved" if saved.outcome == "replayed" else saved.outcome


@bp.get("/sittings/<int:attempt_id>/submit")
@login_required
def hand_in(attempt_id: int) -> Response | str:
    """The last look before handing in: what is empty, what is flagged."""
    attempt = own_attempt(attempt_id).attempt
    if attempt.state != "open":
        return to_result(attempt_id)
    if now() >= attempt.deadline_at:
        return _time_is_up(attempt)
    if not is_here(attempt):
        return elsewhere(attempt)
    sheet = read_sheet(reading(), attempt)
    return render_template("assessment/submit.html", **_frame(sheet, None))


@bp.post("/sittings/<int:attempt_id>/submit")
@login_required
def submit(attempt_id: int) -> Response:
    """Hand in. Handing in twice shows the same result twice.

    A page that hands in by itself because its time is over (`auto`) may not know yet that a supervisor gave more; a device to which the
    attempt is not bound hands in nothing. Both are shown how things stand.
    """
    person_id = current_person().person_id
    attempt = get_attempt(reading(), attempt_id=attempt_id, person_id=person_id).attempt
    runs = attempt.state == "open" and now() < attempt.deadline_at
    if runs and (request.form.get("auto") or attempt.device not in (None, find_device())):
        return redirect(url_for("assessment.sitting", attempt_id=attempt_id), 303)
    with writing() as session:
        submit_attempt(session, attempt_id=attempt_id, person_id=person_id, now=now())
    return to_result(attempt_id)
