"""Joining by a code: typed, or scanned from a notice; no account is needed."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from lms.errors import Invalid, NotFound
from lms.people.joining.forms import CodeForm, JoinForm
from lms.people.joining.rules import plain_code, shown_code
from lms.people.joining.service.codes import find_open_code
from lms.people.joining.service.joining import join
from lms.people.joining.views.blueprint import bp
from lms.people.rules import normal_phone, refuse_pin
from lms.people.secrets import make_secret
from lms.people.service.sign_in import enter
from lms.people.signed_in import SignedIn, find_signed_in
from lms.people.views.blueprint import blame
from lms.people.views.sign_in import caller, signed_in
from lms.platform.i18n import current_lang, say
from lms.platform.site import now, reading, site, today
from lms.web.posting import carry_out


@bp.route("/join", methods=["GET", "POST"])
def enter_code() -> str | Response | tuple[str, int]:
    """Type the code that one was given."""
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("joining/code.html", form=form), 422 if form.is_submitted() else 200
    try:
        find_open_code(reading(), text=form.code.data or "", on=today())
    except NotFound as unknown:
        form.code.errors = [*form.code.errors, say(unknown)]
        return render_template("joining/code.html", form=form), 422
    return redirect(url_for("joining.join_unit", code=plain_code(form.code.data or "")))


@bp.route("/join/<code>", methods=["GET", "POST"])
def join_unit(code: str) -> str | Response | tuple[str, int]:
    """Enter oneself into the unit of a code."""
    found, unit = find_open_code(reading(), text=code, on=today())
    form = JoinForm(lang=current_lang())
    posted = carry_out(form, lambda: _join(form, code))
    if not posted.done:
        blame(form, posted.refused)
        return render_template("joining/join.html", form=form, unit=unit, approved=found.approved, code=shown_code(found.code)), posted.status
    if posted.made is None:
        return render_template("joining/waiting.html", unit=unit, phone=normal_phone(form.phone.data or ""))
    return signed_in(posted.made, url_for("home.index"))


def _join(form: JoinForm, code: str) -> SignedIn | None:
    """Join, and be signed in where nobody has to approve. The PIN is hashed before the transaction."""
    refused = refuse_pin(form.pin.data or "")
    if refused:
        raise Invalid(refused.message, **refused.params)
    secret = make_secret(form.pin.data or "", "pin")
    values = {"full_name": form.full_name.data or "", "phone": form.phone.data or "", "lang": form.lang.data}
    with site().db.writing() as session:
        person = join(session, code=code, **values, secret=secret, today=today(), now=now())
        if person is None:
            return None
        found = find_signed_in(session, person.id, 1, today())
        return enter(session, found, caller(), "secret", now()) if found else None
