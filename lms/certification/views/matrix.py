"""The training matrix: its lines, a new one with a look at whom it touches, the end of one."""

from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lms.certification.forms import RequirementForm
from lms.certification.matrix_keeper import JOB
from lms.certification.models import TrainingRequirement
from lms.certification.service.matrix import EVERYWHERE, add_line, count_touched, draft, end_line, list_lines
from lms.certification.service.units import list_units
from lms.certification.views.desk import bp, scheme_choices
from lms.content.access import catalogue
from lms.people.access import current_person, permission_required, scope
from lms.people.forms import unit_choices
from lms.people.rules import Permission, covers
from lms.people.words import ROLES, TAGS, WORK_KINDS
from lms.platform.site import now, reading, site, today, writing
from lms.web.posting import post


@bp.get("/matrix")
@permission_required(Permission.SEE_STANDING)
def matrix() -> str:
    """Who needs which training here, and why."""
    own = scope(Permission.CONFIRM_TRAINING)
    lines = list_lines(reading(), paths=scope(Permission.SEE_STANDING), own_paths=own, today=today())
    return render_template(
        "certification/matrix.html", lines=lines, schemes=catalogue().schemes, may_add=bool(own), tags=TAGS, kinds=WORK_KINDS, roles=ROLES, today=today()
    )


@bp.route("/matrix/new", methods=["GET", "POST"])
@permission_required(Permission.CONFIRM_TRAINING)
def new_requirement() -> str | Response | tuple[str, int]:
    """A new line: looked at first, then added."""
    form = _form()
    touched = None
    if request.form.get("act") == "look":
        posted = post(form, lambda session: count_touched(session, _draft(session, form), today=today()))
        touched = posted.made if posted.done else None
    else:
        posted = post(form, lambda session: add_line(session, _draft(session, form), now=now()))
        if posted.done:
            site().jobs.soon(JOB)
            flash(gettext("The line is in the matrix. Within a minute or two everybody whom it touches has the scheme assigned."), "success")
            return redirect(url_for("certification.matrix"))
    page = render_template("certification/matrix_new.html", form=form, refused=posted.words, touched=touched)
    return page, 200 if touched else posted.status


@bp.post("/matrix/<int:requirement_id>/end")
@permission_required(Permission.CONFIRM_TRAINING)
def end_requirement(requirement_id: int) -> Response:
    """A line holds no more."""
    with writing() as session:
        actor = current_person().person_id
        end_line(session, requirement_id=requirement_id, paths=scope(Permission.CONFIRM_TRAINING), actor_id=actor, now=now())
    site().jobs.soon(JOB)
    flash(gettext("The line has ended. Whoever needed the scheme by it alone needs it no more."), "success")
    return redirect(url_for("certification.matrix"))


def _form() -> RequirementForm:
    paths = scope(Permission.CONFIRM_TRAINING)
    form = RequirementForm(from_on=today())
    units = [(str(unit_id), name) for unit_id, name in unit_choices(list_units(reading(), paths=paths))]
    form.unit.choices = ([("", gettext("the whole site"))] if covers(paths, EVERYWHERE) else []) + units
    form.scheme.choices = scheme_choices()
    return form


def _draft(session: Session, form: RequirementForm) -> TrainingRequirement:
    return draft(
        session,
        catalogue=catalogue(),
        scheme=cast("str", form.scheme.data),
        unit_id=int(form.unit.data) if form.unit.data else None,
        tag=form.tag.data or "",
        position=form.position.data or "",
        kind=form.kind.data or "",
        role=form.role.data or "",
        from_on=form.from_on.data or today(),
        until_on=form.until_on.data,
        reason=form.reason.data or "",
        paths=scope(Permission.CONFIRM_TRAINING),
        actor_id=current_person().person_id,
        now=now(),
    )
