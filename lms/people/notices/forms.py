"""The form of what one wants to get where."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from lms.people.forms import options
from lms.people.notices.rules import Choice, Quiet, Topic, clock_of, minute_of
from lms.people.notices.words import PACES
from lms.web.forms import SiteForm


class TimeInput(TextInput):
    """A time of the day."""

    input_type = "time"


class ChoicesForm(SiteForm):
    """How often e-mail comes, whether the gateway is used, which topics go out, and when nothing does."""

    mail = SelectField(_l("E-mail"), choices=options(PACES.items()))
    hook = BooleanField(_l("Messages through the site's gateway, like Zalo or WeCom"))
    topics = SelectMultipleField(
        _l("What is sent out"),
        description=_l("What is left out still stands in the list of notices. What concerns your account is always sent."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    quiet_from = StringField(_l("Quiet from"), [Length(max=5)], widget=TimeInput(), description=_l("Nothing is sent then; it comes afterwards."))
    quiet_until = StringField(_l("Quiet until"), [Length(max=5)], widget=TimeInput())

    def validate_quiet_from(self, field: StringField) -> None:
        """A time of the day."""
        _minute(field)

    def validate_quiet_until(self, field: StringField) -> None:
        """A time of the day."""
        _minute(field)

    def chosen(self, former: Choice) -> Choice:
        """What was chosen; what is not offered to this person stays as it was."""
        offered = frozenset(Topic(value) for value, *_ in self.topics.iter_choices())
        muted = (former.muted - offered) | (offered - frozenset(Topic(one) for one in self.topics.data or ()))
        mail = self.mail.data if "mail" in self else former.mail
        hook = bool(self.hook.data) if "hook" in self else former.hook
        return Choice(Quiet(_minute(self.quiet_from), _minute(self.quiet_until)), mail, hook, muted)


def _minute(field: StringField) -> int:
    found = minute_of(field.data or "")
    if found is None:
        raise ValidationError(_l("Give a time of the day, like 21:30."))
    return found


def values_of(choice: Choice) -> dict[str, object]:
    """What stands in the form for a choice."""
    return {
        "mail": choice.mail,
        "hook": choice.hook,
        "topics": [topic.value for topic in Topic if topic not in choice.muted],
        "quiet_from": clock_of(choice.quiet.since),
        "quiet_until": clock_of(choice.quiet.until),
    }
