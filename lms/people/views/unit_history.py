"""Units over time: approved head counts, merges, and the units as they were on a day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lms.errors import Conflict, Invalid
from lms.people.access import current_person, permission_required, scope
from lms.people.forms import HeadCountForm, MergeForm
from lms.people.models import Unit
from lms.people.rules import Permission, covers, normal_code
from lms.people.service.unit_heads import approve_head_count
from lms.people.service.unit_lists import AsOf, list_as_of
from lms.people.service.unit_merging import merge_unit, preview_merge
from lms.people.views.blueprint import blame, sections, units_bp
from lms.people.views.units import do, page_of, unit_to_edit
from lms.people.words import KINDS, TAGS
from lms.platform.audit import record
from lms.platform.i18n import named, say, show_list
from lms.platform.site import close_reading, now, reading, site, today, writing
from lms.web.files import csv_file
from lms.web.paging import page_asked, page_url, pages_of
from lms.web.posting import post

EDIT = Permission.EDIT_UNITS
PAGE = 100


@units_bp.post("/<int:unit_id>/head-count")
@permission_required(EDIT)
def head_count(unit_id: int) -> Response | tuple[str, int]:
    """Enter an approved head count."""
    form = HeadCountForm()

    def work(session: Session) -> None:
        approve_head_count(
            session,
            unit_id=unit_id,
            n=form.n.data or 0,
            counted_on=form.counted_on.data or today(),
            approved_by=form.approved_by.data or "",
            note=form.note.data or "",
            today=today(),
            actor_id=current_person().person_id,
            paths=scope(EDIT),
            now=now(),
        )

    return do(unit_to_edit(unit_id), work, form)


@units_bp.route("/<int:unit_id>/merge", methods=["GET", "POST"])
@permission_required(EDIT)
def merge(unit_id: int) -> str | Response | tuple[str, int]:
    """Look at what a merge would do (GET with code and day), and do it."""
    kept = unit_to_edit(unit_id)
    form = MergeForm(request.form if request.method == "POST" else request.args)
    on = form.on.data or today()
    if request.method == "GET":
        try:
            preview = preview_merge(reading(), source_id=unit_id, target_id=_target(reading(), form), on=on, paths=scope(EDIT))
        except (Conflict, Invalid) as refused:
            form.form_errors = [*form.form_errors, say(refused)]
            return page_of(kept, form), refused.status
        return render_template("people/unit_merge.html", unit=kept, preview=preview, on=on, form=form)
    posted = post(
        form,
        lambda session: (
            merge_unit(
                session,
                source_id=unit_id,
                target_id=_target(session, form),
                on=form.on.data or today(),
                actor_id=current_person().person_id,
                paths=scope(EDIT),
                now=now(),
            ).id
        ),
    )
    if not posted.done:
        blame(form, posted.refused)
        return page_of(kept, form), posted.status
    flash(gettext("Merged. What was before stays readable as of an earlier day."), "success")
    return redirect(url_for("people.units.unit", unit_id=posted.made))


def _target(session: Session, form: MergeForm) -> int:
    """The unit of the code that was typed. Raises Invalid."""
    found = session.execute(select(Unit.id, Unit.path).where(Unit.code == normal_code(form.code.data or ""))).first()
    if found is None or not covers(scope(EDIT), found.path):
        raise Invalid("There is no unit with the code %(code)s.", code=(form.code.data or "–")[:60])
    target_id: int = found.id
    return target_id


@units_bp.get("/as-of")
@permission_required(Permission.SEE_PEOPLE)
def as_of() -> str:
    """The units of the scope as they were on a day."""
    on = _day()
    listed = _units(reading(), on)
    pages = pages_of(len(listed), PAGE)
    page = page_asked(pages)
    return render_template(
        "people/units_as_of.html",
        units=listed[(page - 1) * PAGE : page * PAGE],
        on=on,
        page=page,
        pages=pages,
        page_url=page_url,
        sections=sections(),
        tags=TAGS,
        today=today(),
    )


@units_bp.get("/as-of.csv")
@permission_required(Permission.SEE_PEOPLE)
def as_of_csv() -> Response:
    """The same as CSV."""
    on = _day()
    listed = _units(reading(), on)
    close_reading()
    with writing() as session:
        record(session, now=now(), actor_id=current_person().person_id, action="units_exported", subject_kind="unit", subject_id="list", detail={"on": on})
    headers = [gettext("Unit code"), gettext("Unit"), gettext("Kind"), gettext("Tags"), gettext("Code of the unit above"), gettext("People here")]
    headers += [gettext("With units below"), gettext("Approved head count"), gettext("On"), gettext("Approved by"), gettext("Closed from")]
    codes = {one.unit_id: one.code for one in listed}

    def rows() -> Iterator[tuple[object, ...]]:
        for one in listed:
            approved = one.approved
            heads = (approved.n, approved.counted_on.isoformat(), approved.approved_by) if approved else (None, None, None)
            above = codes.get(one.parent_id or 0)
            tags = show_list(map(str, named(one.tags, TAGS)))
            yield (one.code, one.name, str(KINDS.get(one.kind, one.kind)), tags, above, one.own, one.below, *heads, one.closed_on)

    return csv_file(f"units-{on.isoformat()}.csv", headers, rows())


def _day() -> date:
    """The day that the address asks for; today where it asks for none."""
    try:
        return min(date.fromisoformat(request.args.get("day", "")), today())
    except ValueError:
        return today()


def _units(session: Session, on: date) -> list[AsOf]:
    end = datetime.combine(on + timedelta(days=1), time.min, tzinfo=site().settings.zone)
    return list_as_of(session, paths=scope(Permission.SEE_PEOPLE), on=on, end=end)
