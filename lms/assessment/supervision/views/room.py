"""The live room of a test: asked again every few seconds, answered 304 while nothing has happened; without JavaScript by reloading."""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from lms.assessment.exams.models import Exam
from lms.assessment.exams.offerings import id_of
from lms.assessment.exams.rules.times import phase_of
from lms.assessment.exams.service.looking import find_exam
from lms.assessment.offerings import OfferingSources
from lms.assessment.service.desk import get_test
from lms.assessment.supervision.rules.time import OFFLINE_AFTER_S
from lms.assessment.supervision.service.room import read_room, room_tag
from lms.assessment.supervision.views.blueprint import bp
from lms.assessment.supervision.views.words import DOTS, STATES, facts_text
from lms.assessment.views.blueprint import RUNNERS, desk_scope
from lms.clock import to_ms
from lms.content.access import catalogue
from lms.people.access import current_person, permission_required
from lms.platform.i18n import current_lang
from lms.platform.site import now, reading, site, today

EVERY_S = 5
VIEWS = ("list", "projector")


@bp.get("/room/<path:key>")
@permission_required(*RUNNERS)
def room(key: str) -> Response:
    """Who is expected, who sits, how far; `?view=projector` for the wall, `?part=1` the part that changes."""
    exam_id = id_of(key)
    exam = find_exam(reading(), exam_id) if exam_id else None
    view = request.args.get("view", "list")
    view = view if view in VIEWS else "list"
    part = request.args.get("part") == "1"
    tag = _tag(key, exam, view, part=part)
    if request.if_none_match.contains_raw(f'"{tag}"') or request.if_none_match.contains_raw(f'"{tag}:gzip"'):
        return _tagged(make_response("", 304), tag)
    return _tagged(make_response(_page(key, exam, view, part=part)), tag)


def _page(key: str, exam: Exam | None, view: str, *, part: bool) -> str:
    scope = desk_scope()
    listed = [one for one in site().part(OfferingSources).listed(reading(), catalogue()) if one.key == key]
    return render_template(
        "supervision/_room.html" if part else "supervision/projector.html" if view == "projector" else "supervision/room.html",
        key=key,
        test=get_test(reading(), key=key, scope=scope, listed=listed),
        exam=exam,
        phase=phase_of(exam.opens_at, exam.closes_at, now()) if exam else None,
        room=read_room(reading(), key=key, exam=exam, scope=scope, now=now(), today=today()),
        view=view,
        me=current_person().person_id,
        states=STATES,
        dots=DOTS,
        facts_text=facts_text,
        offline_s=OFFLINE_AFTER_S,
        every=EVERY_S,
        now=now(),
        now_ms=to_ms(now()),
        to_ms=to_ms,
    )


def _tag(key: str, exam: Exam | None, view: str, *, part: bool) -> str:
    """What the page depends on besides what happens in the room: who asks, in which language, in which view."""
    person = current_person()
    closes = to_ms(exam.closes_at) if exam else 0
    asked = (person.get_id(), current_lang(), view, int(part), closes, exam.code if exam else "", catalogue().digest[:12], today())
    return "-".join(str(value) for value in (*asked, room_tag(reading(), key=key, now=now())))


def _tagged(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    return response
