"""The desk of crew mode: this device is opened for a unit, others are closed, badges are printed."""

from datetime import timedelta

import segno
from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_login import logout_user
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lms.people.access import current_person, permission_required, scope
from lms.people.crew.badges import badge_token
from lms.people.crew.forms import OpenForm
from lms.people.crew.service.devices import PAGE, close_device, list_devices, open_device
from lms.people.crew.service.members import Member, list_members
from lms.people.crew.views.blueprint import bp
from lms.people.device import give_device, present_device
from lms.people.forms import offer
from lms.people.rules import Permission
from lms.people.service.tree import list_tree
from lms.people.service.units import get_unit
from lms.people.signing.service.sessions import end
from lms.people.views.blueprint import blame, sections
from lms.platform.site import now, reading, site, today
from lms.web.paging import page_asked, page_url, pages_of
from lms.web.posting import post

SHARES = Permission.SHARE_DEVICE
BADGES = 60


@bp.route("/people/crew", methods=["GET", "POST"])
@permission_required(SHARES)
def desk() -> str | Response | tuple[str, int]:
    """The devices that are shared, and a form that shares this one; whoever sends it is signed out here."""
    paths, person = scope(SHARES), current_person()
    form = OpenForm(until_on=today() + timedelta(days=90))
    offer(form.unit, [(node.unit.id, node.indented) for node in list_tree(reading(), paths=paths, on=today(), closed=False)])
    if request.method == "GET":
        return _page(form)

    def share(written: Session) -> None:
        open_device(
            written,
            device=present_device(),
            key=site().settings.secret_key,
            unit_id=form.unit.data,
            label=form.label.data or "",
            until_on=form.until_on.data or today(),
            actor_id=person.person_id,
            paths=paths,
            today=today(),
            now=now(),
        )
        end(written, person_id=person.person_id, session_id=person.session_id, now=now())

    posted = post(form, share)
    if not posted.done:
        blame(form, posted.refused)
        return _page(form), posted.status
    logout_user()
    session.clear()
    return give_device(redirect(url_for("crew.who")))


def _page(form: OpenForm) -> str:
    devices, total = list_devices(reading(), paths=scope(SHARES), on=today(), page=page_asked())
    units = [(value, label) for value, label, *_ in form.unit.iter_choices()]
    paging = {"page": page_asked(), "pages": pages_of(total, PAGE), "page_url": page_url}
    return render_template("crew/desk.html", form=form, devices=devices, units=units, sections=sections(), **paging)


@bp.post("/people/crew/<int:device_id>/close")
@permission_required(SHARES)
def close(device_id: int) -> Response:
    """Let a device be shared no more."""
    actor, paths = current_person().person_id, scope(SHARES)
    posted = post(None, lambda written: close_device(written, device_id=device_id, actor_id=actor, paths=paths, now=now()))
    flash(gettext("The device is shared no more.") if posted.done else posted.words or "", "success" if posted.done else "warning")
    return redirect(url_for("crew.desk"))


@bp.get("/people/crew/badges")
@permission_required(SHARES)
def badges() -> str | Response:
    """Badges of a unit to print and cut: name, staff code, and a QR code that a shared device reads."""
    if "unit" not in request.args:
        return redirect(url_for("crew.desk"))
    unit = get_unit(reading(), unit_id=request.args.get("unit", 0, type=int), paths=scope(SHARES))
    members, total = list_members(reading(), path=unit.path, on=today(), most=BADGES, page=page_asked())
    paging = {"page": page_asked(), "pages": pages_of(total, BADGES), "page_url": page_url}
    return render_template("crew/badges.html", unit=unit, members=members, qr=_qr_of, **paging)


def _qr_of(member: Member) -> Markup:
    address = site().settings.public_url.rstrip("/") + url_for("crew.badge", token=badge_token(site().settings.secret_key, member.id))
    drawn = segno.make(address, error="m", boost_error=False)
    return Markup(drawn.svg_inline(scale=3, border=3, light="#fff", dark="#000", svgclass="slip-qr", lineclass=None))  # noqa: S704  (segno's own markup)
