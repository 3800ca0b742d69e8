"""The page before a sitting: what it is and what it will ask, then the start."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.assessment.offerings import Offering
from lms.assessment.rules.scoring import in_hundredths
from lms.assessment.rules.terms import deadline_of, is_late, may_try_again, tries_left
from lms.assessment.service import AttemptOpen, find_open, list_attempts, start_attempt, tries_used
from lms.assessment.service.papers import has_critical, has_essay
from lms.assessment.service.practised import KEPT
from lms.assessment.service.retaking import before_next
from lms.assessment.service.start import terms_of
from lms.assessment.supervision.service.granted import granted_s
from lms.assessment.views.blueprint import bp, get_offering, own_attempt
from lms.clock import to_ms
from lms.content.catalogue import Quiz
from lms.content.policy import Section
from lms.errors import SiteError
from lms.people.access import current_person, login_required
from lms.people.device import give_device, present_device
from lms.platform.i18n import current_lang, say
from lms.platform.site import now, reading, site, today, writing


@bp.get("/offerings/<path:key>")
@login_required
def before(key: str) -> str:
    """What it is, how long, how many tries, what passes, what is shown afterwards; and the button that starts or goes on."""
    offering = get_offering(key)
    person_id = current_person().person_id
    open_one = find_open(reading(), person_id=person_id, offering=key)
    if open_one is not None and is_late(open_one.deadline_at, open_one.grace_s, now()):
        own_attempt(open_one.id)
        open_one = None
    used = tries_used(reading(), person_id=person_id, offering=key, period=offering.period)
    extra_s = granted_s(reading(), person_id=person_id, offering=key)
    terms = terms_of(offering)
    left = tries_left(terms, used, now_ms=to_ms(now()))
    before_it = before_next(reading(), person_id=person_id, offering=offering, now=now(), zone=site().settings.zone) if left != 0 else None
    pool = [digest for line in offering.quiz.draws for digest in line.digests]
    return render_template(
        "assessment/before.html",
        offering=offering,
        open_one=open_one,
        used=used,
        left=left,
        policy=offering.quiz.policy,
        sections=_sections(offering.quiz),
        marks=in_hundredths(offering.scored_by),
        before_it=before_it,
        practice_days=KEPT.days,
        again=may_try_again(terms, used, period=offering.period, now_ms=to_ms(now())),
        state=_state(offering),
        ends_at=deadline_of(now(), offering.quiz.time_limit_s + extra_s, offering.closes_at),
        extra_s=extra_s,
        critical=has_critical(reading(), pool),
        essay=has_essay(reading(), pool),
        attempts=[view for view in list_attempts(reading(), person_id=person_id, offerings=[key]) if view.result is not None and view.attempt.state != "open"],
    )


def _sections(quiz: Quiz) -> list[tuple[Section, int]]:
    """The sections with how many questions each has."""
    found, begin = [], 0
    for section in quiz.policy.sections:
        found.append((section, sum(draw.item_count for draw in quiz.draws[begin : begin + section.lines])))
        begin += section.lines
    return found


def _state(offering: Offering) -> str:
    if offering.opens_at is not None and now() < offering.opens_at:
        return "before"
    return "closed" if offering.closes_at is not None and now() >= offering.closes_at else "open"


@bp.post("/offerings/<path:key>")
@login_required
def start(key: str) -> Response:
    """Start an attempt, or go on with the one that is open."""
    offering = get_offering(key)
    person_id = current_person().person_id
    refused = _refused(offering, person_id)
    if refused is not None:
        flash(say(refused), "error")
        return redirect(url_for("assessment.before", key=key), 303)
    device = present_device() if offering.one_device else None
    try:
        with writing() as session:
            attempt_id = start_attempt(
                session,
                person_id=person_id,
                offering=offering,
                lang=current_lang(),
                now=now(),
                today=today(),
                zone=site().settings.zone,
                device=device,
            ).id
    except AttemptOpen:
        open_one = find_open(reading(), person_id=person_id, offering=key)
        if open_one is None:
            raise
        attempt_id = open_one.id
    to_paper = redirect(url_for("assessment.sitting", attempt_id=attempt_id), 303)
    return to_paper if device is None else give_device(to_paper)


def _refused(offering: Offering, person_id: int) -> SiteError | None:
    """Why the offering does not admit this person from here, if it asks anything before the start; one that is sitting already is admitted."""
    if offering.admits is None or find_open(reading(), person_id=person_id, offering=offering.key) is not None:
        return None
    with writing() as session:
        return offering.admits.refuse(session, person_id=person_id, code=request.form.get("code", ""), address=request.remote_addr or "", now=now())
