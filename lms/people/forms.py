"""Forms of the people room."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length


class SignInForm(FlaskForm):
    """Who, and the secret that proves it."""

    name = StringField(_l("Staff code or phone number"), [InputRequired(_l("Enter your staff code or phone number.")), Length(max=80)])
    secret = PasswordField(_l("PIN or password"), [InputRequired(_l("Enter your PIN or password.")), Length(max=200)])
