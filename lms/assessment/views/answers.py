"""What the script of a sitting talks to: answers, flags, the present state. JSON in, JSON out, every word in the reader's language."""

import json
from datetime import datetime
from typing import Any

from flask import Response, request, session
from flask_babel import gettext

from lms.assessment.rules.terms import Terms, is_late
from lms.assessment.service import get_attempt, list_responses
from lms.assessment.service.flag import set_flag
from lms.assessment.service.notices import watch_of
from lms.assessment.service.save import Saved, save_answer
from lms.assessment.service.steps import progress_of
from lms.assessment.views.blueprint import bp
from lms.assessment.views.pace import Pace
from lms.assessment.views.saves import save_from_json
from lms.clock import to_ms
from lms.errors import Invalid
from lms.people.access import PARTS, current_person, login_required
from lms.people.device import find_device
from lms.platform.i18n import say
from lms.platform.rules import phrase
from lms.platform.site import now, reading, site, writing

PACE = Pace(240)
LOCKED = 423
ELSEWHERE = phrase("This sitting goes on with another device. What is not sent is kept on this one; ask your supervisor.")
"""What the device is told that an attempt is not, or no more, bound to."""


def signed_in_as() -> tuple[int, int, int]:
    """Person, epoch and session as the signed cookie says, unproved: the query of the save proves them. Zeros are nobody."""
    parts = str(session.get("_user_id", "")).split(".")
    whole = len(parts) == PARTS and all(part.isdigit() for part in parts)
    return (int(parts[0]), int(parts[1]), int(parts[2])) if whole else (0, 0, 0)


def clock_text(at: datetime) -> str:
    """The time of day in the site's zone."""
    return f"{at.astimezone(site().settings.zone):%H:%M}"


def answer_json(status: int, **values: object) -> Response:
    """A small JSON answer."""
    return Response(json.dumps(values, ensure_ascii=False), status, mimetype="application/json")


@bp.post("/sittings/<int:attempt_id>/answers")
def answer(attempt_id: int) -> Response:
    """Save one answer: 200 once it is durable, 409 where another save was faster or it is too late, 422 where it cannot be."""
    person_id, epoch, session_id = signed_in_as()
    if not person_id:
        return answer_json(401, error=gettext("You are signed out. Sign in again; what was acknowledged as saved is safe."))
    if not PACE.allows(person_id, now()):
        return answer_json(429, error=gettext("Too many answers in a minute. Wait a little; they are kept on this device."))
    save = save_from_json(_body())
    known = {"attempt_id": attempt_id, "person_id": person_id, "epoch": epoch, "session_id": session_id}
    saved = save_answer(site().db, **known, save=save, now=now(), device=find_device)
    return _said(saved, notices_json(attempt_id))


def notices_json(attempt_id: int) -> dict[str, object]:
    """What the page shows of corrections of its questions; nothing where there are none."""
    notices = watch_of(site().db).notices(attempt_id, now())
    return {"notices": [{"item": one.item_id, "text": say(one.words)} for one in notices]} if notices else {}


def _body() -> Any:
    """What was sent, as JSON says it. Raises Invalid for what is nested beyond reason."""
    try:
        return request.get_json()
    except RecursionError as deep:
        raise Invalid("What was sent is not an answer. Nothing was changed.") from deep


def _said(saved: Saved, notices: dict[str, object]) -> Response:
    state: dict[str, object] = notices | {"answer": saved.answer, "seq": saved.seq, "save_id": saved.save_id}
    state["left_ms"] = max(0, saved.deadline_ms - to_ms(now()))
    if saved.outcome in ("saved", "replayed"):
        return answer_json(200, **state, at=clock_text(now()))
    if saved.outcome == "elsewhere":
        return answer_json(LOCKED, elsewhere=True, left_ms=state["left_ms"], error=say(ELSEWHERE))
    if saved.outcome == "late":
        words = gettext("Too late: this try is over. The answer is kept apart and not scored.")
        return answer_json(409, **state, late=True, error=words)
    return answer_json(409, **state, at=clock_text(now()), error=gettext("This question was answered in another window. That answer is shown now."))


@bp.post("/sittings/<int:attempt_id>/flags")
@login_required
def flag(attempt_id: int) -> Response:
    """Flag an item, or take the flag away."""
    body = _body()
    if not isinstance(body, dict) or not isinstance(body.get("item"), str):
        raise Invalid("What was sent is not a flag. Nothing was changed.")
    with writing() as db:
        set_flag(db, attempt_id=attempt_id, person_id=current_person().person_id, item_id=body["item"], on=bool(body.get("on")), now=now())
    return answer_json(200, on=bool(body.get("on")))


@bp.get("/sittings/<int:attempt_id>/state")
@login_required
def state(attempt_id: int) -> Response:
    """The stored answers to what is open, how far the paper is, and the time left, for a page that comes back from sleep or from another window."""
    attempt = get_attempt(reading(), attempt_id=attempt_id, person_id=current_person().person_id).attempt
    stored = list_responses(reading(), attempt_id=attempt.id)
    progress = progress_of(attempt, Terms.from_json(attempt.rules))
    answers = {item: {"answer": row.answer, "seq": row.seq, "save_id": row.save_id} for item, row in stored.items() if progress.is_open(item)}
    checked = sum(row.checked_at is not None for row in stored.values())
    is_open = attempt.state == "open" and not is_late(attempt.deadline_at, attempt.grace_s, now())
    left_ms = max(0, to_ms(attempt.deadline_at) - to_ms(now()))
    elsewhere = attempt.device is not None and attempt.device != find_device()
    now_at = {"open": is_open, "step": attempt.step, "checked": checked, "left_ms": left_ms, "elsewhere": elsewhere}
    return answer_json(200, **now_at, **notices_json(attempt.id), answers={} if elsewhere else answers, flags=attempt.flags.split())
