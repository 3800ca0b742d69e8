"""An officer excuses somebody from a scheme for some days, or ends that."""

from flask import flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.certification.forms import WaiverForm
from lms.certification.scheme_terms import get_scheme
from lms.certification.service.records import get_member
from lms.certification.service.waivers import end_waiver, waive
from lms.certification.views.desk import bp
from lms.certification.views.person import form_page
from lms.content.access import catalogue
from lms.people.access import current_person, permission_required, scope
from lms.people.rules import Permission
from lms.platform.site import now, reading, today
from lms.web.posting import post


@bp.route("/people/<int:person_id>/waiver/<scheme>", methods=["GET", "POST"])
@permission_required(Permission.CONFIRM_TRAINING)
def waiver_page(person_id: int, scheme: str) -> str | Response | tuple[str, int]:
    """Excuse a person from a scheme."""
    paths = scope(Permission.CONFIRM_TRAINING)
    found = get_scheme(catalogue(), scheme)
    person, _, _ = get_member(reading(), paths=paths, person_id=person_id, on=today())
    form = WaiverForm(from_on=today())
    posted = post(
        form,
        lambda session: waive(
            session,
            catalogue=catalogue(),
            person_id=person_id,
            scheme=scheme,
            from_on=form.from_on.data or today(),
            until_on=form.until_on.data or today(),
            reason=form.reason.data or "",
            paths=paths,
            actor_id=current_person().person_id,
            today=today(),
            now=now(),
        ),
    )
    if posted.done:
        flash(gettext("The waiver is recorded. It ends by itself after its last day."), "success")
        return redirect(url_for(".person_page", person_id=person_id))
    lead = gettext("Until the last day the person does not count as missing. The standing stays as it is: nobody is fit for work by a waiver.")
    return form_page(gettext("Waive for some days"), lead, form, posted, person_id, person.full_name, found), posted.status


@bp.post("/waivers/<int:waiver_id>/end")
@permission_required(Permission.CONFIRM_TRAINING)
def end_waiver_now(waiver_id: int) -> Response:
    """From today on a waiver holds no more."""
    officer = current_person().person_id
    posted = post(
        None,
        lambda session: (
            end_waiver(session, waiver_id=waiver_id, paths=scope(Permission.CONFIRM_TRAINING), actor_id=officer, today=today(), now=now()).person_id
        ),
    )
    if not posted.done:
        flash(posted.words or "", "error")
        return redirect(url_for(".index"))
    flash(gettext("The waiver has ended."), "success")
    return redirect(url_for(".person_page", person_id=posted.made))
