"""Forms of the people room. What a value must be is decided by the rules; the forms say it beside the field."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, Field, IntegerField, PasswordField, SelectField, SelectMultipleField, StringField, TelField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lms.people.models import Unit
from lms.people.rules import Role, looks_like_national_id, normal_phone, staff_code_of
from lms.people.words import KINDS, LANGUAGES, ROLES, TAGS, WORK_KINDS
from lms.web.forms import SiteForm

NEEDED = _l("Please fill this in.")
REQUIRED = InputRequired(NEEDED)


def strip(value: object) -> object:
    """Text without spaces around; nothing for an empty one."""
    return value.strip() or None if isinstance(value, str) else value


def options(choices: Iterable[tuple[object, Any]]) -> list[Any]:
    """What a SelectField chooses among, from pairs of value and label."""
    return [SelectChoice(value, label) for value, label in choices]


def unit_choices(units: Sequence[Unit]) -> list[tuple[int, str]]:
    """Units as a tree in a list: each as far in as it lies below the highest of them."""
    depth = min((unit.path.count("/") for unit in units), default=0)
    return [(unit.id, "\u2003" * (unit.path.count("/") - depth) + unit.name) for unit in units]


class SignInForm(SiteForm):
    """Who, and the secret that proves it."""

    name = StringField(_l("Staff code or phone number"), [InputRequired(_l("Enter your staff code or phone number.")), Length(max=80)])
    secret = PasswordField(_l("PIN or password"), [InputRequired(_l("Enter your PIN or password.")), Length(max=200)])


class SecretForm(SiteForm):
    """An own PIN or password, typed twice."""

    current = PasswordField(_l("Present PIN or password"), [REQUIRED, Length(max=200)])
    chosen = PasswordField(_l("New PIN"), [REQUIRED, Length(max=200)])
    again = PasswordField(_l("The same again"), [REQUIRED, Length(max=200)])

    def validate_again(self, field: Field) -> None:
        """Both must be alike."""
        if field.data != self.chosen.data:
            raise ValidationError(_l("The two entries do not match."))


class LanguageForm(SiteForm):
    """The language that a person wants to read."""

    lang = SelectField(_l("Language"), choices=options(LANGUAGES.items()))


class PersonForm(SiteForm):
    """What is known of a person."""

    full_name = StringField(_l("Full name"), [REQUIRED, Length(max=200)], filters=[strip])
    staff_code = StringField(_l("Staff code"), [Optional(), Length(max=60)], filters=[strip])
    phone = TelField(_l("Phone number"), [Optional(), Length(max=40)], filters=[strip])
    email = EmailField(_l("E-mail"), [Optional(), Length(max=200)], filters=[strip])
    birth_on = DateField(_l("Date of birth"), [Optional()])
    lang = SelectField(_l("Language"), choices=options(LANGUAGES.items()))
    national_id = StringField(_l("National id"), [Optional(), Length(max=40)], filters=[strip])

    def known(self) -> dict[str, Any]:
        """What was filled in, by the names that the services of persons know."""
        names = ("staff_code", "phone", "email", "birth_on", "lang", "national_id")
        return {"full_name": self.full_name.data or "", **{name: self[name].data for name in names}}

    def validate_staff_code(self, field: Field) -> None:
        """In the form of a code; and one of code and phone is needed to sign in."""
        if staff_code_of(field.data) is None:
            raise ValidationError(_l("A staff code has letters, digits and . / - _ (at most 40)."))

    def validate_phone(self, field: Field) -> None:
        """In the form of a phone number."""
        if normal_phone(field.data) is None:
            raise ValidationError(_l("That is not a phone number. Vietnam: 0912 345 678; elsewhere with + and the country: +86 138 1234 5678."))

    def validate_email(self, field: Field) -> None:
        """With an @ in the middle; whether it exists only a message can tell."""
        name, at, host = field.data.partition("@")
        if not (name and at and "." in host) or " " in field.data:
            raise ValidationError(_l("That is not an e-mail address."))

    def validate_national_id(self, field: Field) -> None:
        """In the form of a national id."""
        if not looks_like_national_id(field.data):
            raise ValidationError(_l("A national id has 9 or 12 digits (Vietnam) or 18 places (China)."))

    def validate(self, extra_validators: Any = None) -> bool:
        """One of staff code and phone is needed: people sign in with it."""
        fine = super().validate(extra_validators)
        if not (self.staff_code.data or self.phone.data):
            self.staff_code.errors = [*self.staff_code.errors, _l("Give a staff code or a phone number: the person signs in with one of them.")]
            return False
        return fine


class WorkForm(SiteForm):
    """Where a person works from a day on."""

    unit = SelectField(_l("Unit"), coerce=int)
    position = StringField(_l("Job"), [Optional(), Length(max=120)], filters=[strip])
    work_kind = SelectField(_l("Works here as"), choices=options(WORK_KINDS.items()), default="employee")
    on = DateField(_l("From"), [REQUIRED])


class SecondWorkForm(WorkForm):
    """A job in another unit besides the main one."""


class LeaveForm(SiteForm):
    """The last day of the present work."""

    last_on = DateField(_l("Last day"), [REQUIRED])


class RoleForm(SiteForm):
    """A role over a subtree for some days."""

    role = SelectField(_l("Role"), choices=options((role.value, ROLES[role]) for role in Role))
    scope = SelectField(_l("Over the unit and everything below it"), coerce=int)
    from_on = DateField(_l("From"), [Optional()])
    until_on = DateField(_l("Until (last day)"), [Optional()])


class UnitForm(SiteForm):
    """A unit's name, code and kind."""

    name = StringField(_l("Name"), [REQUIRED, Length(max=200)], filters=[strip])
    code = StringField(_l("Code"), [REQUIRED, Length(max=60)], filters=[strip])
    kind = SelectField(_l("Kind"), choices=options(KINDS.items()))
    tags = SelectMultipleField(
        _l("Tags"), choices=options(TAGS.items()), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False), validators=[Optional()]
    )

    def validate_code(self, field: Field) -> None:
        """In the form of a code."""
        if staff_code_of(field.data or "") is None:
            raise ValidationError(_l("A unit code has letters, digits and . / - _ (at most 40)."))


class ParentForm(SiteForm):
    """The unit above."""

    parent = SelectField(_l("Below"), coerce=int)


class HeadCountForm(SiteForm):
    """An approved head count."""

    n = IntegerField(_l("People, with all units below"), [InputRequired(NEEDED), NumberRange(min=0, max=10_000_000)])
    counted_on = DateField(_l("On"), [REQUIRED])
    approved_by = StringField(_l("Approved by"), [REQUIRED, Length(max=200)], filters=[strip])
    note = StringField(_l("Note"), [Optional(), Length(max=400)], filters=[strip])


class MergeForm(SiteForm):
    """The unit that takes another one over, by its code, and from when."""

    code = StringField(_l("Code of the unit that takes it over"), [REQUIRED, Length(max=60)], filters=[strip])
    on = DateField(_l("From"), [REQUIRED])


class CloseForm(SiteForm):
    """The day from which a unit is closed."""

    on = DateField(_l("Closed from"), [REQUIRED])


def offer(field: SelectField, choices: Iterable[tuple[int, str]]) -> None:
    """Put the choices of this reader into a field."""
    field.choices = options(choices)
