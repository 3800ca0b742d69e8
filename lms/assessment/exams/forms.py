"""Forms of exams. Times are those of the site's zone, as people write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.assessment.exams.models import Exam
from lms.assessment.exams.service.making import MOST_TRIES, Plan
from lms.assessment.supervision.forms import ReasonForm
from lms.assessment.supervision.service.reasons import REASON_MOST
from lms.people.forms import REQUIRED, options
from lms.web.forms import SiteForm

MINUTE = "%Y-%m-%dT%H:%M"
REVIEWS = {
    "after_close": _l("Score at once; right answers after the exam has closed for everybody"),
    "never": _l("Score only; right answers are never shown"),
    "after_submit": _l("Right answers once passed or no try is left, and not before the close"),
}
"""What candidates see afterwards."""


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """A wall-clock time of the site's zone as an instant."""
    return local.replace(tzinfo=zone).astimezone(UTC)


class ExamForm(SiteForm):
    """Everything that an exam is."""

    title = StringField(_l("Title"), [REQUIRED, Length(max=200)])
    quiz = SelectField(_l("Quiz"))
    unit = SelectField(_l("Unit"), coerce=int, description=_l("Everyone who works in it or below it is expected, unless you list people."))
    people = TextAreaField(
        _l("Only these people"), [Optional(), Length(max=60_000)], description=_l("Staff codes or phone numbers, one a line. Empty: everyone of the unit.")
    )
    opens_at = DateTimeLocalField(_l("Opens"), [REQUIRED], format=MINUTE)
    closes_at = DateTimeLocalField(_l("Closes"), [REQUIRED], format=MINUTE, description=_l("Nobody answers after this. Who starts late has less time."))
    attempts = IntegerField(_l("Tries"), [REQUIRED, NumberRange(1, MOST_TRIES)], default=1)
    code = StringField(
        _l("Access code"), [Optional(), Length(max=20)], description=_l("4 to 12 letters and digits, shown in the exam room and typed before the start.")
    )
    networks = TextAreaField(
        _l("Only from these addresses"), [Optional(), Length(max=2000)], description=_l("Ranges like 10.20.0.0/16. They are asked at the start of a sitting.")
    )
    one_device = BooleanField(_l("One device only"), description=_l("Who starts on a device answers there; a supervisor can free the sitting for another one."))
    watch = BooleanField(
        _l("Note when the page is left and when text is pasted"), description=_l("Candidates are told beforehand. You see facts, not verdicts.")
    )
    review = SelectField(_l("Shown afterwards"), choices=options(REVIEWS.items()))

    def plan(self, zone: ZoneInfo) -> Plan:
        """What was asked for."""
        assert self.opens_at.data is not None
        assert self.closes_at.data is not None
        return Plan(
            title=self.title.data or "",
            quiz=self.quiz.data or "",
            unit_id=self.unit.data,
            people=self.people.data or "",
            opens_at=instant_of(self.opens_at.data, zone),
            closes_at=instant_of(self.closes_at.data, zone),
            attempts=self.attempts.data or 1,
            code=self.code.data or "",
            networks=self.networks.data or "",
            one_device=self.one_device.data,
            watch=self.watch.data,
            review=self.review.data or "after_close",
        )


def as_given(exam: Exam, people: str, zone: ZoneInfo) -> dict[str, object]:
    """What a form shows of an exam that is there."""
    return {
        "title": exam.title,
        "quiz": exam.quiz,
        "unit": exam.unit_id,
        "people": people,
        "opens_at": exam.opens_at.astimezone(zone),
        "closes_at": exam.closes_at.astimezone(zone),
        "attempts": exam.attempts,
        "code": exam.code,
        "networks": exam.networks.replace(" ", "\n"),
        "one_device": exam.one_device,
        "watch": exam.watch,
        "review": exam.review,
    }


class CloseForm(ReasonForm):
    """Another close of a room, and why."""

    closes_at = DateTimeLocalField(_l("New close"), [InputRequired(_l("Please fill this in."))], format=MINUTE)


class PeopleForm(SiteForm):
    """Who is to sit an open exam as well, and why."""

    people = TextAreaField(
        _l("People to add"), [InputRequired(_l("Please fill this in.")), Length(max=60_000)], description=_l("Staff codes or phone numbers, one a line.")
    )
    reason = StringField(_l("Reason (it stays on record)"), [InputRequired(_l("Please fill this in.")), Length(max=REASON_MOST)])


class CodeForm(ReasonForm):
    """Another access code, and why."""

    code = StringField(_l("New access code"), [InputRequired(_l("Please fill this in.")), Length(max=20)])
