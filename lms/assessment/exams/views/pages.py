"""The list of exams, and one exam with what can be done about it."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from lms.assessment.exams.forms import CloseForm, CodeForm, PeopleForm, instant_of
from lms.assessment.exams.offerings import key_of
from lms.assessment.exams.pins import PinnedQuizzes
from lms.assessment.exams.rules.times import phase_of
from lms.assessment.exams.service.adding import add_people, list_additions
from lms.assessment.exams.service.candidates import list_listed
from lms.assessment.exams.service.looking import PAGE, list_exams, unit_of
from lms.assessment.exams.service.making import get_exam, remove_exam
from lms.assessment.exams.service.moving import change_code, list_events, move_close
from lms.assessment.exams.views.blueprint import RUN, bp
from lms.clock import to_ms
from lms.content.access import catalogue
from lms.people.access import current_person, permission_required, scope
from lms.platform.site import now, reading, site, today, writing
from lms.web.posting import post


@bp.get("/")
@permission_required(RUN)
def index() -> str:
    """The exams of the own part of the organisation, the latest opening first."""
    page = max(1, request.args.get("page", 1, type=int))
    lines, total = list_exams(reading(), paths=scope(RUN), page=page, now=now())
    return render_template("exams/index.html", lines=lines, key_of=key_of, page=page, pages=max(1, -(-total // PAGE)))


@bp.get("/<int:exam_id>")
@permission_required(RUN)
def show(exam_id: int) -> str:
    """One exam: what it is, where it stands, what was changed and why."""
    return _page(exam_id, None, "", None)


@bp.post("/<int:exam_id>/close")
@permission_required(RUN)
def close(exam_id: int) -> Response | tuple[str, int]:
    """Move the close, or close at once."""
    form = CloseForm()
    at_once = request.form.get("when") == "now"
    if at_once:
        form.closes_at.validators, form.closes_at.process_errors = (), []
    asked: dict[str, Any] = {
        "exam_id": exam_id,
        "offering": key_of(exam_id),
        "reason": form.reason.data or "",
        "paths": scope(RUN),
        "actor_id": current_person().person_id,
    }
    posted = post(form, lambda session: move_close(session, **asked, closes_at=now() if at_once or not form.closes_at.data else _instant(form), now=now()))
    if not posted.done:
        return _page(exam_id, form, "close", posted.words), posted.status
    flash(
        gettext("The exam is closed. What was saved is handed in within a minute.")
        if at_once
        else ngettext(
            "The close has been moved; %(num)s running sitting has another end.",
            "The close has been moved; %(num)s running sittings have another end.",
            posted.made,
        ),
        "success",
    )
    return redirect(url_for(".show", exam_id=exam_id), 303)


def _instant(form: CloseForm) -> datetime:
    assert form.closes_at.data is not None
    return instant_of(form.closes_at.data, site().settings.zone)


@bp.post("/<int:exam_id>/code")
@permission_required(RUN)
def code(exam_id: int) -> Response | tuple[str, int]:
    """Change the access code."""
    form = CodeForm()
    asked: dict[str, Any] = {"code": form.code.data or "", "reason": form.reason.data or "", "paths": scope(RUN), "actor_id": current_person().person_id}
    posted = post(form, lambda session: change_code(session, exam_id=exam_id, **asked, now=now()))
    if not posted.done:
        return _page(exam_id, form, "code", posted.words), posted.status
    flash(gettext("The access code has been changed."), "success")
    return redirect(url_for(".show", exam_id=exam_id), 303)


@bp.post("/<int:exam_id>/people")
@permission_required(RUN)
def people(exam_id: int) -> Response | tuple[str, int]:
    """Let more people sit an open exam."""
    form = PeopleForm()
    asked: dict[str, Any] = {"typed": form.people.data or "", "reason": form.reason.data or "", "paths": scope(RUN), "actor_id": current_person().person_id}
    posted = post(form, lambda session: add_people(session, exam_id=exam_id, **asked, today=today(), now=now()))
    if not posted.done:
        return _page(exam_id, form, "people", posted.words), posted.status
    flash(ngettext("%(num)s person has been added.", "%(num)s people have been added.", posted.made), "success")
    return redirect(url_for(".show", exam_id=exam_id), 303)


@bp.post("/<int:exam_id>/remove")
@permission_required(RUN)
def remove(exam_id: int) -> Response:
    """Take back an exam that nobody has sat."""
    with writing() as session:
        remove_exam(session, exam_id=exam_id, offering=key_of(exam_id), paths=scope(RUN), actor_id=current_person().person_id, now=now())
    flash(gettext("The exam has been deleted."), "success")
    return redirect(url_for(".index"), 303)


def _page(exam_id: int, form: CloseForm | CodeForm | PeopleForm | None, asked: str, refused: str | None) -> str:
    exam = get_exam(reading(), exam_id=exam_id, paths=scope(RUN))
    shown = catalogue().quizzes.get(exam.quiz)
    return render_template(
        "exams/show.html",
        exam=exam,
        key=key_of(exam.id),
        unit=unit_of(reading(), exam),
        phase=phase_of(exam.opens_at, exam.closes_at, now()),
        quiz=site().part(PinnedQuizzes).get(reading(), catalogue(), exam.quiz, exam.quiz_digest),
        newer=shown is None or shown.digest != exam.quiz_digest,
        people=list_listed(reading(), exam.id),
        additions=list_additions(reading(), exam.id),
        events=list_events(reading(), exam.id),
        close_form=form if isinstance(form, CloseForm) else CloseForm(formdata=None, closes_at=exam.closes_at.astimezone(site().settings.zone)),
        people_form=form if isinstance(form, PeopleForm) else PeopleForm(formdata=None),
        code_form=form if isinstance(form, CodeForm) else CodeForm(formdata=None),
        asked=asked,
        refused=refused,
        now_ms=to_ms(now()),
        to_ms=to_ms,
    )
