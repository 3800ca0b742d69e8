"""The second step of whoever holds a staff role: an authenticator app set up, its recovery codes, and taken away again."""

import segno
from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lms.errors import NotAllowed
from lms.people.access import SECOND_STEP_FIRST, current_person, login_required, needs_second_step, permission_required, scope
from lms.people.rules import Permission
from lms.people.service.cards import get_card
from lms.people.service.scope import EVERYWHERE
from lms.people.signing.forms import CodeForm
from lms.people.signing.service.passkeys import list_passkeys, party_of
from lms.people.signing.service.second_step import (
    address_of,
    begin_set_up,
    confirm_set_up,
    find_waiting,
    may_set_up,
    new_codes,
    protection_of,
    prove,
    remove,
    reset,
)
from lms.people.signing.views.blueprint import bp
from lms.people.views.blueprint import blame
from lms.platform.site import now, reading, site, today, writing
from lms.web.posting import post


def _key() -> str:
    return site().settings.secret_key


def _proved() -> bool:
    """Whether this session has proved more than the password, or need not."""
    return SECOND_STEP_FIRST not in session


def _staff_only() -> int:
    """The own id. Raises NotAllowed for whoever signs in with a PIN."""
    if not current_person().staff:
        raise NotAllowed("This is for people with a staff role, who sign in with a password.")
    return current_person().person_id


@bp.get("/me/protection")
@login_required
def protection() -> str:
    """What protects the own account beside the password."""
    return _page(_staff_only(), CodeForm(formdata=None))


def _page(person_id: int, form: CodeForm, *, codes: list[str] | None = None) -> str:
    settings = site().settings
    return render_template(
        "signing/protection.html",
        kept=protection_of(reading(), person_id=person_id),
        passkeys=list_passkeys(reading(), person_id=person_id),
        asked=needs_second_step(current_person(), settings.second_step_roles),
        owes=not _proved(),
        free=may_set_up(reading(), person_id=person_id, proved=_proved()),
        offered=party_of(settings.public_url, settings.site_name) is not None,
        form=form,
        codes=codes,
    )


@bp.post("/me/protection/begin")
@login_required
def begin() -> Response | tuple[str, int]:
    """Begin to set an app up."""
    person_id = _staff_only()
    posted = post(None, lambda session: begin_set_up(session, person_id=person_id, key=_key(), now=now(), proved=_proved()))
    if not posted.done:
        form = CodeForm(formdata=None)
        blame(form, posted.refused)
        return _page(person_id, form), posted.status
    return redirect(url_for("signing.set_up"))


@bp.route("/me/protection/set-up", methods=["GET", "POST"])
@login_required
def set_up() -> str | Response | tuple[str, int]:
    """The QR code for the app, and the first code that it shows; then the recovery codes, once."""
    person_id = _staff_only()
    secret = find_waiting(reading(), person_id=person_id, key=_key())
    if secret is None or not may_set_up(reading(), person_id=person_id, proved=_proved()):
        return redirect(url_for("signing.protection"))
    card = get_card(reading(), person_id=person_id, paths=EVERYWHERE, on=today())
    form = CodeForm()
    code = form.code.data or ""
    posted = post(form, lambda session: confirm_set_up(session, person_id=person_id, code=code, key=_key(), now=now(), proved=_proved()))
    if posted.done:
        session.pop(SECOND_STEP_FIRST, None)
        return _page(person_id, CodeForm(formdata=None), codes=posted.made)
    blame(form, posted.refused)
    address = address_of(secret, account=card.person.staff_code or card.person.phone or "", site_name=site().settings.site_name)
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=2, svgclass="setup-qr", omitsize=True, title=gettext("QR code for the app"))
    spaced = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return render_template("signing/set_up.html", form=form, qr=Markup(drawn), secret=spaced), posted.status  # noqa: S704  (segno's own markup)


@bp.post("/me/protection/codes")
@login_required
def more_codes() -> str | tuple[str, int]:
    """New recovery codes in place of the former ones; a present code is asked for."""
    person_id = _staff_only()
    form = CodeForm()

    def work(written: Session) -> list[str]:
        prove(written, person_id=person_id, code=form.code.data or "", key=_key(), now=now())
        return new_codes(written, person_id=person_id, key=_key())

    posted = post(form, work)
    if not posted.done:
        blame(form, posted.refused)
        return _page(person_id, form), posted.status
    return _page(person_id, CodeForm(formdata=None), codes=posted.made)


@bp.post("/me/protection/remove")
@login_required
def remove_app() -> Response | tuple[str, int]:
    """Use the app no more."""
    person_id = _staff_only()
    form = CodeForm()
    here = current_person().session_id
    posted = post(form, lambda session: remove(session, person_id=person_id, code=form.code.data or "", key=_key(), now=now(), session_id=here))
    if not posted.done:
        blame(form, posted.refused)
        return _page(person_id, form), posted.status
    if needs_second_step(current_person(), site().settings.second_step_roles):
        session[SECOND_STEP_FIRST] = True
    else:
        flash(gettext("The app is removed: the password alone signs you in."), "success")
    return redirect(url_for("signing.protection"))


@bp.post("/people/<int:person_id>/protection/reset")
@permission_required(Permission.RESET_SECRET)
def reset_protection(person_id: int) -> Response:
    """Take app and passkeys of somebody away who has lost them."""
    with writing() as written:
        reset(
            written,
            person_id=person_id,
            reason=request.form.get("reason", ""),
            actor_id=current_person().person_id,
            actor_grants=current_person().grants,
            paths=scope(Permission.RESET_SECRET),
            today=today(),
            now=now(),
        )
    flash(gettext("Taken away; every session of this person has ended."), "success")
    return redirect(url_for("people.person", person_id=person_id))
