"""Forms of supervision: a reason always, minutes where time is given."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from lms.assessment.supervision.rules.time import MOST_S
from lms.assessment.supervision.service.reasons import REASON_MOST
from lms.web.forms import SiteForm


class ReasonForm(SiteForm):
    """Why."""

    reason = StringField(
        _l("Reason (the learner sees it)"), [InputRequired(_l("Give a reason. The learner sees it, and it stays on record.")), Length(max=REASON_MOST)]
    )


class TimeForm(ReasonForm):
    """How many minutes, and why."""

    minutes = IntegerField(_l("Minutes"), [InputRequired(_l("Give whole minutes.")), NumberRange(1, MOST_S // 60, _l("Give from 1 to 720 minutes."))])
