"""Forms of joining."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, IntegerField, PasswordField, SelectField, StringField, TelField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.people.forms import NEEDED, REQUIRED, options, strip
from lms.people.joining.rules import USES_MOST
from lms.people.rules import normal_phone
from lms.people.words import LANGUAGES
from lms.web.forms import SiteForm


class CodeForm(SiteForm):
    """The code that somebody was given."""

    code = StringField(_l("Code"), [REQUIRED, Length(max=20)], filters=[strip])


class JoinForm(SiteForm):
    """Whoever joins: a name, a phone number to sign in with, a PIN, and that they agree."""

    full_name = StringField(_l("Full name"), [REQUIRED, Length(max=200)], filters=[strip])
    phone = TelField(_l("Phone number"), [REQUIRED, Length(max=40)], filters=[strip])
    pin = PasswordField(_l("Choose a PIN"), [REQUIRED, Length(max=200)])
    again = PasswordField(_l("The same again"), [REQUIRED, Length(max=200)])
    lang = SelectField(_l("Language"), choices=options(LANGUAGES.items()))
    agreed = BooleanField(_l("I have read what is kept of me, and agree"), [InputRequired(NEEDED)])

    def validate_phone(self, field: Field) -> None:
        """In the form of a phone number."""
        if normal_phone(field.data) is None:
            raise ValidationError(_l("That is not a phone number. Vietnam: 0912 345 678; elsewhere with + and the country: +86 138 1234 5678."))

    def validate_again(self, field: Field) -> None:
        """Both must be alike."""
        if field.data != self.pin.data:
            raise ValidationError(_l("The two entries do not match."))


class NewCodeForm(SiteForm):
    """A code to give out."""

    unit = SelectField(_l("Unit"), coerce=int)
    until_on = DateField(_l("Until (last day)"), [REQUIRED])
    most_uses = IntegerField(_l("For at most so many people"), [Optional(), NumberRange(min=1, max=USES_MOST)])
    approved = BooleanField(_l("Somebody of the unit looks at each before they are let in"), default=True)
