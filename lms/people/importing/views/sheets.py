"""Sheets: handed in, their columns confirmed, looked at, applied, undone, thrown away."""

import threading
from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lms.errors import SiteError
from lms.people.access import current_person, permission_required, scope
from lms.people.forms import offer
from lms.people.importing.forms import UploadForm, columns_form
from lms.people.importing.models import PeopleImport
from lms.people.importing.service.desk import PAGE, SHOWS, TO_DO, count_rows, list_columns, list_rows, list_sheets, notes_of, why_of
from lms.people.importing.service.reading import read_file
from lms.people.importing.service.runs import BUSY, JOB
from lms.people.importing.service.sheets import ask, check_again, get_sheet, is_remembered, leave_out_all, map_columns, store_sheet, throw_away
from lms.people.importing.views.blueprint import EDIT, bp, the_sheet
from lms.people.service.tree import list_tree
from lms.people.service.units import get_unit
from lms.people.views.blueprint import blame, sections
from lms.platform.i18n import say
from lms.platform.site import now, reading, site, today
from lms.web.paging import page_asked, page_url, pages_of
from lms.web.posting import carry_out, post

_one = threading.Lock()
"""One file is read at a time in a process: reading a hostile one may cost much, and nobody is to pay it several times over."""


@bp.route("/", methods=["GET", "POST"])
@permission_required(EDIT)
def index() -> str | Response | tuple[str, int]:
    """Hand a file in; and the sheets handed in before."""
    paths = scope(EDIT)
    form = UploadForm(effect_on=today(), unit=request.args.get("unit", None, type=int))
    whole = [(0, gettext("the unit that each row names"))] if "/" in paths else []
    nodes = list_tree(reading(), paths=paths, on=today(), closed=False)
    offer(form.unit, [*whole, *((node.unit.id, node.indented) for node in nodes)])
    posted = carry_out(form, lambda: _take(form, paths))
    if posted.done:
        return redirect(url_for("imports.columns" if posted.made[1] == "mapping" else "imports.sheet", sheet_id=posted.made[0]))
    blame(form, posted.refused)
    listed, total = list_sheets(reading(), person_id=current_person().person_id, paths=paths, page=page_asked())
    page = {"page": page_asked(), "pages": pages_of(total, PAGE), "page_url": page_url}
    return render_template("importing/index.html", form=form, listed=listed, total=total, busy=BUSY, sections=sections(), **page), posted.status


def _take(form: UploadForm, paths: tuple[str, ...]) -> tuple[int, str]:
    """Read and keep the file; one whose columns were confirmed before goes on to the check. Gives its id and state."""
    upload = request.files[form.file.name]
    person_id = current_person().person_id
    with upload.stream, _one:
        table = read_file(upload.stream.read(), (upload.filename or gettext("The file"))[-100:], form.encoding.data or "")
        sheet_id = store_sheet(
            site().db,
            table,
            file_name=upload.filename or "",
            unit_id=form.unit.data or None,
            effect_on=form.effect_on.data or today(),
            leavers=form.leavers.data,
            made_by=person_id,
            paths=paths,
            now=now(),
        )
    with site().db.writing() as session:
        sheet = get_sheet(session, sheet_id=sheet_id, person_id=person_id, paths=paths, lock=True)
        if is_remembered(session, sheet):
            ask(sheet, "checking", paths=paths)
        state = sheet.state
    if state == "checking":
        site().jobs.soon(JOB)
    return sheet_id, state


@bp.route("/<int:sheet_id>/columns", methods=["GET", "POST"])
@permission_required(EDIT)
def columns(sheet_id: int) -> str | Response | tuple[str, int]:
    """Say what each column is; remembered for every sheet with the same headers."""
    sheet = the_sheet(sheet_id)
    listed = list_columns(reading(), sheet)
    form = columns_form([column.key for column in listed])

    def work(session: Session) -> None:
        keys = [form[f"column_{column.place}"].data or "" for column in listed]
        map_columns(session, _locked(session, sheet_id), keys, paths=scope(EDIT), actor_id=current_person().person_id, now=now())

    posted = post(form, work)
    if posted.done:
        site().jobs.soon(JOB)
        return redirect(url_for("imports.sheet", sheet_id=sheet_id))
    refused = say(posted.refused) if posted.refused else ""
    return render_template("importing/columns.html", sheet=sheet, columns=listed, form=form, refused=refused, notes=notes_of(sheet)), posted.status


@bp.get("/<int:sheet_id>")
@permission_required(EDIT)
def sheet(sheet_id: int) -> str | Response:
    """What would become of every row, or what became of it."""
    found = the_sheet(sheet_id)
    if found.state == "mapping":
        return redirect(url_for("imports.columns", sheet_id=sheet_id))
    return _page(found)


@bp.get("/<int:sheet_id>/progress")
@permission_required(EDIT)
def progress(sheet_id: int) -> str:
    """How far the present step is; the page fetches it anew until it is over."""
    return render_template("importing/_progress.html", sheet=the_sheet(sheet_id), busy=BUSY)


@bp.post("/<int:sheet_id>/apply")
@permission_required(EDIT)
def apply(sheet_id: int) -> Response | tuple[str, int]:
    """Apply every sound row."""
    return _do(sheet_id, lambda _session, sheet: ask(sheet, "applying", paths=scope(EDIT)))


@bp.post("/<int:sheet_id>/check")
@permission_required(EDIT)
def check(sheet_id: int) -> Response | tuple[str, int]:
    """Check what is not applied yet again."""
    return _do(sheet_id, lambda session, sheet: check_again(session, sheet, paths=scope(EDIT)))


@bp.post("/<int:sheet_id>/undo")
@permission_required(EDIT)
def undo(sheet_id: int) -> Response | tuple[str, int]:
    """Take back what was applied."""
    return _do(sheet_id, lambda _session, sheet: ask(sheet, "undoing", paths=scope(EDIT)))


@bp.post("/<int:sheet_id>/leave-out")
@permission_required(EDIT)
def leave_out_state(sheet_id: int) -> Response | tuple[str, int]:
    """Leave every row of a state out."""
    state = request.form.get("state", "")
    return _do(sheet_id, lambda session, sheet: leave_out_all(session, sheet, state) if state in SHOWS else None)


@bp.post("/<int:sheet_id>/throw-away")
@permission_required(EDIT)
def discard(sheet_id: int) -> Response | tuple[str, int]:
    """Forget a sheet of which nothing was applied."""
    posted = post(None, lambda session: throw_away(session, _locked(session, sheet_id), actor_id=current_person().person_id, now=now()))
    if not posted.done:
        return _page(the_sheet(sheet_id), posted.refused), posted.status
    flash(gettext("The sheet is thrown away; nothing of it was applied."), "success")
    return redirect(url_for("imports.index"))


def _do(sheet_id: int, work: Callable[[Session, PeopleImport], object]) -> Response | tuple[str, int]:
    """Do one thing with a sheet, wake the job, and go back to the page; what is refused is said there."""
    posted = post(None, lambda session: work(session, _locked(session, sheet_id)))
    if not posted.done:
        return _page(the_sheet(sheet_id), posted.refused), posted.status
    site().jobs.soon(JOB)
    return redirect(url_for("imports.sheet", sheet_id=sheet_id))


def _locked(session: Session, sheet_id: int) -> PeopleImport:
    return get_sheet(session, sheet_id=sheet_id, person_id=current_person().person_id, paths=scope(EDIT), lock=True)


def _page(found: PeopleImport, refused: SiteError | None = None) -> str:
    counts = count_rows(reading(), found.id)
    states = {state: sum(n for (one, _), n in counts.items() if one == state) for state in SHOWS}
    left = {outcome: sum(n for (_, one), n in counts.items() if one == outcome) for outcome in ("applied", "stale", "undone", "kept")}
    first = next((state for state in ("error", "changed", "new", "leaver") if states[state]), "unchanged")
    show = request.args.get("show", "")
    show = show if show in (*SHOWS, TO_DO) else first
    listed, total = list_rows(reading(), found, show=show, page=page_asked())
    unit = get_unit(reading(), unit_id=found.unit_id).name if found.unit_id else None
    return render_template(
        "importing/sheet.html",
        sheet=found,
        unit=unit,
        states=states,
        left=left,
        show=show,
        rows=listed,
        total=total,
        busy=BUSY,
        notes=notes_of(found),
        why=why_of(found),
        refused=refused,
        sound=sum(n for (state, outcome), n in counts.items() if state in ("new", "changed", "leaver") and not outcome),
        page=page_asked(),
        pages=pages_of(total, PAGE),
        page_url=page_url,
    )
