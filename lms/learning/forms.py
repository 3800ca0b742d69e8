"""Forms of the learning room."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lms.web.forms import SiteForm

MAX_HOURS = 12


class ClassUnitForm(SiteForm):
    """Which unit, and when: the roll follows from both."""

    unit = SelectField(_l("Unit"), coerce=int)
    held_on = DateField(_l("Day of the class"), [InputRequired(_l("Enter the day of the class."))])


def _hours(label: str) -> DecimalField:
    problem = _l("Enter hours between 0 and 12.")
    return DecimalField(label, [Optional(), NumberRange(0, MAX_HOURS, problem)], places=2, render_kw={"inputmode": "decimal"})


class ClassDayForm(ClassUnitForm):
    """A class day with its roll and hours by part."""

    title = StringField(_l("Subject"), [InputRequired(_l("Enter the subject of the class.")), Length(max=200)])
    trainer = StringField(_l("Trainer"), [InputRequired(_l("Enter who taught.")), Length(max=200)])
    place = StringField(_l("Venue"), [Optional(), Length(max=200)])
    schemes = SelectMultipleField(
        _l("Counts for"), [InputRequired(_l("Choose at least one scheme."))], option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    law = _hours(_l("Law, hours"))
    management = _hours(_l("Management, hours"))
    theory = _hours(_l("Theory, hours"))
    practice = _hours(_l("Practice, hours"))
    test = _hours(_l("Test, hours"))
    present = SelectMultipleField(_l("Present"), coerce=int, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))

    def minutes(self) -> dict[str, int]:
        """Whole minutes by part, rounded down."""
        parts = {"law": self.law, "management": self.management, "theory": self.theory, "practice": self.practice, "test": self.test}
        return {part: int((field.data or 0) * 60) for part, field in parts.items()}
