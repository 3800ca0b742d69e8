"""Fit for work: one question at a gate or before a job, one answer."""

from flask import render_template, request
from flask_babel import gettext

from lms.certification.forms import FitnessForm
from lms.certification.service.fitness import MOST, ask_fitness
from lms.certification.views.desk import bp, scheme_choices
from lms.content.access import catalogue
from lms.people.access import permission_required, scope
from lms.people.rules import Permission
from lms.platform.site import now, reading, today


@bp.get("/fit")
@permission_required(Permission.SEE_STANDING)
def fitness_page() -> str | tuple[str, int]:
    """Whether somebody of the own subtrees may be counted as trained on a day; where the question is not clear, there is no answer but no."""
    form = FitnessForm(request.args)
    form.scheme.choices = scheme_choices(gettext("Whatever the person needs"))
    words = (form.q.data or "").strip()
    sound = not words or form.validate()
    as_of = form.as_of.data or today()
    answers, more = None, False
    if words and sound:
        answers, more = ask_fitness(
            reading(), catalogue=catalogue(), paths=scope(Permission.SEE_STANDING), words=words, scheme=form.scheme.data or None, as_of=as_of
        )
    page = render_template(
        "certification/fitness.html", form=form, answers=answers, more=more, most=MOST, as_of=as_of, asked_at=now(), schemes=catalogue().schemes
    )
    return page if sound else (page, 422)
