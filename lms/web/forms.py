"""The base of every form: what WTForms itself says about a field comes from our catalogues."""

from flask_wtf import FlaskForm

from lms.platform.i18n import gettext
from lms.platform.rules import phrase

WTFORMS = (
    phrase("CSRF failed."),
    phrase("CSRF token expired."),
    phrase("CSRF token missing."),
    phrase("Choices cannot be None."),
    phrase("Date must be at least %(min)s."),
    phrase("Date must be at most %(max)s."),
    phrase("Date must be between %(min)s and %(max)s."),
    phrase("Field cannot be longer than %(max)d character."),
    phrase("Field cannot be longer than %(max)d characters."),
    phrase("Field must be at least %(min)d character long."),
    phrase("Field must be at least %(min)d characters long."),
    phrase("Field must be between %(min)d and %(max)d characters long."),
    phrase("Field must be equal to %(other_name)s."),
    phrase("Field must be exactly %(max)d character long."),
    phrase("Field must be exactly %(max)d characters long."),
    phrase("Invalid CSRF Token."),
    phrase("Invalid Choice: could not coerce."),
    phrase("Invalid IP address."),
    phrase("Invalid Mac address."),
    phrase("Invalid URL."),
    phrase("Invalid UUID."),
    phrase("Invalid choice(s): one or more data inputs could not be coerced."),
    phrase("Invalid email address."),
    phrase("Invalid field name '%s'."),
    phrase("Invalid input."),
    phrase("Invalid value, can't be any of: %(values)s."),
    phrase("Invalid value, must be one of: %(values)s."),
    phrase("Not a valid choice."),
    phrase("Not a valid date value."),
    phrase("Not a valid datetime value."),
    phrase("Not a valid decimal value."),
    phrase("Not a valid float value."),
    phrase("Not a valid integer value."),
    phrase("Not a valid time value."),
    phrase("Not a valid week value."),
    phrase("Number must be at least %(min)s."),
    phrase("Number must be at most %(max)s."),
    phrase("Number must be between %(min)s and %(max)s."),
    phrase("This field cannot be edited."),
    phrase("This field is disabled and cannot have a value."),
    phrase("This field is required."),
    phrase("'%(value)s' are not valid choices for this field."),
    phrase("'%(value)s' is not a valid choice for this field."),
)
"""Every message of the library, so that the catalogues hold it; tests/web/test_words.py compares it with what is installed."""


class SiteTranslations:
    """What WTForms asks for words: each text looked up in our catalogues in the reader's language."""

    def gettext(self, message: str) -> str:
        """A message of the library, its places unfilled."""
        return gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """A message for one or for several, its places unfilled; each is a text of its own in the catalogues."""
        return gettext(singular if n == 1 else plural)


TRANSLATIONS = SiteTranslations()


class SiteForm(FlaskForm):
    """A form of any room."""

    class Meta:
        """Where the words come from; the library joins it with the base's own."""

        def get_translations(self, form: FlaskForm) -> SiteTranslations:  # noqa: ARG002  (the library hands the form over)
            """Ours, in every language; WTForms has no Vietnamese."""
            return TRANSLATIONS
