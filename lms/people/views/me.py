"""The own page: language, PIN or password, own units and roles, signing out everywhere."""

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.people.access import SECOND_STEP_FIRST, current_person, login_required
from lms.people.forms import LanguageForm, SecretForm
from lms.people.rules import TABLE
from lms.people.service import choose_language, sign_out_everywhere
from lms.people.service.cards import get_card
from lms.people.service.scope import EVERYWHERE
from lms.people.service.sign_in import change_own_secret
from lms.people.views.blueprint import blame, bp, me_bp
from lms.people.views.sign_in import begin_session, caller, give_language
from lms.people.words import PERMISSIONS
from lms.platform.site import now, reading, site, today, writing
from lms.web.posting import carry_out


@me_bp.get("/")
@login_required
def index() -> str:
    """What the site knows of oneself."""
    card = get_card(reading(), person_id=current_person().person_id, paths=EVERYWHERE, on=today())
    return render_template("people/me.html", card=card, form=LanguageForm(lang=card.person.lang))


@me_bp.post("/language")
@login_required
def language() -> Response:
    """Keep the language of the own choice, and show it at once."""
    lang = request.form.get("lang", "")
    with writing() as session:
        choose_language(session, person_id=current_person().person_id, lang=lang, now=now())
    return give_language(redirect(url_for("me.index")), lang)


@me_bp.route("/secret", methods=["GET", "POST"])
@login_required
def secret() -> str | Response | tuple[str, int]:
    """Choose an own PIN or password; after a slip this comes before anything else, without asking for the slip's again."""
    person = current_person()
    form = SecretForm()
    if person.staff:
        form.chosen.label.text = gettext("New password")
    if person.must_change:
        del form.current
    posted = carry_out(
        form,
        lambda: change_own_secret(
            site().db,
            person=person,
            current=None if person.must_change else form.current.data,
            chosen=form.chosen.data or "",
            caller=caller(),
            today=today(),
            now=now(),
        ),
    )
    if not posted.done:
        blame(form, posted.refused)
        return _page(form), posted.status
    begin_session(posted.made, by_password=SECOND_STEP_FIRST in session)
    flash(gettext("Done. From now on you sign in with what you have chosen."), "success")
    return redirect(url_for("home.index" if person.must_change else "me.index"))


@me_bp.post("/sign-out-everywhere")
@login_required
def out_everywhere() -> Response:
    """End every session, this one too."""
    with writing() as session:
        sign_out_everywhere(session, person_id=current_person().person_id, now=now())
    flash(gettext("You are signed out on every device."), "success")
    return redirect(url_for("people.sign_in"))


def _page(form: SecretForm) -> str:
    return render_template("people/secret.html", form=form, person=current_person())


@bp.get("/people/permissions")
@login_required
def permissions() -> str:
    """The whole table of permissions, for everybody to read."""
    return render_template("people/permissions.html", table=TABLE, words=PERMISSIONS)
