"""The page after a sitting: pass or fail in words, the score, and as much of the review as the policy allows."""

from flask import redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from lms.assessment.guarding import GuardedItems
from lms.assessment.models import Attempt, Result
from lms.assessment.offerings import Offering
from lms.assessment.rules.review import Shown, Why, review_of
from lms.assessment.rules.scoring import by_topic, points_to_pass
from lms.assessment.rules.terms import Terms, may_try_again, tries_left
from lms.assessment.service import tries_used
from lms.assessment.service.look import has_passed, items_of, list_late
from lms.assessment.service.reviewed import list_reviewed
from lms.assessment.service.start import terms_of
from lms.assessment.views.blueprint import bp, find_offering, own_attempt
from lms.assessment.views.topics import topic_name
from lms.clock import to_ms
from lms.content.access import catalogue
from lms.errors import NotFound
from lms.platform.site import now, reading, site


@bp.get("/sittings/<int:attempt_id>/result")
@login_required
def result(attempt_id: int) -> Response | str:
    """The result of the own attempt; an open one goes on."""
    view = own_attempt(attempt_id)
    attempt, scored = view.attempt, view.result
    if attempt.state == "open":
        return redirect(url_for("assessment.sitting", attempt_id=attempt_id), 303)
    if scored is None or attempt.state == "void":
        raise NotFound("This try was voided, so it has no result.")
    terms = Terms.from_json(attempt.rules)
    offering = find_offering(attempt.offering)
    shown, why = _review(attempt, scored, terms, offering)
    left = _left(attempt.person_id, offering)
    return render_template(
        "assessment/result.html",
        attempt=attempt,
        result=scored,
        terms=terms,
        offering=offering,
        left=left,
        late=list_late(reading(), attempt),
        attempt_url=url_for("assessment.before", key=attempt.offering) if offering is not None and left != 0 else None,
        elapsed=clock_of(scored.elapsed_ms),
        need=points_to_pass(terms.pass_percent, scored.max_points) if terms.pass_percent is not None else None,
        topics=by_topic([(item.topic, item.verdict) for item in items_of(scored)]),
        topic_name=topic_name,
        why=why,
        reviewed=list_reviewed(reading(), attempt, scored) if shown is Shown.KEYS else [],
    )


def clock_of(ms: int) -> str:
    """A length of time to the second: 4:05, 1:04:05."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _review(attempt: Attempt, scored: Result, terms: Terms, offering: Offering | None) -> tuple[Shown, Why]:
    """By the terms of the attempt, and no looser than the offering is now: tries added and a close put off later keep the keys back too."""
    now_ms = to_ms(now())
    used = tries_used(reading(), person_id=attempt.person_id, offering=attempt.offering, period=attempt.period)
    again = may_try_again(terms, used, period=attempt.period, now_ms=now_ms)
    if offering is not None:
        again = again or may_try_again(terms_of(offering), used, period=offering.period, now_ms=now_ms)
    passed = bool(scored.passed) or has_passed(reading(), person_id=attempt.person_id, offering=attempt.offering)
    ids = [item.item_id for item in items_of(scored)]
    guarded = site().part(GuardedItems).guarded_until(reading(), catalogue(), ids, now()) is not None  # type: ignore[type-abstract]
    shown, why = review_of(terms, passed=passed, again=again, now_ms=now_ms, guarded=guarded)
    if offering is not None and shown is Shown.KEYS:
        return review_of(terms_of(offering), passed=passed, again=again, now_ms=now_ms, guarded=guarded)
    return shown, why


def _left(person_id: int, offering: Offering | None) -> int | None:
    """Tries left in the present period; None for as many as one likes, or where it is no longer offered."""
    if offering is None:
        return None
    used = tries_used(reading(), person_id=person_id, offering=offering.key, period=offering.period)
    return tries_left(terms_of(offering), used, now_ms=to_ms(now()))
