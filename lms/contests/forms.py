"""Forms of the contests room."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from lms.people.forms import options
from lms.web.forms import SiteForm


class PublishForm(SiteForm):
    """A result to be published. base_version: the one that was on the page."""

    state = SelectField(_l("State"), choices=options((("provisional", _l("provisional: one may appeal")), ("final", _l("final")))))
    appeals_until_on = DateField(_l("Last day for appeals"), [Optional()], description=_l("Of a provisional result."))
    reason = TextAreaField(_l("Reason"), [Optional(), Length(max=1000)], description=_l("Of every version after the first; it is published."))
    base_version = IntegerField(widget=HiddenInput())
