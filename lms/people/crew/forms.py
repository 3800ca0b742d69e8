"""Forms of crew mode."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from lms.people.crew.rules import LABEL_MOST
from lms.people.forms import REQUIRED, strip
from lms.web.forms import SiteForm


class OpenForm(SiteForm):
    """Let this device be shared."""

    unit = SelectField(_l("Unit"), coerce=int)
    label = StringField(_l("Name of the device, as it stands on it"), [REQUIRED, Length(max=LABEL_MOST)], filters=[strip])
    until_on = DateField(_l("Until (last day)"), [REQUIRED])


class WhoForm(SiteForm):
    """Who is at the device: by badge, staff code, phone number or words of the name."""

    who = StringField(_l("Scan your badge, or type your staff code or name"), [REQUIRED, Length(max=400)], filters=[strip])


class PinForm(SiteForm):
    """The PIN of who is at the device."""

    secret = PasswordField(_l("PIN"), [InputRequired(_l("Enter your PIN.")), Length(max=200)])
