"""The desk of joining: codes given out as a notice with a QR code, and who waits."""

from datetime import timedelta

import segno
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from lms.people.access import current_person, permission_required, scope
from lms.people.forms import offer
from lms.people.joining.forms import NewCodeForm
from lms.people.joining.rules import shown_code
from lms.people.joining.service.codes import PAGE, close_code, get_code, list_codes, make_code, opens
from lms.people.joining.service.joining import accept, list_waiting, refuse
from lms.people.joining.views.blueprint import bp
from lms.people.rules import Permission
from lms.people.service.tree import list_tree
from lms.people.views.blueprint import blame, sections
from lms.platform.i18n import say
from lms.platform.site import now, reading, site, today
from lms.web.paging import page_asked, page_url, pages_of
from lms.web.posting import post

LETS_IN = Permission.RESET_SECRET
GIVES_OUT = Permission.EDIT_PEOPLE


@bp.route("/people/joining", methods=["GET", "POST"])
@permission_required(LETS_IN)
def desk() -> str | Response | tuple[str, int]:
    """Who waits, the codes that were given out, and a new one for whoever may enter people."""
    paths = scope(GIVES_OUT)
    form = NewCodeForm(until_on=today() + timedelta(days=30)) if paths else None
    if form is not None:
        offer(form.unit, [(node.unit.id, node.indented) for node in list_tree(reading(), paths=paths, on=today(), closed=False)])
    if form is None or request.method == "GET":
        return _page(form)
    posted = post(
        form,
        lambda session: (
            make_code(
                session,
                unit_id=form.unit.data,
                until_on=form.until_on.data or today(),
                most_uses=form.most_uses.data,
                approved=form.approved.data,
                actor_id=current_person().person_id,
                paths=paths,
                today=today(),
                now=now(),
            ).id
        ),
    )
    if not posted.done:
        blame(form, posted.refused)
        return _page(form), posted.status
    return redirect(url_for("joining.notice", code_id=posted.made))


def _page(form: NewCodeForm | None, refused: str = "") -> str:
    paths = scope(LETS_IN)
    codes, total = list_codes(reading(), paths=paths, on=today(), page=page_asked())
    waiting, waits = list_waiting(reading(), paths=paths, page=1)
    return render_template(
        "joining/desk.html",
        form=form,
        codes=codes,
        waiting=waiting,
        waits=waits,
        refused=refused,
        gives=set() if form is None else {value for value, *_ in form.unit.iter_choices()},
        shown_code=shown_code,
        sections=sections(),
        page=page_asked(),
        pages=pages_of(total, PAGE),
        page_url=page_url,
    )


@bp.get("/people/joining/<int:code_id>")
@permission_required(LETS_IN)
def notice(code_id: int) -> str:
    """The notice to print and hang up: the code, the address, a QR code."""
    code, unit = get_code(reading(), code_id=code_id, paths=scope(LETS_IN))
    address = site().settings.public_url.rstrip("/") + url_for("joining.join_unit", code=code.code)
    picture = segno.make(address, error="m").svg_inline(scale=6, border=2, svgclass="setup-qr", omitsize=True, title=gettext("QR code to join"))
    shown = {"open": opens(code, today()), "shown": shown_code(code.code), "address": site().settings.public_url}
    return render_template("joining/notice.html", code=code, unit=unit, qr=Markup(picture), **shown)  # noqa: S704  (segno's own markup)


@bp.post("/people/joining/<int:code_id>/close")
@permission_required(GIVES_OUT)
def close(code_id: int) -> Response:
    """Let nobody join by a code any more."""
    posted = post(None, lambda session: close_code(session, code_id=code_id, actor_id=current_person().person_id, paths=scope(GIVES_OUT), now=now()))
    flash(gettext("The code is closed.") if posted.done else posted.words or "", "success" if posted.done else "warning")
    return redirect(url_for("joining.desk"))


@bp.post("/people/joining/waiting/<int:request_id>")
@permission_required(LETS_IN)
def decide(request_id: int) -> Response | tuple[str, int]:
    """Let somebody in, or not."""
    actor, paths = current_person().person_id, scope(LETS_IN)
    if request.form.get("let") == "in":
        posted = post(None, lambda session: accept(session, request_id=request_id, actor_id=actor, paths=paths, today=today(), now=now()))
        said = gettext("Let in: they sign in with their phone number and their PIN.")
    else:
        posted = post(None, lambda session: refuse(session, request_id=request_id, actor_id=actor, paths=paths, now=now()))
        said = gettext("Not let in; what was written is forgotten.")
    if posted.refused is not None:
        return _page(None, say(posted.refused)), posted.status
    flash(said, "success")
    return redirect(url_for("joining.desk"))
