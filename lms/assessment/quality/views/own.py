"""A learner says that something is wrong with a question of an own paper."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.assessment.models import Attempt
from lms.assessment.quality.forms import OUTCOMES, REASONS, ReportForm
from lms.assessment.quality.service.reports import WORDS_MOST, list_own, report_item
from lms.assessment.rules.terms import Terms
from lms.assessment.service.papers import item_ids
from lms.assessment.service.sheet import list_questions
from lms.assessment.views.blueprint import bp, own_attempt
from lms.errors import NotFound
from lms.people.access import current_person, login_required
from lms.platform.site import now, reading
from lms.web.posting import post


@bp.route("/sittings/<int:attempt_id>/questions/<item_id>/report", methods=["GET", "POST"])
@login_required
def report_question(attempt_id: int, item_id: str) -> str | tuple[str, int] | Response:
    """The form, while the paper is sat with its question above it; afterwards only with its number, since the review decides what is shown then."""
    attempt = own_attempt(attempt_id).attempt
    ids = item_ids(attempt.paper)
    if item_id not in ids:
        raise NotFound("There is no such question in your papers.")
    n = ids.index(item_id) + 1
    form = ReportForm()
    person_id = current_person().person_id
    done = post(
        form,
        lambda session: report_item(
            session, attempt_id=attempt_id, person_id=person_id, item_id=item_id, reason=str(form.reason.data), words=form.words.data or "", now=now()
        ),
    )
    back = _back(attempt, n)
    if done.done:
        flash(gettext("Thank you. A trainer will look at question %(n)s; the answer will stand with your result.", n=n), "success")
        return redirect(back, 303)
    questions = list_questions(reading(), attempt)[0] if attempt.state == "open" else []
    page = render_template(
        "assessment/quality/report_question.html",
        n=n,
        title=Terms.from_json(attempt.rules).title,
        back=back,
        form=form,
        refused=done.words,
        q=questions[n - 1] if questions else None,
        own=list_own(reading(), attempt_id=attempt_id).get(item_id),
        reasons=REASONS,
        outcomes=OUTCOMES,
        most=WORDS_MOST,
    )
    return page, done.status


def _back(attempt: Attempt, n: int) -> str:
    if attempt.state == "open":
        return url_for("assessment.sitting", attempt_id=attempt.id, n=n)
    return url_for("assessment.result", attempt_id=attempt.id)
