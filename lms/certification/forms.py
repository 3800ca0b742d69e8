"""Forms of the certification room."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.people.rules import STAFF_ROLES
from lms.people.words import ROLES, TAGS, WORK_KINDS
from lms.web.forms import SiteForm

CAUSES = [
    SelectChoice("error", _l("Issued by mistake")),
    SelectChoice("evidence", _l("The evidence was found to be false")),
    SelectChoice("issuer", _l("Withdrawn by the issuer")),
    SelectChoice("authority", _l("By decision of an authority")),
    SelectChoice("correction", _l("Replaced by a corrected document")),
]
TRIGGERS = [
    SelectChoice("job_change", _l("A change of job")),
    SelectChoice("technology_change", _l("A change of equipment or technology")),
    SelectChoice("absence", _l("A long absence")),
    SelectChoice("law_change", _l("A change of law or knowledge")),
    SelectChoice("other", _l("Another event")),
]
CHOOSE = _l("Choose one.")
GIVE_REASON = _l("Give the reason, like the article of the law or the rule of the unit.")


def any_of(options: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Choices of which the first asks nothing."""
    return [SelectChoice("", _l("any")), *(SelectChoice(str(value), words) for value, words in options)]


class UnitForm(SiteForm):
    """Which unit and scheme."""

    class Meta:
        """A filter changes nothing."""

        csrf = False

    unit = SelectField(_l("Unit"), validators=[Optional()])
    scheme = SelectField(_l("Scheme"), validators=[Optional()])


class FilterForm(UnitForm):
    """What the desk shows: unit, scheme, date."""

    as_of = DateField(_l("As of"), [Optional()])


class FitnessForm(SiteForm):
    """Whom a gate asks about, for what, on which day."""

    class Meta:
        """Asking changes nothing."""

        csrf = False

    q = StringField(_l("Name, staff code or phone"), [Optional(), Length(max=100)])
    scheme = SelectField(_l("Scheme"), validators=[Optional()])
    as_of = DateField(_l("As of"), [Optional()])


class ForecastForm(UnitForm):
    """For which unit and scheme, and how many can be trained in a month."""

    places = IntegerField(_l("Places a month"), [Optional(), NumberRange(0, 100_000, _l("Give a whole number from 0 to 100,000."))])


class RegisterForm(UnitForm):
    """Which part of the register."""

    from_on = DateField(_l("From"), [Optional()])
    until_on = DateField(_l("Until"), [Optional()])


class PrintForm(SiteForm):
    """How papers are printed."""

    layout = SelectField(
        _l("Layout"),
        choices=[
            SelectChoice("a5", _l("A5, a page for each")),
            SelectChoice("a4", _l("A4, a page for each")),
            SelectChoice("wallet", _l("Cards for the wallet, ten to a sheet of A4")),
        ],
    )
    lang = SelectField(
        _l("Language beside the Vietnamese"),
        choices=[
            SelectChoice("own", _l("that of each person")),
            SelectChoice("vi", _l("none")),
            SelectChoice("zh", "中文"),
            SelectChoice("en", "English"),
        ],
    )
    form = SelectField(_l("File"), choices=[SelectChoice("pdf", _l("one PDF to print")), SelectChoice("zip", _l("a ZIP with a PDF for each"))])


class RequirementForm(SiteForm):
    """A line of the training matrix."""

    scheme = SelectField(_l("Scheme"), [InputRequired(CHOOSE)])
    unit = SelectField(_l("Unit"), validators=[Optional()], description=_l("With everything below it."))
    tag = SelectField(_l("Only units with the tag"), choices=any_of(TAGS.items()), validators=[Optional()])
    position = StringField(_l("Only jobs whose name has the words"), [Optional(), Length(max=120)], description=_l("Accents and case do not matter."))
    kind = SelectField(_l("Only who works here as"), choices=any_of(WORK_KINDS.items()), validators=[Optional()])
    role = SelectField(
        _l("Only who holds the role"), choices=any_of((role, word) for role, word in ROLES.items() if role in STAFF_ROLES), validators=[Optional()]
    )
    from_on = DateField(_l("From"), [InputRequired(_l("Enter the day."))])
    until_on = DateField(_l("Until"), [Optional()])
    reason = StringField(_l("Reason or legal basis"), [InputRequired(GIVE_REASON), Length(max=200)])


class AssignForm(SiteForm):
    """Who needs what from when; the people are ticked in a list beside it."""

    scheme = SelectField(_l("Scheme"), [InputRequired(CHOOSE)])
    from_on = DateField(_l("From"), [InputRequired(_l("Enter the day."))])
    reason = StringField(_l("Reason"), [Optional(), Length(max=200)])


class ConfirmForm(SiteForm):
    """Who confirms, and when; the people are ticked in a list beside it."""

    issuer = SelectField(_l("Issuer"), [InputRequired(CHOOSE)], coerce=int)
    issued_on = DateField(_l("Day of confirmation"), [InputRequired(_l("Enter the day."))])


class ExternalForm(SiteForm):
    """A certificate of another body, from the paper."""

    number = StringField(_l("Number of the certificate"), [InputRequired(_l("Enter the number.")), Length(max=80)])
    body = StringField(_l("Issued by"), [InputRequired(_l("Enter who issued it.")), Length(max=100)])
    from_on = DateField(_l("Valid from"), [InputRequired(_l("Enter the first day."))])
    until_on = DateField(_l("Valid until"), [Optional()])


class TriggerForm(SiteForm):
    """What calls for training again."""

    kind = SelectField(_l("What happened"), [InputRequired(CHOOSE)], choices=TRIGGERS)
    on = DateField(_l("On"), [InputRequired(_l("Enter the day."))])
    why = StringField(_l("Note"), [Optional(), Length(max=200)])


class WaiverForm(SiteForm):
    """For which days somebody is excused from a scheme, and why."""

    from_on = DateField(_l("From"), [InputRequired(_l("Enter the first day."))])
    until_on = DateField(_l("Until (last day)"), [InputRequired(_l("Enter the last day."))])
    reason = StringField(
        _l("Reason"), [InputRequired(_l("Give a reason.")), Length(max=200)], description=_l("The person reads it too; write nothing about an illness.")
    )


class MarkForm(SiteForm):
    """Suspend, reinstate or revoke a period, with the reason."""

    kind = SelectField(
        _l("Decision"),
        [InputRequired(CHOOSE)],
        choices=[
            SelectChoice("suspended", _l("Suspend")),
            SelectChoice("reinstated", _l("Lift the suspension")),
            SelectChoice("revoked", _l("Revoke for good")),
        ],
    )
    cause = SelectField(_l("Reason"), [InputRequired(CHOOSE)], choices=CAUSES)
    note = TextAreaField(_l("Note for the file (not public)"), [Optional(), Length(max=400)])
    sure = BooleanField(_l("I have checked person and document"), [InputRequired(_l("Tick this to go on."))])


class NumberForm(SiteForm):
    """The number of a paper, as printed."""

    class Meta:
        """Asking changes nothing."""

        csrf = False

    number = StringField(_l("Number"), [InputRequired(_l("Enter the number as it is printed.")), Length(max=60)])


class IssuerForm(SiteForm):
    """An employer or a training organisation."""

    code = StringField(_l("Code used in document numbers"), [InputRequired(_l("Enter a short code.")), Length(max=20)])
    name = StringField(_l("Name"), [InputRequired(_l("Enter the name.")), Length(max=200)])
    kind = SelectField(_l("Kind"), choices=[SelectChoice("employer", _l("Employer")), SelectChoice("training_org", _l("Training organisation"))])
    provider_class = SelectField(
        _l("Class of the licence"),
        choices=[SelectChoice("", "–"), SelectChoice("A", "A"), SelectChoice("B", "B"), SelectChoice("C", "C")],
        validators=[Optional()],
    )
    unit = SelectField(_l("Unit"), validators=[Optional()])
