"""Forms of tests on paper."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, DateTimeLocalField, FileField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.assessment.on_paper.service.correcting import REASON_MOST
from lms.assessment.on_paper.service.variants import MOST
from lms.platform.i18n import LANGUAGES
from lms.platform.site import site
from lms.web.forms import SiteForm

MINUTE = "%Y-%m-%dT%H:%M"


class BatchForm(SiteForm):
    """Which variants to make."""

    count = IntegerField(_l("How many variants"), [InputRequired(), NumberRange(1, MOST)], default=4)
    lang = SelectField(_l("Language of the paper"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()])
    mixed = SelectField(
        _l("Questions of the variants"),
        choices=[
            SelectChoice("order", _l("The same in every variant, in another order")),
            SelectChoice("draw", _l("Drawn anew for every variant, as on the site")),
        ],
    )
    place = StringField(_l("Unit or place, as printed"), [Optional(), Length(max=200)])
    held_on = DateField(_l("Day of the test, as printed"), [Optional()])


class HeldForm(SiteForm):
    """When the sheets were sat."""

    held_at = DateTimeLocalField(_l("Sat at (beginning, the site's time)"), [InputRequired()], format=MINUTE)

    def instant(self) -> datetime:
        """The beginning as an instant."""
        local = self.held_at.data
        assert local is not None
        return local.replace(tzinfo=site().settings.zone)


class EntryForm(HeldForm):
    """One sheet."""

    code = StringField(_l("Staff code"), [InputRequired(), Length(max=40)])
    variant = StringField(_l("Variant"), [InputRequired(), Length(max=10)])
    row = StringField(_l("Answers"), [Optional(), Length(max=2000)])
    again = StringField(_l("Answers, typed a second time"), [Optional(), Length(max=2000)])
    twice = BooleanField(_l("Type every row twice"))


class SheetForm(HeldForm):
    """A file with the answers of many."""

    file = FileField(_l("Excel or CSV file"))


class CorrectionForm(SiteForm):
    """Other answers, and why."""

    row = StringField(_l("Answers"), [Optional(), Length(max=2000)])
    reason = TextAreaField(_l("Why it is corrected"), [InputRequired(), Length(max=REASON_MOST)])
