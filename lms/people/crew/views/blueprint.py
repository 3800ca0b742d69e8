"""The blueprint of crew mode, and what ends the session of somebody who has gone away from a shared device."""

from flask import Blueprint, session
from flask_login import current_user, logout_user

from lms.clock import to_ms
from lms.people.crew.rules import has_gone
from lms.platform.site import now
from lms.web.frame import SHARED

bp = Blueprint("crew", __name__, template_folder="../templates")
SEEN_EVERY_MS = 30_000


@bp.before_app_request
def _leave_the_gone() -> None:
    """Whoever has not asked for anything for a while has gone: the next at the device is somebody else."""
    seen_ms = session.get(SHARED)
    if seen_ms is None:
        return
    at = to_ms(now())
    if has_gone(seen_ms, at):
        if current_user.is_authenticated:
            logout_user()
        session.clear()
    elif at - seen_ms > SEEN_EVERY_MS:
        session[SHARED] = at
