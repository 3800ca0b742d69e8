"""The shared device: who is there, by name or badge; the PIN; and the work begins."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.errors import NotAllowed, NotFound
from lms.people.crew.badges import find_badge
from lms.people.crew.forms import PinForm, WhoForm
from lms.people.crew.rules import SHOWN_MOST
from lms.people.crew.service.devices import Crew, find_crew, note_used
from lms.people.crew.service.members import Member, find_member, get_member, list_members
from lms.people.crew.views.blueprint import bp
from lms.people.device import find_device
from lms.people.service import sign_in as prove
from lms.people.service.sign_in import SecondStep
from lms.people.signed_in import SignedIn
from lms.people.views.sign_in import caller, signed_in
from lms.platform.site import close_reading, now, reading, site, today
from lms.web.posting import carry_out

BADGE = "/crew/b/"


@bp.get("/crew")
def who() -> str | Response:
    """Everybody of a small crew by name; of a large one those whose name, code or number was typed."""
    crew = _crew()
    if crew is None:
        return redirect(url_for("people.sign_in"))
    if current_user.is_authenticated:
        return redirect(url_for("home.index"))
    search = request.args.get("q", "")[:100]
    members, total = list_members(reading(), path=crew.path, on=today(), search=search, most=SHOWN_MOST)
    shown = members if search.strip() or total <= SHOWN_MOST else []
    return render_template("crew/who.html", crew=crew, members=shown, total=total, most=SHOWN_MOST, search=search, form=WhoForm(formdata=None))


@bp.post("/crew")
def find() -> str | Response | tuple[str, int]:
    """Go on with a badge that was scanned into the field, a staff code or phone number; else with whoever has such a name."""
    crew = _crew()
    if crew is None:
        return redirect(url_for("people.sign_in"))
    form = WhoForm()
    if not form.validate_on_submit():
        return render_template("crew/who.html", crew=crew, members=[], total=0, most=SHOWN_MOST, search="", form=form), 422
    typed = form.who.data or ""
    badge = find_badge(site().settings.secret_key, typed.rpartition(BADGE)[2])
    if badge is not None:
        return redirect(url_for("crew.pin", person_id=badge))
    member = find_member(reading(), path=crew.path, name=typed, on=today())
    return redirect(url_for("crew.pin", person_id=member.id) if member else url_for("crew.who", q=typed[:100]))


@bp.get("/crew/b/<token>")
def badge(token: str) -> Response:
    """A badge that was scanned with a camera: on a shared device the PIN follows; elsewhere the sign-in page."""
    person_id = find_badge(site().settings.secret_key, token)
    if person_id is None:
        raise NotFound("This badge is not from this site.")
    return redirect(url_for("people.sign_in") if _crew() is None else url_for("crew.pin", person_id=person_id))


@bp.route("/crew/p/<int:person_id>", methods=["GET", "POST"])
def pin(person_id: int) -> str | Response | tuple[str, int]:
    """The PIN of one of the crew."""
    crew = _crew()
    if crew is None:
        return redirect(url_for("people.sign_in"))
    if current_user.is_authenticated:
        return redirect(url_for("home.index"))
    try:
        member = get_member(reading(), path=crew.path, person_id=person_id, on=today())
    except NotFound:
        flash(gettext("Whoever this is does not sign in on this device: it is for people of %(unit)s who have a PIN.", unit=crew.unit), "warning")
        return redirect(url_for("crew.who"))
    close_reading()
    form = PinForm()
    posted = carry_out(form, lambda: _prove(member, form.secret.data or ""))
    if not posted.done:
        return render_template("crew/pin.html", crew=crew, member=member, form=form, refused=posted.words), posted.status
    with site().db.writing() as written:
        note_used(written, device_id=crew.device_id, now=now())
    return signed_in(posted.made, url_for("home.index"), shared=True)


def _prove(member: Member, secret: str) -> SignedIn:
    proved = prove(site().db, name=member.sign_in_name, secret=secret, caller=caller(), today=today(), now=now())
    if isinstance(proved, SecondStep) or proved.person_id != member.id:
        raise NotAllowed("Sign in on a device of your own.")
    return proved


def _crew() -> Crew | None:
    return find_crew(reading(), device=find_device(), key=site().settings.secret_key, on=today())
