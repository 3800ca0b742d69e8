"""One person: the page, corrections, moves, roles, the account."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.people.access import current_person, permission_required, scope
from lms.people.forms import LeaveForm, PersonForm, RoleForm, SecondWorkForm, WorkForm, offer
from lms.people.rules import Permission, Role, covers, holds_one, may_take_over
from lms.people.service import close_account, edit_person, end_role, grant_role, leave, move_person, reopen_account
from lms.people.service.cards import Card, get_card
from lms.people.service.tree import list_tree
from lms.people.service.works import add_second_work, end_second_work
from lms.people.signing.service.second_step import protection_of
from lms.people.views.blueprint import blame, bp
from lms.people.views.persons import offer_units
from lms.platform.site import now, reading, site, today
from lms.web.forms import SiteForm
from lms.web.posting import post


@bp.get("/people/<int:person_id>")
@permission_required(Permission.SEE_PEOPLE)
def person(person_id: int) -> str:
    """A person of the scope."""
    return _page(_card(person_id, Permission.SEE_PEOPLE))


@bp.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@permission_required(Permission.EDIT_PEOPLE)
def edit(person_id: int) -> str | Response | tuple[str, int]:
    """Correct what is known of a person."""
    card = _card(person_id, Permission.EDIT_PEOPLE)
    form = PersonForm(obj=card.person)
    posted = post(
        form,
        lambda session: edit_person(
            session,
            person_id=person_id,
            **form.known(),
            identity_key=site().settings.identity_key,
            actor_id=current_person().person_id,
            paths=scope(Permission.EDIT_PEOPLE),
            now=now(),
        ),
    )
    if not posted.done:
        blame(form, posted.refused)
        return render_template("people/edit.html", form=form, card=card), posted.status
    flash(gettext("Saved."), "success")
    return redirect(url_for("people.person", person_id=person_id))


@bp.post("/people/<int:person_id>/move")
@permission_required(Permission.EDIT_PEOPLE)
def move(person_id: int) -> Response | tuple[str, int]:
    """Let a person work in another unit from a day on."""
    card = _card(person_id, Permission.EDIT_PEOPLE)
    form = WorkForm()
    offer_units(form, list_tree(reading(), paths=scope(Permission.EDIT_PEOPLE), on=today(), closed=False))

    def work(session: Any) -> None:
        move_person(
            session,
            person_id=person_id,
            unit_id=form.unit.data,
            position=form.position.data or "",
            kind=form.work_kind.data,
            on=form.on.data or today(),
            actor_id=current_person().person_id,
            paths=scope(Permission.EDIT_PEOPLE),
            now=now(),
        )

    return _do(card, work, gettext("Moved."), form)


@bp.post("/people/<int:person_id>/second")
@permission_required(Permission.EDIT_PEOPLE)
def second(person_id: int) -> Response | tuple[str, int]:
    """Let a person work in another unit too."""
    card = _card(person_id, Permission.EDIT_PEOPLE)
    form = SecondWorkForm()
    offer_units(form, list_tree(reading(), paths=scope(Permission.EDIT_PEOPLE), on=today(), closed=False))

    def work(session: Any) -> None:
        add_second_work(
            session,
            person_id=person_id,
            unit_id=form.unit.data,
            position=form.position.data or "",
            kind=form.work_kind.data,
            on=form.on.data or today(),
            actor_id=current_person().person_id,
            paths=scope(Permission.EDIT_PEOPLE),
            now=now(),
        )

    return _do(card, work, gettext("The second job is entered."), form)


@bp.post("/people/<int:person_id>/second/<int:membership_id>/end")
@permission_required(Permission.EDIT_PEOPLE)
def end_second(person_id: int, membership_id: int) -> Response | tuple[str, int]:
    """End a second job with today."""
    card = _card(person_id, Permission.EDIT_PEOPLE)
    actor, paths = current_person().person_id, scope(Permission.EDIT_PEOPLE)

    def work(session: Any) -> None:
        end_second_work(session, person_id=person_id, membership_id=membership_id, last_on=today(), actor_id=actor, paths=paths, now=now())

    return _do(card, work, gettext("The second job ends today."))


@bp.post("/people/<int:person_id>/leave")
@permission_required(Permission.EDIT_PEOPLE)
def left(person_id: int) -> Response | tuple[str, int]:
    """End a person's work."""
    card = _card(person_id, Permission.EDIT_PEOPLE)
    form = LeaveForm()

    def work(session: Any) -> None:
        last_on = form.last_on.data or today()
        leave(session, person_id=person_id, last_on=last_on, actor_id=current_person().person_id, paths=scope(Permission.EDIT_PEOPLE), now=now())

    return _do(card, work, gettext("The work ends on that day. Close the account too, if nothing is left to learn or show."), form)


@bp.post("/people/<int:person_id>/roles")
@permission_required(Permission.GRANT_ROLES)
def grant(person_id: int) -> Response | tuple[str, int]:
    """Give a role."""
    card = _card(person_id, Permission.GRANT_ROLES)
    form = RoleForm()
    _offer_scopes(form)

    def work(session: Any) -> None:
        grant_role(
            session,
            person_id=person_id,
            role=Role(form.role.data),
            unit_id=form.scope.data or None,
            from_on=form.from_on.data or today(),
            until_on=form.until_on.data,
            actor_id=current_person().person_id,
            paths=scope(Permission.GRANT_ROLES),
            now=now(),
        )

    return _do(card, work, gettext("The role is given."), form)


@bp.post("/people/<int:person_id>/roles/<int:grant_id>/end")
@permission_required(Permission.GRANT_ROLES)
def ungrant(person_id: int, grant_id: int) -> Response | tuple[str, int]:
    """End a role with today; it is over tomorrow."""
    card = _card(person_id, Permission.GRANT_ROLES)

    def work(session: Any) -> None:
        end_role(
            session,
            person_id=person_id,
            grant_id=grant_id,
            last_on=today(),
            today=today(),
            actor_id=current_person().person_id,
            paths=scope(Permission.GRANT_ROLES),
            now=now(),
        )

    return _do(card, work, gettext("The role ends today."))


@bp.post("/people/<int:person_id>/account")
@permission_required(Permission.EDIT_PEOPLE)
def account(person_id: int) -> Response | tuple[str, int]:
    """Close an account, or open it again."""
    card = _card(person_id, Permission.EDIT_PEOPLE)
    change = reopen_account if request.form.get("open") == "1" else close_account

    def work(session: Any) -> None:
        actor = current_person()
        change(
            session,
            person_id=person_id,
            actor_id=actor.person_id,
            actor_grants=actor.grants,
            paths=scope(Permission.EDIT_PEOPLE),
            today=today(),
            now=now(),
        )

    return _do(card, work, gettext("Saved."))


def _card(person_id: int, permission: Permission) -> Card:
    return get_card(reading(), person_id=person_id, paths=scope(permission), on=today())


def _do(card: Card, work: Callable[[Any], None], done: str, form: SiteForm | None = None) -> Response | tuple[str, int]:
    """Do one thing with a person and go back to the page; what is refused is said there."""
    posted = post(form, work)
    if not posted.done:
        blame(form, posted.refused)
        return _page(card, form, "" if form else posted.words or ""), posted.status
    flash(done, "success")
    return redirect(url_for("people.person", person_id=card.person.id))


def _offer_scopes(form: RoleForm) -> None:
    paths = scope(Permission.GRANT_ROLES)
    whole = [(0, gettext("the whole site"))] if "/" in paths else []
    offer(form.scope, [*whole, *((node.unit.id, node.indented) for node in list_tree(reading(), paths=paths, on=today(), closed=False))])


def _page(card: Card, form: Any = None, refused: str = "") -> str:
    """The page with the forms that the reader may use; `form` is one of them that was sent and refused."""
    edits, grants = card.within(scope(Permission.EDIT_PEOPLE)), card.within(scope(Permission.GRANT_ROLES))
    present = card.present
    work = role = departure = second_work = None
    if edits:
        same = {"unit": present.membership.unit_id, "work_kind": present.membership.kind} if present else {}
        work = form if isinstance(form, WorkForm) and not isinstance(form, SecondWorkForm) else WorkForm(formdata=None, on=today(), **same)
        second_work = form if isinstance(form, SecondWorkForm) else SecondWorkForm(formdata=None, on=today())
        units = list_tree(reading(), paths=scope(Permission.EDIT_PEOPLE), on=today(), closed=False)
        for each in (work, second_work):
            offer_units(each, units)
        departure = form if isinstance(form, LeaveForm) else LeaveForm(formdata=None, last_on=today())
    if grants:
        role = form if isinstance(form, RoleForm) else RoleForm(formdata=None, from_on=today())
        _offer_scopes(role)
    me = current_person()
    return render_template(
        "people/person.html",
        edits_person=edits,
        protection=protection_of(reading(), person_id=card.person.id) if card.within(scope(Permission.RESET_SECRET)) else None,
        step_asked=holds_one(card.grants, site().settings.second_step_roles, today()),
        card=card,
        refused=refused,
        work=work,
        departure=departure if present and present.membership.until_on is None else None,
        role=role,
        second=second_work if present else None,
        endable={held.id for held in card.roles if held.state != "ended" and covers(scope(Permission.GRANT_ROLES), held.grant.path)},
        resettable=card.within(scope(Permission.RESET_SECRET)) and may_take_over(me.grants, card.grants, today()),
        reset_shown=card.within(scope(Permission.RESET_SECRET)),
        closable=edits and may_take_over(me.grants, card.grants, today()) and me.person_id != card.person.id,
        audited="/" in scope(Permission.SEE_AUDIT),
    )
