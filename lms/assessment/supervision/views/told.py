"""What a supervisor decided, as its learner reads it."""

from collections.abc import Iterable

from flask_babel import gettext

from lms.assessment.supervision.models import AttemptEvent
from lms.assessment.supervision.views.words import event_text
from lms.platform.site import site


def told_lines(events: Iterable[AttemptEvent]) -> list[str]:
    """Each decision with the time of day and its reason."""
    zone = site().settings.zone
    return [gettext("%(at)s: %(what)s. Reason: %(why)s", at=f"{one.at.astimezone(zone):%H:%M}", what=event_text(one), why=one.reason) for one in events]
