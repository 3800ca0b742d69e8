"""Passkeys: what the page's script asks for, in JSON. The challenge waits in the signed session, for one answer."""

import json

from flask import Response as FlaskResponse
from flask import flash, jsonify, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.people.access import current_person, login_required
from lms.people.service.cards import get_card
from lms.people.service.scope import EVERYWHERE
from lms.people.service.sign_in import enter
from lms.people.signed_in import find_signed_in
from lms.people.signing.service.passkeys import Party, begin_registration, begin_signing, find_signer, party_of, register, remove_passkey
from lms.people.signing.views.blueprint import bp
from lms.people.views.sign_in import caller, local_address, signed_in
from lms.platform.site import now, reading, site, today, writing

CHALLENGE = "passkey"


def _party() -> Party:
    """The site's own. Raises NotFound where browsers allow no passkeys."""
    settings = site().settings
    party = party_of(settings.public_url, settings.site_name)
    if party is None:
        raise NotFound("There are no passkeys here: they need https.")
    return party


def _sent() -> dict[str, object]:
    """What the script has sent. Raises Invalid."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or not isinstance(sent.get("credential"), dict):
        raise Invalid("This passkey was not accepted. Begin again.")
    return sent


def _challenge() -> str:
    """The challenge that waits, taken out: it is good for one answer. Raises Conflict."""
    waiting = session.pop(CHALLENGE, None)
    if not isinstance(waiting, str):
        raise Conflict("This passkey was not accepted. Begin again.")
    return waiting


@bp.post("/me/passkeys/options")
@login_required
def registration_options() -> FlaskResponse:
    """What the browser is asked in order to make a passkey."""
    if not current_person().staff:
        raise NotAllowed("This is for people with a staff role, who sign in with a password.")
    card = get_card(reading(), person_id=current_person().person_id, paths=EVERYWHERE, on=today())
    account = card.person.staff_code or card.person.phone or card.person.full_name
    options, session[CHALLENGE] = begin_registration(reading(), person_id=current_person().person_id, account=account, party=_party())
    return jsonify(json.loads(options))


@bp.post("/me/passkeys")
@login_required
def make_passkey() -> FlaskResponse:
    """Keep a passkey that the browser has made."""
    sent, challenge, party = _sent(), _challenge(), _party()
    with writing() as written:
        person_id = current_person().person_id
        register(written, person_id=person_id, credential=sent["credential"], challenge=challenge, name=str(sent.get("name", "")), party=party, now=now())
    flash(gettext("The passkey is made."), "success")
    return jsonify(next=url_for("signing.protection"))


@bp.post("/me/passkeys/<int:passkey_id>/remove")
@login_required
def drop_passkey(passkey_id: int) -> Response:
    """Accept a passkey no more."""
    with writing() as written:
        remove_passkey(written, person_id=current_person().person_id, passkey_id=passkey_id, now=now())
    flash(gettext("The passkey is removed."), "success")
    return redirect(url_for("signing.protection"))


@bp.post("/sign-in/passkey/options")
def signing_options() -> FlaskResponse:
    """What the browser is asked in order to sign somebody in."""
    options, session[CHALLENGE] = begin_signing(_party())
    return jsonify(json.loads(options))


@bp.post("/sign-in/passkey")
def sign_in_with_passkey() -> FlaskResponse:
    """Begin the session of whoever has signed the challenge."""
    sent, challenge, party = _sent(), _challenge(), _party()
    with writing() as written:
        person_id, epoch = find_signer(written, credential=sent["credential"], challenge=challenge, party=party, now=now())
        found = find_signed_in(written, person_id, epoch, today())
        if found is None:
            raise Invalid("This passkey was not accepted. Try again, or sign in with your password.")
        person = enter(written, found, caller(), "passkey", now())
    answer = signed_in(person, local_address(request.args.get("next")) or url_for("home.index"))
    told = jsonify(next=answer.headers["Location"])
    for cookie in answer.headers.getlist("Set-Cookie"):
        told.headers.add("Set-Cookie", cookie)
    return told
