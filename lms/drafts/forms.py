"""The form that makes a draft link."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from lms.web.forms import SiteForm

LASTS = {1: _l("1 day"), 7: _l("7 days"), 30: _l("30 days")}


def strip(value: object) -> object:
    """Text without spaces around."""
    return value.strip() if isinstance(value, str) else value


class DraftForm(SiteForm):
    """Which revision, how much of it, for what, and until when."""

    source = SelectField(_l("Content source"), choices=[])
    rev = StringField(_l("Branch, tag or commit"), [InputRequired(_l("Please fill this in.")), Length(max=200)], filters=[strip])
    package = StringField(_l("Only this course or quiz"), [Optional(), Length(max=100)], filters=[strip])
    note = StringField(_l("What it is for"), [Optional(), Length(max=200)], filters=[strip])
    days = RadioField(_l("The link lasts"), coerce=int, choices=[SelectChoice(days, label) for days, label in LASTS.items()], default=7)
