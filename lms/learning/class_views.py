"""Pages of class days: training face to face, recorded by officers and trainers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.content.access import catalogue
from lms.learning.forms import ClassDayForm, ClassUnitForm
from lms.learning.service.classes import PAGE, get_class_day, list_class_days, list_members, list_units, record_class
from lms.people.access import current_person, permission_required, scope
from lms.people.forms import unit_choices
from lms.people.models import Unit
from lms.people.rules import Permission
from lms.platform.i18n import pick
from lms.platform.site import now, reading, today
from lms.web.paging import page_asked, pages_of
from lms.web.posting import post

bp = Blueprint("classes", __name__, template_folder="templates", url_prefix="/classes")


@bp.get("/")
@permission_required(Permission.RECORD_CLASS)
def index() -> str:
    """Class days of the scope, latest first."""
    page = page_asked()
    days, total = list_class_days(reading(), paths=scope(Permission.RECORD_CLASS), page=page)
    return render_template("learning/classes.html", days=days, page=page, pages=pages_of(total, PAGE))


@bp.get("/<int:class_day_id>")
@permission_required(Permission.RECORD_CLASS)
def show(class_day_id: int) -> str:
    """One class day with its roll."""
    day, unit_name, present = get_class_day(reading(), paths=scope(Permission.RECORD_CLASS), class_day_id=class_day_id)
    return render_template("learning/class_day.html", day=day, unit_name=unit_name, present=present, schemes=catalogue().schemes)


@bp.get("/new")
@permission_required(Permission.RECORD_CLASS)
def choose() -> str | Response:
    """First step: the unit and the day, from which the roll follows."""
    form = ClassUnitForm(held_on=today())
    _offer_units(form, list_units(reading(), paths=scope(Permission.RECORD_CLASS)))
    return render_template("learning/class_choose.html", form=form)


@bp.get("/new/roll")
@permission_required(Permission.RECORD_CLASS)
def roll() -> str | Response | tuple[str, int]:
    """Second step: the roll of that unit on that day."""
    units = list_units(reading(), paths=scope(Permission.RECORD_CLASS))
    first = ClassUnitForm(request.args, meta={"csrf": False})
    _offer_units(first, units)
    if not first.validate():
        return render_template("learning/class_choose.html", form=first), 422
    form = ClassDayForm(unit=first.unit.data, held_on=first.held_on.data)
    unit = _prepare(form, units)
    return render_template("learning/class_roll.html", form=form, unit=unit, refused=None)


@bp.post("/new")
@permission_required(Permission.RECORD_CLASS)
def create() -> str | Response | tuple[str, int]:
    """Record the day, or show what is missing with everything typed kept."""
    form = ClassDayForm()
    unit = _prepare(form, list_units(reading(), paths=scope(Permission.RECORD_CLASS)))
    posted = post(
        form,
        lambda session: record_class(
            session,
            paths=scope(Permission.RECORD_CLASS),
            unit_id=form.unit.data,
            schemes=form.schemes.data or [],
            title=form.title.data or "",
            held_on=form.held_on.data or today(),
            place=form.place.data or "",
            trainer=form.trainer.data or "",
            minutes=form.minutes(),
            person_ids=form.present.data or [],
            actor_id=current_person().person_id,
            today=today(),
            now=now(),
        ),
    )
    if posted.done:
        flash(gettext("The class day is recorded. It now counts for those who were present."), "success")
        return redirect(url_for(".show", class_day_id=posted.made.id))
    return render_template("learning/class_roll.html", form=form, unit=unit, refused=posted.words), posted.status


def _offer_units(form: ClassUnitForm, units: list[Unit]) -> None:
    form.unit.choices = unit_choices(units)


def _prepare(form: ClassDayForm, units: list[Unit]) -> Unit | None:
    _offer_units(form, units)
    form.schemes.choices = [(slug, pick(scheme.title)) for slug, scheme in catalogue().schemes.items()]
    unit = next((unit for unit in units if unit.id == form.unit.data), None)
    people = list_members(reading(), path=unit.path, on=form.held_on.data) if unit and form.held_on.data else []
    form.present.choices = [(person.id, f"{person.full_name} · {person.staff_code or ''}") for person in people]
    return unit
