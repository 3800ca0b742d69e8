"""One person's standing, as the officer sees it, and what the officer decides about it."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.certification.forms import ExternalForm, MarkForm, TriggerForm
from lms.certification.scheme_terms import get_scheme
from lms.certification.service.external import record_external
from lms.certification.service.marks import add_trigger, mark_period
from lms.certification.service.own import own_standing
from lms.certification.service.periods import get_period
from lms.certification.service.records import get_member
from lms.certification.views.desk import bp
from lms.content.access import catalogue
from lms.people.access import current_person, permission_required, scope
from lms.people.rules import Permission
from lms.platform.site import now, reading, today
from lms.web.posting import Posted, post


@bp.get("/people/<int:person_id>")
@permission_required(Permission.SEE_STANDING)
def person_page(person_id: int) -> str:
    """Standing, progress, history and evidence of a person, as of a date."""
    asked = request.args.get("as_of", type=date.fromisoformat)
    as_of = asked or today()
    person, membership, unit = get_member(reading(), paths=scope(Permission.SEE_STANDING), person_id=person_id, on=today())
    standings = own_standing(reading(), catalogue(), person_id, as_of)
    return render_template("certification/person.html", person=person, membership=membership, unit=unit, standings=standings, as_of=as_of, today=today())


@bp.route("/people/<int:person_id>/external/<scheme>", methods=["GET", "POST"])
@permission_required(Permission.CONFIRM_TRAINING)
def external_page(person_id: int, scheme: str) -> str | Response | tuple[str, int]:
    """Enter a certificate from elsewhere."""
    paths = scope(Permission.CONFIRM_TRAINING)
    found = get_scheme(catalogue(), scheme)
    person, _, _ = get_member(reading(), paths=paths, person_id=person_id, on=today())
    form = ExternalForm()
    posted = post(
        form,
        lambda session: record_external(
            session,
            catalogue=catalogue(),
            scheme=scheme,
            person_id=person_id,
            number=form.number.data or "",
            body=form.body.data or "",
            from_on=form.from_on.data or today(),
            until_on=form.until_on.data,
            paths=paths,
            actor_id=current_person().person_id,
            today=today(),
            now=now(),
        ),
    )
    if posted.done:
        flash(gettext("The certificate is recorded and now counts."), "success")
        return redirect(url_for(".person_page", person_id=person_id))
    lead = gettext("Copy it from the paper itself. The site proves who entered it and when; the body that issued it answers for it.")
    return form_page(gettext("Certificate from elsewhere"), lead, form, posted, person_id, person.full_name, found), posted.status


@bp.route("/people/<int:person_id>/trigger/<scheme>", methods=["GET", "POST"])
@permission_required(Permission.CONFIRM_TRAINING)
def trigger_page(person_id: int, scheme: str) -> str | Response | tuple[str, int]:
    """Record what calls for training again."""
    paths = scope(Permission.CONFIRM_TRAINING)
    found = get_scheme(catalogue(), scheme)
    person, _, _ = get_member(reading(), paths=paths, person_id=person_id, on=today())
    form = TriggerForm()
    posted = post(
        form,
        lambda session: add_trigger(
            session,
            catalogue=catalogue(),
            person_id=person_id,
            scheme=scheme,
            kind=form.kind.data,
            on=form.on.data or today(),
            why=form.why.data or "",
            paths=paths,
            actor_id=current_person().person_id,
            today=today(),
            now=now(),
        ),
    )
    if posted.done:
        flash(gettext("Recorded. Training is called for until a new period is confirmed."), "success")
        return redirect(url_for(".person_page", person_id=person_id))
    lead = gettext("From that day the present period no longer suffices, until new training is confirmed.")
    return form_page(gettext("Training is called for again"), lead, form, posted, person_id, person.full_name, found), posted.status


@bp.route("/periods/<int:period_id>/mark", methods=["GET", "POST"])
@permission_required(Permission.CONFIRM_TRAINING)
def mark_page(period_id: int) -> str | Response | tuple[str, int]:
    """Suspend, reinstate or revoke a period."""
    paths = scope(Permission.CONFIRM_TRAINING)
    period = get_period(reading(), period_id=period_id)
    person, _, _ = get_member(reading(), paths=paths, person_id=period.person_id, on=today())
    form = MarkForm()
    posted = post(
        form,
        lambda session: mark_period(
            session,
            period_id=period_id,
            kind=form.kind.data,
            cause=form.cause.data,
            note=form.note.data or "",
            paths=paths,
            actor_id=current_person().person_id,
            today=today(),
            now=now(),
        ),
    )
    if posted.done:
        flash(gettext("The decision is recorded; the public page shows it at once."), "success")
        return redirect(url_for(".person_page", person_id=period.person_id))
    lead = gettext("Nothing is deleted: the document stays and says from when and why it no longer holds.")
    found = get_scheme(catalogue(), period.scheme)
    return form_page(gettext("Suspend or revoke"), lead, form, posted, period.person_id, person.full_name, found), posted.status


def form_page(title: str, lead: str, form: object, posted: Posted, person_id: int, name: str, scheme: object) -> str:
    """A form about one person and scheme."""
    return render_template("certification/form.html", title=title, lead=lead, form=form, refused=posted.words, person_id=person_id, name=name, scheme=scheme)
