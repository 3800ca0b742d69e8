"""Signing in and out."""

import re
from contextlib import suppress

from flask import Response as FlaskResponse
from flask import current_app, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from lms.clock import to_ms
from lms.people.access import OWN_SECRET_FIRST, SECOND_STEP_FIRST, current_person, needs_second_step
from lms.people.crew.service.devices import find_crew
from lms.people.device import find_device, find_slip, give_device, present_device
from lms.people.forms import SignInForm
from lms.people.service import sign_in as prove
from lms.people.service.sign_in import Caller, SecondStep, prove_second_step
from lms.people.signed_in import SignedIn
from lms.people.signing.forms import CodeForm
from lms.people.signing.rules import agent_of
from lms.people.signing.service.passkeys import party_of
from lms.people.signing.service.sessions import leave_session
from lms.people.views.blueprint import bp
from lms.platform.i18n import COOKIE, YEAR_S
from lms.platform.site import close_reading, now, reading, site, today, writing
from lms.web.frame import SHARED
from lms.web.posting import carry_out

SECOND = "second_step"
SECOND_MS = 5 * 60_000
OWN_PAGE = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]*)?")
"""An address of this site: from one slash on, visible ASCII, no backslash; not '//', which leads elsewhere."""


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> FlaskResponse | Response:
    """Sign in by staff code or phone, with PIN or password. A slip's QR code leads here with the code filled in."""
    if current_user.is_authenticated and request.method == "GET":
        if "slip" not in request.args:
            return redirect(url_for("home.index"))
        return _page(SignInForm(), occupied=current_person().name)
    form = SignInForm(name=request.args.get("code", ""))
    posted = carry_out(form, lambda: prove(site().db, name=form.name.data or "", secret=form.secret.data or "", caller=caller(), today=today(), now=now()))
    if not posted.done:
        return _page(form, status=posted.status, refused=posted.words)
    then = local_address(request.args.get("next")) or url_for("home.index")
    if isinstance(posted.made, SecondStep):
        session.clear()
        session[SECOND] = [posted.made.person_id, posted.made.epoch, to_ms(now()), then]
        return give_device(redirect(url_for("people.second_step")))
    return signed_in(posted.made, then, by_password=True)


@bp.route("/sign-in/second", methods=["GET", "POST"])
def second_step() -> FlaskResponse | Response | tuple[str, int]:
    """The code of the authenticator app, right after the password; five minutes are given for it."""
    waiting = session.get(SECOND)
    if not waiting or to_ms(now()) - waiting[2] > SECOND_MS:
        session.pop(SECOND, None)
        return redirect(url_for("people.sign_in"))
    form = CodeForm()
    step = SecondStep(waiting[0], waiting[1])
    posted = carry_out(form, lambda: prove_second_step(site().db, step=step, code=form.code.data or "", caller=caller(), today=today(), now=now()))
    if not posted.done:
        return render_template("signing/second.html", form=form, refused=posted.words), posted.status
    return signed_in(posted.made, waiting[3])


def signed_in(person: SignedIn, then: str, *, shared: bool = False, by_password: bool = False) -> Response:
    """Begin the session in this browser and go on, in the person's language where the browser knows none.

    shared: the device is a crew's; by_password: nothing but the password was proved.
    """
    begin_session(person, shared=shared, by_password=by_password)
    answer = redirect(then)
    return give_language(give_device(answer), person.lang) if COOKIE not in request.cookies else give_device(answer)


@bp.post("/sign-out")
def sign_out() -> Response:
    """End this session, for good: its cookie opens nothing any more. On a shared device the next person begins."""
    crew = find_crew(reading(), device=find_device(), key=site().settings.secret_key, on=today())
    if current_user.is_authenticated and current_person().session_id:
        close_reading()
        with suppress(OperationalError), writing() as written:
            leave_session(written, session_id=current_person().session_id, now=now())
    logout_user()
    session.clear()
    return redirect(url_for("crew.who" if crew else "people.sign_in"))


def caller() -> Caller:
    """Where this try comes from."""
    slip = find_slip(request.args.get("slip", ""))
    return Caller(present_device(), request.remote_addr or "", site().settings.secret_key, slip, agent_of(request.user_agent.string))


def begin_session(person: SignedIn, *, shared: bool = False, by_password: bool = False) -> None:
    """Begin a session of this person with nothing of a former one in it, but that the device is a crew's: such a session ends with the browser."""
    shared = shared or SHARED in session
    owes = by_password and needs_second_step(person, site().settings.second_step_roles)
    session.clear()
    login_user(person)
    session.permanent = not shared
    if shared:
        session[SHARED] = to_ms(now())
    if owes:
        session[SECOND_STEP_FIRST] = True
    if person.must_change:
        session[OWN_SECRET_FIRST] = True


def give_language(response: Response, lang: str) -> Response:
    """Let this browser show the site in a language."""
    response.set_cookie(COOKIE, lang, max_age=YEAR_S, httponly=True, samesite="Lax", secure=bool(current_app.config["SESSION_COOKIE_SECURE"]))
    return response


def local_address(address: str | None) -> str | None:
    """The address if it leads to a page of this site."""
    return address if address and OWN_PAGE.fullmatch(address) else None


def _page(form: SignInForm, *, status: int = 200, refused: str | None = None, occupied: str | None = None) -> FlaskResponse:
    settings = site().settings
    known = {"from_slip": "slip" in request.args, "passkeys": party_of(settings.public_url, settings.site_name) is not None}
    page = render_template("people/sign_in.html", form=form, refused=refused, occupied=occupied, **known)
    return give_device(make_response(page, status))
