"""The own sessions on devices."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.people.access import current_person, login_required
from lms.people.signing.service.sessions import end, end_others, list_sessions
from lms.people.signing.views.blueprint import bp
from lms.people.signing.words import HOW, agent_words
from lms.platform.site import now, reading, writing


@bp.get("/me/devices")
@login_required
def devices() -> str:
    """Where one is signed in."""
    listed = list_sessions(reading(), person_id=current_person().person_id)
    return render_template("signing/devices.html", listed=listed, here=current_person().session_id, agent_words=agent_words, how=HOW)


@bp.post("/me/devices/<int:session_id>/end")
@login_required
def end_device(session_id: int) -> Response:
    """Sign out there."""
    with writing() as session:
        end(session, person_id=current_person().person_id, session_id=session_id, now=now())
    flash(gettext("Signed out there."), "success")
    return redirect(url_for("signing.devices"))


@bp.post("/me/devices/end-others")
@login_required
def end_other_devices() -> Response:
    """Sign out everywhere but here."""
    with writing() as session:
        end_others(session, person_id=current_person().person_id, session_id=current_person().session_id, now=now())
    flash(gettext("Signed out on all other devices."), "success")
    return redirect(url_for("signing.devices"))
