"""Signs of life of a sitting's page, in batches: JSON in, JSON out."""

import hashlib
import re
from typing import Any

from flask import Response, request

from lms.assessment.exams.service.looking import is_watched
from lms.assessment.service import get_attempt
from lms.assessment.supervision.rules.events import SENT, Kind
from lms.assessment.supervision.service.sheet import list_told
from lms.assessment.supervision.service.signs import Fact, note_signs
from lms.assessment.supervision.views.blueprint import bp
from lms.assessment.supervision.views.told import told_lines
from lms.assessment.views.answers import answer_json
from lms.clock import to_ms
from lms.errors import Invalid
from lms.people.access import current_person, login_required
from lms.people.device import find_device
from lms.platform.site import now, reading, writing

REF = re.compile(r"[0-9a-f-]{36}")
MOST_FACTS = 50
MOST_MS = 24 * 3600 * 1000
MOST_CHARS = 1_000_000
MOST_PLACE = 1000


@bp.post("/signs/<int:attempt_id>")
@login_required
def signs(attempt_id: int) -> Response:
    """Note that the page lives and what happened on it; answer the time that is left and what a supervisor decided."""
    place, facts = _read(request.get_json(silent=True))
    person_id = current_person().person_id
    attempt = get_attempt(reading(), attempt_id=attempt_id, person_id=person_id).attempt
    watched = bool(facts) and is_watched(reading(), attempt.offering)
    told = told_lines(list_told(reading(), attempt_id=attempt_id))
    with writing() as session:
        found = note_signs(session, attempt_id=attempt_id, person_id=person_id, place=place, facts=facts, watched=watched, device=find_device(), now=now())
    left_ms = max(0, to_ms(found.deadline_at) - to_ms(now()))
    return answer_json(200, open=found.open, left_ms=left_ms, elsewhere=found.elsewhere, told=told)


def device_ref(device: str) -> str:
    """What stands for a device in a reference: its name itself is a secret of the browser."""
    return hashlib.sha256(device.encode()).hexdigest()[:20]


def _read(body: Any) -> tuple[int, list[Fact]]:
    """The place and the facts of a body. Raises Invalid."""
    sent = body.get("facts", []) if isinstance(body, dict) else None
    if not isinstance(sent, list) or len(sent) > MOST_FACTS:
        raise Invalid("What was sent is no sign of life. Nothing was changed.")
    return _whole(body.get("place"), MOST_PLACE), [_fact(one) for one in sent]


def _fact(one: Any) -> Fact:
    known = isinstance(one, dict) and one.get("kind") in SENT and isinstance(one.get("id"), str) and REF.fullmatch(one["id"])
    if not known:
        raise Invalid("What was sent is no sign of life. Nothing was changed.")
    lasted_s = _whole(one.get("lasted_ms"), MOST_MS) // 1000
    return Fact(one["id"], Kind(one["kind"]), _whole(one.get("ago_ms"), MOST_MS), lasted_s, _whole(one.get("chars"), MOST_CHARS))


def _whole(value: object, most: int) -> int:
    """A whole number from 0 to the most; 0 for anything else."""
    return min(value, most) if type(value) is int and value > 0 else 0
