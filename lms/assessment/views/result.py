"""The page after a sitting: pass or fail in words, the score, and as much of the review as the policy allows."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from lms.assessment.models import Attempt, Result
from lms.assessment.offerings import Offering
from lms.assessment.on_paper.service.correcting import find_entry
from lms.assessment.quality.forms import OUTCOMES, REASONS
from lms.assessment.quality.service.reports import list_own as list_own_reports
from lms.assessment.rules.review import KEYS, Why, parts_of
from lms.assessment.rules.scoring import by_topic, points_to_pass
from lms.assessment.rules.sections import by_section
from lms.assessment.rules.terms import ReviewPart, Terms, may_try_again, tries_left
from lms.assessment.service import tries_used
from lms.assessment.service.history import list_told as list_corrections
from lms.assessment.service.history import list_versions
from lms.assessment.service.late import late_outcomes
from lms.assessment.service.look import has_passed, items_of
from lms.assessment.service.notices import watch_of
from lms.assessment.service.own import list_own
from lms.assessment.service.practised import KEPT, with_result
from lms.assessment.service.retaking import before_next
from lms.assessment.service.reviewed import list_reviewed
from lms.assessment.service.start import terms_of
from lms.assessment.supervision.service.sheet import list_told
from lms.assessment.supervision.views.told import told_lines
from lms.assessment.views.blueprint import bp, find_offering, is_guarded, own_attempt
from lms.assessment.views.topics import topic_name
from lms.clock import to_ms
from lms.people.access import login_required
from lms.platform.site import now, reading, site


@bp.get("/sittings/<int:attempt_id>/result")
@login_required
def result(attempt_id: int) -> Response | str:
    """The result of the own attempt; an open one goes on."""
    view = with_result(reading(), own_attempt(attempt_id))
    attempt, scored = view.attempt, view.result
    if attempt.state == "open":
        return redirect(url_for("assessment.sitting", attempt_id=attempt_id), 303)
    told = told_lines(list_told(reading(), attempt_id=attempt_id))
    if attempt.state == "void":
        return render_template("supervision/void.html", attempt=attempt, title=Terms.from_json(attempt.rules).title, told=told)
    assert scored is not None
    terms = Terms.from_json(attempt.rules)
    offering = find_offering(attempt.offering)
    parts, why = _review(attempt, scored, terms, offering)
    corrected = watch_of(site().db).notices(attempt.id, now()) or scored.version > 1
    versions = list_versions(reading(), attempt_id=attempt.id) if corrected else []
    left = _left(attempt.person_id, offering)
    items = items_of(scored)
    before = before_next(reading(), person_id=attempt.person_id, offering=offering, now=now(), zone=site().settings.zone) if offering and left != 0 else None
    return render_template(
        "assessment/result.html",
        attempt=attempt,
        result=scored,
        terms=terms,
        offering=offering,
        left=left,
        late=late_outcomes(reading(), attempt_id=attempt.id),
        versions=versions,
        corrections=list_corrections(reading(), attempt, scored, versions) if corrected else [],
        attempt_url=url_for("assessment.before", key=attempt.offering) if offering is not None and left != 0 else None,
        elapsed=clock_of(scored.elapsed_ms),
        need=points_to_pass(terms.pass_percent, scored.max_points) if terms.pass_percent is not None else None,
        topics=by_topic([(item.topic, item.verdict) for item in items]),
        sections=by_section(items, terms.sections, below_zero=terms.below_zero),
        before=before,
        parts=parts,
        topic_name=topic_name,
        told=told,
        why=why,
        practice_days=KEPT.days,
        on_paper=find_entry(reading(), attempt_id=attempt.id),
        reports=list_own_reports(reading(), attempt_id=attempt.id),
        numbers={item.item_id: n for n, item in enumerate(items, 1)},
        reasons=REASONS,
        outcomes=OUTCOMES,
        reviewed=list_reviewed(reading(), attempt, scored) if parts & KEYS else [],
        own=list_own(reading(), attempt, scored) if "own" in parts and not parts & KEYS else [],
    )


def clock_of(ms: int) -> str:
    """A length of time to the second: 4:05, 1:04:05."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _review(attempt: Attempt, scored: Result, terms: Terms, offering: Offering | None) -> tuple[frozenset[ReviewPart], Why]:
    """By the terms of the attempt, and no looser than the offering is now: tries added and a close put off later keep the keys back too."""
    now_ms = to_ms(now())
    used = tries_used(reading(), person_id=attempt.person_id, offering=attempt.offering, period=attempt.period)
    again = may_try_again(terms, used, period=attempt.period, now_ms=now_ms)
    if offering is not None:
        again = again or may_try_again(terms_of(offering), used, period=offering.period, now_ms=now_ms)
    passed = bool(scored.passed) or has_passed(reading(), person_id=attempt.person_id, offering=attempt.offering)
    guarded = is_guarded(attempt, [item.item_id for item in items_of(scored)])
    parts, why = parts_of(terms, passed=passed, again=again, now_ms=now_ms, guarded=guarded)
    if offering is not None and parts - {"score"}:
        present, why = parts_of(terms_of(offering), passed=passed, again=again, now_ms=now_ms, guarded=guarded)
        return parts & present, why
    return parts, why


def _left(person_id: int, offering: Offering | None) -> int | None:
    """Tries left in the present period; None for as many as one likes, or where it is no longer offered."""
    if offering is None:
        return None
    used = tries_used(reading(), person_id=person_id, offering=offering.key, period=offering.period)
    return tries_left(terms_of(offering), used, now_ms=to_ms(now()))
