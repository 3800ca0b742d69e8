"""The officer's desk: who stands where, as of a date."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from lms.certification.forms import AssignForm, FilterForm, UnitForm
from lms.certification.service.assign import assign
from lms.certification.service.assignable import list_assignable
from lms.certification.service.desk import TILES
from lms.certification.service.overview import open_desk
from lms.certification.service.units import list_units, narrow
from lms.certification.views.words import WORDS
from lms.content.access import catalogue
from lms.people.access import current_person, may, permission_required, scope
from lms.people.forms import unit_choices
from lms.people.models import Unit
from lms.people.rules import Permission
from lms.platform.i18n import pick
from lms.platform.site import now, reading, today, writing
from lms.web.paging import page_asked, pages_of

bp = Blueprint("certification", __name__, template_folder="../templates", url_prefix="/certification")
PAGE = 50
EXCEPTIONS = ("bad", "never", "expiring")


@bp.context_processor
def _words() -> dict[str, object]:
    return {"words": WORDS, "may_confirm": may(Permission.CONFIRM_TRAINING), "may_remind": may(Permission.REMIND)}


def offer(form: Any, units: list[Unit], *, every: bool = True) -> None:
    """Fill the choices of unit and scheme."""
    form.unit.choices = [("", gettext("All units"))] + [(str(unit_id), name) for unit_id, name in unit_choices(units)]
    form.scheme.choices = scheme_choices(gettext("All schemes") if every else None)


def scheme_choices(every: str | None = None) -> list[tuple[str, str]]:
    """The published schemes to choose from, after the words for all of them, if any."""
    schemes = [(slug, pick(scheme.title)) for slug, scheme in catalogue().schemes.items()]
    return ([("", every)] if every else []) + schemes


def read_filter() -> tuple[FilterForm, date, tuple[str, ...]]:
    """What is asked: the form, the day, the subtrees."""
    paths = scope(Permission.SEE_STANDING)
    units = list_units(reading(), paths=paths)
    form = FilterForm(request.args)
    offer(form, units)
    narrowed, _ = narrow(units, paths, form.unit.data)
    as_of = form.as_of.data or today()
    form.as_of.data = as_of
    return form, as_of, narrowed


@bp.get("/")
@permission_required(Permission.SEE_STANDING)
def index() -> str:
    """Tiles and table, opening on exceptions."""
    form, as_of, paths = read_filter()
    desk = open_desk(reading(), catalogue=catalogue(), paths=paths, scheme=form.scheme.data or None, as_of=as_of, today=today())
    shown = request.args.get("show", "exceptions")
    wanted = EXCEPTIONS if shown == "exceptions" else (shown,) if shown in TILES else TILES
    pages = pages_of(desk.total(wanted), PAGE)
    page = page_asked(pages)
    kept = {"unit": form.unit.data or "", "scheme": form.scheme.data or "", "as_of": as_of.isoformat()}
    return render_template(
        "certification/desk.html",
        form=form,
        counts=desk.counts,
        tiles=TILES,
        rows=desk.page(wanted, page, PAGE),
        shown=shown,
        page=page,
        pages=pages,
        kept=kept,
        as_of=as_of,
        is_today=as_of == today(),
        schemes=catalogue().schemes,
    )


@bp.route("/assign", methods=["GET", "POST"])
@permission_required(Permission.CONFIRM_TRAINING)
def assign_page() -> str | AnyResponse | tuple[str, int]:
    """Say who needs a scheme: a unit's people in a list, ticked."""
    paths = scope(Permission.CONFIRM_TRAINING)
    units = list_units(reading(), paths=paths)
    choice = UnitForm(request.args)
    offer(choice, units, every=False)
    slug = choice.scheme.data if choice.scheme.data in catalogue().schemes else next(iter(catalogue().schemes), "")
    choice.scheme.data = slug
    narrowed, _ = narrow(units, paths, choice.unit.data)
    form = AssignForm(scheme=slug) if request.method == "POST" else AssignForm(formdata=None, scheme=slug, from_on=today())
    form.scheme.choices = choice.scheme.choices
    if form.validate_on_submit():
        with writing() as session:
            done = assign(
                session,
                catalogue=catalogue(),
                scheme=form.scheme.data,
                person_ids=request.form.getlist("person", type=int),
                from_on=form.from_on.data or today(),
                reason=form.reason.data or "",
                paths=paths,
                actor_id=current_person().person_id,
                now=now(),
                today=today(),
            )
        flash(ngettext("%(num)d person has been assigned.", "%(num)d people have been assigned.", done), "success")
        return redirect(url_for(".index", scheme=form.scheme.data, unit=choice.unit.data or ""))
    people, total = list_assignable(reading(), paths=narrowed, scheme=slug, on=today(), page=page_asked(), size=PAGE)
    status = 422 if form.is_submitted() else 200
    pages = pages_of(total, PAGE)
    page = page_asked(pages)
    return render_template("certification/assign.html", choice=choice, form=form, people=people, total=total, page=page, pages=pages), status
