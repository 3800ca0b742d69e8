"""A person who is expected and has yet to start: time granted beforehand."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.assessment.offerings import OfferingSources
from lms.assessment.service.desk import get_test
from lms.assessment.supervision.forms import TimeForm
from lms.assessment.supervision.service.granted import find_person, grant_time, list_granted
from lms.assessment.supervision.views.blueprint import bp
from lms.assessment.views.blueprint import RUNNERS, desk_scope
from lms.content.access import catalogue
from lms.people.access import permission_required
from lms.platform.site import now, reading, site
from lms.web.posting import post


@bp.route("/people/<int:person_id>/<path:key>", methods=["GET", "POST"])
@permission_required(*RUNNERS)
def person(key: str, person_id: int) -> Response | tuple[str, int]:
    """What the person was granted, and the form that grants more."""
    scope = desk_scope()
    found = find_person(reading(), offering=key, person_id=person_id, scope=scope, on=now().date())
    listed = [one for one in site().part(OfferingSources).listed(reading(), catalogue()) if one.key == key]
    test = get_test(reading(), key=key, scope=scope, listed=listed)
    form = TimeForm()
    asked: dict[str, Any] = {"offering": key, "person_id": person_id, "scope": scope, "minutes": form.minutes.data or 0, "reason": form.reason.data or ""}
    posted = post(form, lambda session: grant_time(session, **asked, now=now()))
    if posted.done:
        flash(gettext("The extra time is granted: it counts in every try that starts from now on."), "success")
        return redirect(url_for(".person", key=key, person_id=person_id), 303)
    granted = list_granted(reading(), offering=key, person_ids=[person_id])
    own = person_id == scope.person_id
    return render_template(
        "supervision/person.html", person=found, test=test, key=key, form=form, refused=posted.words, granted=granted, own=own
    ), posted.status
