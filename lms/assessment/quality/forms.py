"""Forms about reports."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from lms.assessment.quality.service.reports import WORDS_MOST
from lms.web.forms import SiteForm

REASONS = {
    "unclear": _l("I do not understand what is asked"),
    "key": _l("What counts as right seems wrong to me"),
    "picture": _l("A picture is missing or cannot be read"),
    "translation": _l("The translation is wrong"),
    "other": _l("Something else"),
}
OUTCOMES = {"done": _l("Mended, or will be"), "declined": _l("Stays as it is")}


class ReportForm(SiteForm):
    """What a learner finds wrong."""

    reason = RadioField(
        _l("What is wrong?"),
        [InputRequired(_l("Choose what is wrong with the question."))],
        choices=[SelectChoice(value, words) for value, words in REASONS.items()],
    )
    words = TextAreaField(_l("In a few words"), [Optional(), Length(max=WORDS_MOST)])


class ReplyForm(SiteForm):
    """What a trainer answers."""

    outcome = RadioField(
        _l("What comes of it?"),
        [InputRequired(_l("Say whether the question was mended or stays as it is."))],
        choices=[SelectChoice(value, words) for value, words in OUTCOMES.items()],
    )
    words = TextAreaField(_l("Words for the learner"), [Optional(), Length(max=WORDS_MOST)])
