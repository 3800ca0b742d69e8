"""Slips: printed, handed over, used once. The secret is on the page that makes it and nowhere else."""

from urllib.parse import urlencode

import segno
from flask import render_template, request
from markupsafe import Markup

from lms.errors import Conflict, NotAllowed
from lms.people.access import current_person, permission_required, scope
from lms.people.device import slip_token
from lms.people.rules import Permission, may_take_over
from lms.people.secrets import new_secret
from lms.people.service import reset_secret
from lms.people.service.cards import get_card
from lms.people.service.slips import BATCH, Batch, NewSlip, count_for_slips, list_for_slips, make_slips
from lms.people.service.units import get_unit
from lms.people.views.blueprint import bp
from lms.platform.site import close_reading, now, reading, site, today, writing


@bp.post("/people/<int:person_id>/slip")
@permission_required(Permission.RESET_SECRET)
def slip(person_id: int) -> str:
    """Give a person a new PIN (staff: a password) on a slip."""
    paths, actor = scope(Permission.RESET_SECRET), current_person()
    card = get_card(reading(), person_id=person_id, paths=paths, on=today())
    name = card.person.staff_code or card.person.phone
    if name is None:
        raise Conflict("The person has neither staff code nor phone number to sign in with.")
    if not may_take_over(actor.grants, card.grants, today()):
        raise NotAllowed("This person has a staff role. Ask the administrator for the new password.")
    close_reading()
    secret = new_secret(staff=card.staff)
    with writing() as session:
        account = reset_secret(
            session, person_id=person_id, secret=secret, actor_id=actor.person_id, actor_grants=actor.grants, paths=paths, today=today(), now=now()
        )
        epoch = account.epoch
    made = NewSlip(person_id, card.person.full_name, name, secret.text, epoch, card.present.unit if card.present else None)
    return render_template("people/slips.html", slips=[made], qr=qr_of, address=site().settings.public_url, unit=None, after="", person_id=person_id)


@bp.get("/people/slips/<int:unit_id>")
@permission_required(Permission.RESET_SECRET)
def batch(unit_id: int) -> str:
    """Before a batch: how many slips, for whom, and what it means."""
    unit = get_unit(reading(), unit_id=unit_id, paths=scope(Permission.RESET_SECRET))
    counts = {every: count_for_slips(reading(), _batch(unit.path, every=every)) for every in (False, True)}
    return render_template("people/batch.html", unit=unit, counts=counts, size=BATCH)


@bp.post("/people/slips/<int:unit_id>")
@permission_required(Permission.RESET_SECRET)
def make_batch(unit_id: int) -> str:
    """Make the next sheet of slips of a unit."""
    unit = get_unit(reading(), unit_id=unit_id, paths=scope(Permission.RESET_SECRET))
    wanted = _batch(unit.path, every=request.form.get("who") == "all")
    person_ids, after = list_for_slips(reading(), wanted, after=request.form.get("after", ""))
    close_reading()
    secrets = {person_id: new_secret(staff=False) for person_id in person_ids}
    with writing() as session:
        made = make_slips(session, wanted, secrets=secrets, actor_id=current_person().person_id, now=now())
    return render_template(
        "people/slips.html",
        slips=made,
        qr=qr_of,
        address=site().settings.public_url,
        unit=unit,
        after=after,
        who="all" if wanted.all_learners else "new",
    )


def _batch(path: str, *, every: bool) -> Batch:
    return Batch(path, scope(Permission.RESET_SECRET), today(), all_learners=every)


def qr_of(made: NewSlip) -> Markup:
    """The QR code of the sign-in page with the code filled in; the PIN is not in it."""
    query = urlencode({"code": made.sign_in_name, "slip": slip_token(made.person_id, made.epoch)})
    drawn = segno.make(f"{site().settings.public_url}/sign-in?{query}", error="l", boost_error=False)
    return Markup(drawn.svg_inline(scale=3, border=3, light="#fff", dark="#000", svgclass="slip-qr", lineclass=None))  # noqa: S704  (made here, of digits)
