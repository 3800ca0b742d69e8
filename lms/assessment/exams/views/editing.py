"""Making an exam, and changing one that has not opened."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.assessment.exams.forms import ExamForm, as_given
from lms.assessment.exams.rules.times import Phase, phase_of
from lms.assessment.exams.service.candidates import list_listed
from lms.assessment.exams.service.making import change_exam, get_exam, make_exam
from lms.assessment.exams.views.blueprint import RUN, bp
from lms.content.access import catalogue
from lms.people.access import current_person, permission_required, scope
from lms.people.forms import options
from lms.people.service.tree import list_tree
from lms.platform.i18n import pick
from lms.platform.site import now, reading, site, today
from lms.web.posting import post

FIRST = timedelta(days=1)
LASTS = timedelta(hours=2)


@bp.route("/new", methods=["GET", "POST"])
@permission_required(RUN)
def new() -> Response | tuple[str, int]:
    """A new exam: tomorrow at nine until it is told otherwise."""
    start = (now() + FIRST).astimezone(site().settings.zone).replace(hour=9, minute=0)
    form = _offered(ExamForm(opens_at=start, closes_at=start + LASTS))
    posted = post(form, lambda session: make_exam(session, catalogue=catalogue(), plan=form.plan(site().settings.zone), **_asked()))
    if not posted.done:
        return render_template("exams/edit.html", form=form, exam=None, refused=posted.words), posted.status
    flash(gettext("The exam is made. Those who are to sit it see it on their first page."), "success")
    return redirect(url_for(".show", exam_id=posted.made.id), 303)


@bp.route("/<int:exam_id>/edit", methods=["GET", "POST"])
@permission_required(RUN)
def edit(exam_id: int) -> Response | tuple[str, int]:
    """Change an exam before its opening; after that its page says what can still be done."""
    exam = get_exam(reading(), exam_id=exam_id, paths=scope(RUN))
    if phase_of(exam.opens_at, exam.closes_at, now()) is not Phase.COMING:
        return redirect(url_for(".show", exam_id=exam_id))
    people = "\n".join(person.staff_code or person.phone or "" for person in list_listed(reading(), exam.id)) if exam.listed else ""
    form = _offered(ExamForm(data=as_given(exam, people, site().settings.zone)))
    posted = post(form, lambda session: change_exam(session, catalogue=catalogue(), exam_id=exam_id, plan=form.plan(site().settings.zone), **_asked()))
    if not posted.done:
        return render_template("exams/edit.html", form=form, exam=exam, refused=posted.words), posted.status
    flash(gettext("Saved."), "success")
    return redirect(url_for(".show", exam_id=exam_id), 303)


def _asked() -> dict[str, Any]:
    return {"paths": scope(RUN), "actor_id": current_person().person_id, "today": today(), "now": now()}


def _offered(form: ExamForm) -> ExamForm:
    """The form with the quizzes of the site and the units of this person."""
    form.quiz.choices = options((slug, pick(quiz.title)) for slug, quiz in catalogue().quizzes.items())
    form.unit.choices = options((node.unit.id, node.indented) for node in list_tree(reading(), paths=scope(RUN), on=today(), closed=False))
    return form
