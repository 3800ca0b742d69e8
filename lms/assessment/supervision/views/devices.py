"""Whether a sitting belongs to the device that asks, and what another one is told."""

from flask import after_this_request, make_response, render_template
from werkzeug.wrappers import Response

from lms.assessment.models import Attempt
from lms.assessment.rules.terms import Terms
from lms.assessment.supervision.service.signs import claim_device
from lms.assessment.supervision.views.signs import device_ref
from lms.people.device import find_device, give_device, present_device
from lms.platform.site import now, writing

LOCKED = 423


def is_here(attempt: Attempt) -> bool:
    """Whether the browser that asks may answer; one that finds the attempt freed takes it, and one that finds it taken is noted."""
    if attempt.device is None:
        return True
    device = find_device()
    if device is not None and device == attempt.device:
        return True
    if device is None:
        after_this_request(give_device)
    with writing() as session:
        name = present_device()
        return claim_device(session, attempt_id=attempt.id, person_id=attempt.person_id, device=name, ref=device_ref(device or "unknown"), now=now())


def elsewhere(attempt: Attempt, kept: str = "") -> Response:
    """The page of a device that the attempt does not belong to, with an answer that was just sent from it, so that nobody has to write it again."""
    title = Terms.from_json(attempt.rules).title
    return make_response(render_template("supervision/elsewhere.html", attempt=attempt, title=title, kept=kept), LOCKED)
