"""Late answers at the desk: what came too late, and a person's decision on each."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.assessment.offerings import OfferingSources
from lms.assessment.service.desk import get_test
from lms.assessment.service.late import LateAnswer, decide_late, list_late
from lms.assessment.service.look import ItemResult
from lms.assessment.service.papers import Placed
from lms.assessment.service.reviewed import reviewed_of
from lms.assessment.service.settled import refuse_settled
from lms.assessment.service.wishes import REASON_MOST
from lms.assessment.settling import ResultRooms
from lms.assessment.views.blueprint import RUNNERS, bp, desk_scope
from lms.content.access import catalogue
from lms.errors import NotFound, SiteError
from lms.people.access import permission_required
from lms.platform.i18n import say
from lms.platform.site import now, reading, site, writing


@bp.get("/late/<path:key>")
@permission_required(*RUNNERS)
def late(key: str) -> str:
    """The late answers of a test, those that wait for a decision in front."""
    return _page(key, 0, "")


def _page(key: str, refused_id: int, refused: str) -> str:
    test = get_test(reading(), key=key, scope=desk_scope(), listed=site().part(OfferingSources).listed(reading(), catalogue()))
    page = max(1, request.args.get("page", default=1, type=int))
    found, more = list_late(reading(), offering=key, scope=desk_scope(), page=page)
    return render_template(
        "assessment/late.html",
        test=test,
        found=found,
        shown={one.id: [_answered(one, answer) for answer in (one.answer, one.in_time)] for one in found},
        page=page,
        more=more,
        own=desk_scope().person_id,
        refused_id=refused_id,
        refused=refused,
        sent=request.form,
        most=REASON_MOST,
    )


def _answered(one: LateAnswer, answer: str) -> object:
    """An answer as the review shows one; its verdict is not said, for whoever decides need not know."""
    letters, targets = ("".join(choice.letter for choice in side) for side in (one.item.choices, one.item.targets))
    placed = Placed(one.n, one.item, letters, targets)
    return reviewed_of(placed, ItemResult(one.item.id, one.item.digest, one.item.topic, answer, "unmarked", 0, 0), None)


@bp.post("/late/<path:key>")
@permission_required(*RUNNERS)
def decide(key: str) -> Response | tuple[str, int]:
    """Use a late answer, or leave it."""
    late_id, accept = request.form.get("late", default=0, type=int), request.form.get("decision") == "accept"
    try:
        with writing() as session:
            made, attempt = decide_late(
                session,
                late_id=late_id,
                scope=desk_scope(),
                accept=accept,
                replace_later=bool(request.form.get("replace")),
                reason=request.form.get("reason", ""),
                now=now(),
            )
            refuse_settled(session, catalogue(), site().part(ResultRooms), [attempt.offering])
            version = made.version
    except NotFound:
        raise
    except SiteError as refused:
        return _page(key, late_id, say(refused)), refused.status
    if not accept:
        flash(gettext("The late answer stays out. The person sees that it was decided."), "success")
    elif version is None:
        flash(gettext("The result would have been lower with this answer, so it stays as it was. The person sees that it was decided."), "warning")
    else:
        flash(gettext("The late answer counts now; the result has a new version."), "success")
    return redirect(url_for("assessment.late", key=key), 303)
