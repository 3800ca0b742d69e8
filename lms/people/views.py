"""Pages of the people room."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from lms.errors import SiteError
from lms.people.forms import SignInForm
from lms.people.service import sign_in as prove
from lms.platform.i18n import say
from lms.platform.site import close_reading, now, site

bp = Blueprint("people", __name__, template_folder="templates")
DEVICE = "device"


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """Sign in by staff code or phone, with PIN or password."""
    if current_user.is_authenticated:
        return redirect(url_for("home.index"))
    form = SignInForm()
    if form.validate_on_submit():
        close_reading()
        try:
            person = prove(site().db, name=form.name.data or "", secret=form.secret.data or "", device=request.cookies.get(DEVICE, "new"), now=now())
        except SiteError as refused:
            return render_template("people/sign_in.html", form=form, refused=say(refused)), refused.status
        session.clear()
        login_user(person)
        session.permanent = True
        return redirect(local_address(request.args.get("next")) or url_for("home.index"))
    return render_template("people/sign_in.html", form=form, refused=None), 422 if form.is_submitted() else 200


@bp.post("/sign-out")
def sign_out() -> Response:
    """End this session."""
    logout_user()
    session.clear()
    return redirect(url_for("people.sign_in"))


def local_address(address: str | None) -> str | None:
    """The address if it leads to a page of this site."""
    if not address:
        return None
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith(("//", "/\\")) else None
