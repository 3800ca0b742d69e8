"""One attempt as its supervisor sees it, and what can be done about it."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lms.assessment.models import Attempt
from lms.assessment.rules.terms import Terms
from lms.assessment.service.look import CLOSED
from lms.assessment.supervision.forms import ReasonForm, TimeForm
from lms.assessment.supervision.service.acts import FREE, Window, give_time, hand_in, make_void, reopen, unlock_device
from lms.assessment.supervision.service.sheet import Supervised, read_supervised
from lms.assessment.supervision.service.taking import Act
from lms.assessment.supervision.views.blueprint import bp
from lms.assessment.supervision.views.given import given_words
from lms.assessment.supervision.views.window import window_of
from lms.assessment.supervision.views.words import event_text, facts_text
from lms.assessment.views.blueprint import RUNNERS, desk_scope
from lms.people.access import current_person, permission_required
from lms.platform.site import now, reading
from lms.web.posting import post

DONE = {
    "time": _l("The time has been given. The learner's page shows it within a minute."),
    "reopen": _l("The sitting is open again. The learner finds it on the first page."),
    "hand-in": _l("It has been handed in; what was saved is scored."),
    "void": _l("The sitting is void and uses up no try."),
    "unlock": _l("The next device that opens the paper goes on with it."),
}


@bp.get("/sittings/<int:attempt_id>")
@permission_required(*RUNNERS)
def sitting(attempt_id: int) -> str:
    """Paper, answers, times, events, and what can be done."""
    return _page(attempt_id, "", None, None)


@bp.post("/sittings/<int:attempt_id>")
@permission_required(*RUNNERS)
def act(attempt_id: int) -> Response | tuple[str, int]:
    """Do what the form asks, with its reason."""
    asked = request.form.get("act", "")
    if asked not in DONE:
        abort(422)
    scope = desk_scope()
    window = window_of(read_supervised(reading(), attempt_id=attempt_id, scope=scope).attempt)
    form = TimeForm() if asked in ("time", "reopen") else ReasonForm()
    doing = Act(attempt_id, scope, form.reason.data or "", request.form.get("seen", default=-1, type=int), now())
    posted = post(form, _work(asked, doing, form, window))
    if not posted.done:
        return _page(attempt_id, asked, form, posted.words), posted.status
    flash(str(DONE[asked]), "success")
    return redirect(url_for(".sitting", attempt_id=attempt_id), 303)


def _work(asked: str, doing: Act, form: ReasonForm, window: Window) -> Callable[[Session], Attempt]:
    minutes = (form.minutes.data or 0) if isinstance(form, TimeForm) else 0
    works: dict[str, Callable[[Session], Attempt]] = {
        "time": lambda session: give_time(session, doing, minutes=minutes, window=window),
        "reopen": lambda session: reopen(session, doing, minutes=minutes, window=window),
        "hand-in": lambda session: hand_in(session, doing),
        "void": lambda session: make_void(session, doing),
        "unlock": lambda session: unlock_device(session, doing),
    }
    return works[asked]


def _page(attempt_id: int, asked: str, form: ReasonForm | None, refused: str | None) -> str:
    seen = read_supervised(reading(), attempt_id=attempt_id, scope=desk_scope())
    attempt = seen.attempt
    return render_template(
        "supervision/sitting.html",
        seen=seen,
        attempt=attempt,
        terms=Terms.from_json(attempt.rules),
        own=attempt.person_id == current_person().person_id,
        acts=_acts(seen, window_of(attempt)),
        asked=asked,
        form=form,
        refused=refused,
        event_text=event_text,
        facts=facts_text(seen.facts),
        given_words=given_words,
        free=attempt.device == FREE,
        now=now(),
    )


def _acts(seen: Supervised, window: Window) -> list[tuple[str, str, str, bool]]:
    """What can be done now: name, label, hint, whether it takes minutes."""
    attempt = seen.attempt
    found = []
    if attempt.state == "open":
        found.append(("time", gettext("Give more time"), gettext("The end is put off for this person, at the latest to the close of the test."), True))
        if attempt.device:
            found.append(("unlock", gettext("Free for another device"), gettext("The next device that opens the paper goes on with it."), False))
        found.append(("hand-in", gettext("Hand in now"), gettext("What is saved is scored. It can be opened again while the test is open."), False))
    elif _may_reopen(attempt, window):
        hint = gettext("It goes on with its answers for so many minutes from now. The result so far stays on record and counts no more.")
        found.append(("reopen", gettext("Open again"), hint, True))
    if attempt.state != "void":
        hint = gettext("It counts no more and uses up no try; what rests on it no longer counts. This cannot be undone.")
        found.append(("void", gettext("Make void"), hint, False))
    return found


def _may_reopen(attempt: Attempt, window: Window) -> bool:
    refused = window.locked or window.keys_shown or window.proven or not window.offered
    return attempt.state in CLOSED and not refused and (window.closes_at is None or now() < window.closes_at)
