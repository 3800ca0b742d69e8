"""The unit tree: looking, making, renaming, moving, closing."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.people.access import current_person, permission_required, scope
from lms.people.forms import CloseForm, HeadCountForm, MergeForm, ParentForm, UnitForm, offer
from lms.people.models import Unit
from lms.people.rules import Permission, covers, read_tags
from lms.people.service import close_unit, create_unit, edit_unit, move_unit, reopen_unit
from lms.people.service.tree import Node, list_tree
from lms.people.service.unit_heads import list_head_counts
from lms.people.service.unit_lists import PAGE, WHOLE_TREE, Level, list_level, trail_of
from lms.people.service.unit_merging import merged_from
from lms.people.service.units import get_unit
from lms.people.views.blueprint import blame, sections, units_bp
from lms.people.words import TAGS
from lms.platform.site import now, reading, today
from lms.web.forms import SiteForm
from lms.web.paging import page_asked, page_url, pages_of
from lms.web.posting import post


class NewUnitForm(UnitForm, ParentForm):
    """A unit, and the unit above it."""


@units_bp.get("/")
@permission_required(Permission.SEE_PEOPLE)
def index() -> str:
    """The tree of the scope with head counts; a large one level by level, and what matches words or a tag."""
    paths, asked = scope(Permission.SEE_PEOPLE), request.args
    words, tag = asked.get("q", "")[:80].strip(), asked.get("tag", "")
    under = asked.get("under", None, type=int)
    parent = get_unit(reading(), unit_id=under, paths=paths) if under else None
    levels: list[Level] = []
    total = 0
    narrowed = bool(words or tag or parent)
    nodes: list[Node] = [] if narrowed else list_tree(reading(), paths=paths, on=today(), counted=True, most=WHOLE_TREE)
    if not nodes:
        levels, total = list_level(reading(), paths=paths, on=today(), under=parent, words=words, tag=tag, page=page_asked())
    edits = {node.unit.id for node in (nodes or levels) if covers(scope(Permission.EDIT_UNITS), node.unit.path)}
    return render_template(
        "people/units.html",
        nodes=nodes,
        levels=levels,
        none=not (nodes or levels or narrowed),
        parent=parent,
        trail=trail_of(reading(), parent, paths=paths) if parent else (),
        words=words,
        tag=tag,
        tags=TAGS,
        read_tags=read_tags,
        page=page_asked(),
        pages=pages_of(total, PAGE),
        page_url=page_url,
        edits=edits,
        sections=sections(),
        today=today(),
        roots="/" in scope(Permission.EDIT_UNITS),
    )


@units_bp.route("/new", methods=["GET", "POST"])
@permission_required(Permission.EDIT_UNITS)
def new() -> str | Response | tuple[str, int]:
    """Make a unit."""
    form = NewUnitForm(parent=request.args.get("parent", 0, type=int), kind="team")
    _offer_parents(form)
    posted = post(
        form,
        lambda session: create_unit(
            session,
            name=form.name.data or "",
            code=form.code.data or "",
            kind=form.kind.data,
            tags=form.tags.data or (),
            parent_id=form.parent.data or None,
            actor_id=current_person().person_id,
            paths=scope(Permission.EDIT_UNITS),
            now=now(),
        ),
    )
    if not posted.done:
        blame(form, posted.refused)
        return render_template("people/unit_new.html", form=form), posted.status
    flash(gettext("The unit is made."), "success")
    return redirect(url_for("people.units.index"))


@units_bp.get("/<int:unit_id>")
@permission_required(Permission.EDIT_UNITS)
def unit(unit_id: int) -> str:
    """One unit with what can be done to it."""
    return page_of(unit_to_edit(unit_id))


@units_bp.post("/<int:unit_id>")
@permission_required(Permission.EDIT_UNITS)
def edit(unit_id: int) -> Response | tuple[str, int]:
    """Rename a unit, or correct its code, kind or tags."""
    form = UnitForm()

    def work(session: Any) -> None:
        given = {"name": form.name.data or "", "code": form.code.data or "", "kind": form.kind.data, "tags": form.tags.data or ()}
        edit_unit(session, unit_id=unit_id, **given, actor_id=current_person().person_id, paths=scope(Permission.EDIT_UNITS), now=now())

    return do(unit_to_edit(unit_id), work, form)


@units_bp.post("/<int:unit_id>/move")
@permission_required(Permission.EDIT_UNITS)
def move(unit_id: int) -> Response | tuple[str, int]:
    """Hang a unit under another one."""
    form = ParentForm()
    _offer_parents(form)

    def work(session: Any) -> None:
        parent_id = form.parent.data or None
        move_unit(session, unit_id=unit_id, parent_id=parent_id, actor_id=current_person().person_id, paths=scope(Permission.EDIT_UNITS), now=now())

    return do(unit_to_edit(unit_id), work, form)


@units_bp.post("/<int:unit_id>/close")
@permission_required(Permission.EDIT_UNITS)
def close(unit_id: int) -> Response | tuple[str, int]:
    """Close a unit from a day on."""
    form = CloseForm()

    def work(session: Any) -> None:
        on = form.on.data or today()
        close_unit(session, unit_id=unit_id, on=on, actor_id=current_person().person_id, paths=scope(Permission.EDIT_UNITS), now=now())

    return do(unit_to_edit(unit_id), work, form)


@units_bp.post("/<int:unit_id>/reopen")
@permission_required(Permission.EDIT_UNITS)
def reopen(unit_id: int) -> Response | tuple[str, int]:
    """Open a closed unit again."""

    def work(session: Any) -> None:
        reopen_unit(session, unit_id=unit_id, actor_id=current_person().person_id, paths=scope(Permission.EDIT_UNITS), now=now())

    return do(unit_to_edit(unit_id), work)


def unit_to_edit(unit_id: int) -> Unit:
    """The unit of the address, if the reader may change it."""
    return get_unit(reading(), unit_id=unit_id, paths=scope(Permission.EDIT_UNITS))


def do(kept: Unit, work: Callable[[Any], object], form: SiteForm | None = None) -> Response | tuple[str, int]:
    """Do one thing with a unit and go back to its page; what is refused is said there."""
    posted = post(form, work)
    if not posted.done:
        blame(form, posted.refused)
        return page_of(kept, form, "" if form else posted.words or ""), posted.status
    flash(gettext("Saved."), "success")
    return redirect(url_for("people.units.unit", unit_id=kept.id))


def _offer_parents(form: ParentForm, below: Unit | None = None) -> None:
    """The units under which one may stand: not itself, and nothing below it."""
    paths = scope(Permission.EDIT_UNITS)
    root = [(0, gettext("no unit: a root of the tree"))] if "/" in paths else []
    nodes = list_tree(reading(), paths=paths, on=today(), closed=False)
    offer(form.parent, [*root, *((node.unit.id, node.indented) for node in nodes if below is None or not covers((below.path,), node.unit.path))])


def page_of(kept: Unit, form: Any = None, refused: str = "") -> str:
    """The page of a unit with the forms that the reader may use; `form` is one of them that was sent and refused."""
    edit_form = form if isinstance(form, UnitForm) else UnitForm(formdata=None, obj=kept, tags=read_tags(kept.tags))
    parent_form = form if isinstance(form, ParentForm) else ParentForm(formdata=None, parent=kept.parent_id or 0)
    _offer_parents(parent_form, kept)
    paths = scope(Permission.EDIT_UNITS)
    movable = kept.parent_id is None or covers(paths, kept.path.removesuffix(f"{kept.id}/"))
    return render_template(
        "people/unit.html",
        unit=kept,
        form=edit_form,
        parent_form=parent_form if movable else None,
        close_form=form if isinstance(form, CloseForm) else CloseForm(formdata=None, on=today()),
        head_form=form if isinstance(form, HeadCountForm) else HeadCountForm(formdata=None, counted_on=today()),
        merge_form=form if isinstance(form, MergeForm) else MergeForm(formdata=None, on=today()),
        heads=list_head_counts(reading(), unit_id=kept.id),
        taken=merged_from(reading(), unit_id=kept.id),
        into=get_unit(reading(), unit_id=kept.merged_into) if kept.merged_into else None,
        refused=refused,
    )
