"""What topics and paces are called."""

from flask_babel import lazy_gettext as _l

from lms.people.notices.rules import Topic
from lms.platform.rules import phrase

TOPICS = {
    Topic.ACCOUNT: phrase("My account"),
    Topic.TRAINING: phrase("Training to do"),
    Topic.CERTIFICATE: phrase("My certificates"),
    Topic.TEST: phrase("Tests and results"),
    Topic.CONTEST: phrase("Contests"),
    Topic.DESK: phrase("Work at a desk"),
}
PACES = {
    "at_once": _l("At once, one for each"),
    "daily": _l("Once a day, together"),
    "weekly": _l("On Mondays, together"),
    "off": _l("Never"),
}
