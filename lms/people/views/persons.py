"""The list of people, and entering a new one."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lms.people.access import current_person, permission_required, scope
from lms.people.forms import PersonForm, WorkForm, offer
from lms.people.rules import Permission, Role, covers
from lms.people.service import create_person
from lms.people.service.listing import PAGE, SORTS, Wanted, list_people
from lms.people.service.tree import Node, list_tree
from lms.people.service.unit_lists import WHOLE_TREE
from lms.people.service.units import find_unit
from lms.people.views.blueprint import blame, bp, sections
from lms.platform.site import now, reading, site, today
from lms.web.paging import page_asked, page_url, pages_of
from lms.web.posting import post


class NewPersonForm(PersonForm, WorkForm):
    """A person, and where the person works."""


@bp.get("/people")
@permission_required(Permission.SEE_PEOPLE)
def index() -> str:
    """The people of the scope, 50 a page, searched and narrowed."""
    paths = scope(Permission.SEE_PEOPLE)
    wanted = wanted_of(request.args)
    people, total = list_people(reading(), paths=paths, wanted=wanted, on=today(), page=page_asked())
    nodes = list_tree(reading(), paths=paths, on=today(), most=WHOLE_TREE)
    chosen = next((node.unit for node in nodes if node.unit.id == wanted.unit_id), None)
    if not nodes and wanted.unit_id:
        chosen = find_unit(reading(), unit_id=wanted.unit_id, paths=paths)
    return render_template(
        "people/index.html",
        people=people,
        total=total,
        wanted=wanted,
        nodes=nodes,
        page=page_asked(),
        pages=pages_of(total, PAGE),
        page_url=page_url,
        sections=sections(),
        editable=bool(scope(Permission.EDIT_PEOPLE)),
        chosen=chosen,
        slips_of=chosen if chosen and covers(scope(Permission.RESET_SECRET), chosen.path) else None,
        narrowed=wanted.narrows or wanted.closed,
        owing_offered=bool(_asked_roles()),
    )


def wanted_of(asked: MultiDict[str, str]) -> Wanted:
    """What the address narrows the list of people to, and how it sorts it."""
    role, sort = asked.get("role", ""), asked.get("sort", "")
    return Wanted(
        search=asked.get("q", "")[:80],
        unit_id=asked.get("unit", None, type=int),
        unit_words=asked.get("unit_words", "")[:80].strip(),
        role=Role(role) if role in set(Role) else None,
        closed=asked.get("closed") == "1",
        owing=_asked_roles() if asked.get("owing") == "1" else (),
        sort=sort if sort in SORTS else "name",
    )


def _asked_roles() -> tuple[str, ...]:
    """The roles that ask for a second step; none for whoever could do nothing about it."""
    return site().settings.second_step_roles if scope(Permission.RESET_SECRET) else ()


@bp.route("/people/new", methods=["GET", "POST"])
@permission_required(Permission.EDIT_PEOPLE)
def new() -> str | Response | tuple[str, int]:
    """Enter a person; the slip with the first PIN comes from the person's page."""
    form = NewPersonForm(on=today(), lang=site().settings.default_lang, unit=request.args.get("unit", None, type=int))
    offer_units(form, list_tree(reading(), paths=scope(Permission.EDIT_PEOPLE), on=today(), closed=False))
    posted = post(
        form,
        lambda session: create_person(
            session,
            **form.known(),
            identity_key=site().settings.identity_key,
            unit_id=form.unit.data,
            position=form.position.data or "",
            kind=form.work_kind.data,
            from_on=form.on.data,
            actor_id=current_person().person_id,
            paths=scope(Permission.EDIT_PEOPLE),
            now=now(),
        ),
    )
    if not posted.done:
        blame(form, posted.refused)
        return render_template("people/new.html", form=form), posted.status
    flash(gettext("Entered. Now make a slip, so that the person can sign in."), "success")
    return redirect(url_for("people.person", person_id=posted.made.id))


def offer_units(form: WorkForm, nodes: list[Node]) -> None:
    """Let a form choose among the units of the scope."""
    offer(form.unit, [(node.unit.id, node.indented) for node in nodes])
