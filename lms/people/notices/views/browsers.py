"""The browsers that get messages: what the page's script sends, and taking one away."""

from flask import Response as FlaskResponse
from flask import flash, jsonify, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.errors import Invalid, NotAllowed
from lms.people.access import current_person, login_required
from lms.people.notices.channels.push import browser_of
from lms.people.notices.service.browsers import drop_browser, drop_endpoint, keep_browser
from lms.people.notices.views.blueprint import bp
from lms.people.signing.rules import agent_of
from lms.platform.site import now, site, writing
from lms.web.frame import SHARED


def _sent() -> dict[str, str]:
    """What the script has sent, as texts. Raises Invalid."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or not all(isinstance(value, str) for value in sent.values()):
        raise Invalid("This browser has sent keys that cannot be used.")
    return sent


@bp.post("/browsers")
@login_required
def keep() -> FlaskResponse:
    """Send the own messages to this browser; never to one that several people share."""
    if SHARED in session:
        raise NotAllowed("A shared device gets no messages of one person.")
    sent = _sent()
    browser = browser_of(sent.get("endpoint", ""), sent.get("key", ""), sent.get("secret", ""), hosts=site().settings.push_hosts)
    with writing() as written:
        keep_browser(written, person_id=current_person().person_id, browser=browser, agent=agent_of(request.user_agent.string), now=now())
    flash(gettext("Messages come to this device from now on."), "success")
    return jsonify(next=url_for("notices.choices"))


@bp.post("/browsers/leave")
@login_required
def leave() -> FlaskResponse:
    """Send no messages to this browser any more."""
    with writing() as written:
        drop_endpoint(written, person_id=current_person().person_id, endpoint=_sent().get("endpoint", ""))
    flash(gettext("No messages come to this device any more."), "success")
    return jsonify(next=url_for("notices.choices"))


@bp.post("/browsers/<int:subscription_id>/remove")
@login_required
def remove(subscription_id: int) -> Response:
    """Send no messages to one of the own browsers any more."""
    with writing() as written:
        drop_browser(written, person_id=current_person().person_id, subscription_id=subscription_id)
    flash(gettext("No messages come to that device any more."), "success")
    return redirect(url_for("notices.choices"))
