"""Reports of learners at the desk: what waits, and the answer to one."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.assessment.quality.forms import OUTCOMES, REASONS, ReplyForm
from lms.assessment.quality.places import SourceLines
from lms.assessment.quality.service.listing import list_paths_of
from lms.assessment.quality.service.reports import PAGE, answer_report, get_report, list_reports
from lms.assessment.quality.views.listing import test_titles
from lms.assessment.quality.views.permits import SEERS, kept_back, may_see_keys, require_quality
from lms.assessment.views.blueprint import bp
from lms.content.service.loading import load_items
from lms.people.access import current_person, permission_required
from lms.platform.site import now, reading, site
from lms.web.posting import post


@bp.get("/quality/reports")
@permission_required(*SEERS)
def quality_reports() -> str:
    """What learners reported: what waits (the oldest first), or all (`?all=1`), of all tests or one (`?test=`). No report names its learner."""
    key = request.args.get("test", "")
    require_quality(key)
    everything = request.args.get("all") == "1"
    page = max(1, request.args.get("page", default=1, type=int))
    found, total = list_reports(reading(), waiting=not everything, offering=key, page=page)
    return render_template(
        "assessment/quality/reports.html",
        key=key,
        everything=everything,
        found=found,
        items=load_items(reading(), [one.report.digest for one in found]),
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        reasons=REASONS,
        outcomes=OUTCOMES,
    )


@bp.route("/quality/reports/<int:report_id>", methods=["GET", "POST"])
@permission_required(*SEERS)
def quality_report(report_id: int) -> str | tuple[str, int] | Response:
    """One report with the question as the learner saw it, and the answer."""
    one = get_report(reading(), report_id=report_id)
    require_quality(one.report.offering)
    form = ReplyForm()
    actor = current_person().person_id
    done = post(
        form,
        lambda session: answer_report(session, report_id=report_id, actor_id=actor, outcome=str(form.outcome.data), words=form.words.data or "", now=now()),
    )
    if done.done:
        flash(gettext("Answered. The learner can read it now."), "success")
        return redirect(url_for("assessment.quality_reports"), 303)
    item = load_items(reading(), [one.report.digest])[one.report.digest]
    place = site().part(SourceLines).find(list_paths_of(reading(), [item]))[item.id]
    until = kept_back([item.id])
    page = render_template(
        "assessment/quality/report.html",
        one=one,
        item=item,
        place=place,
        form=form,
        refused=done.words,
        until=until,
        keys=until is None and may_see_keys(),
        title=test_titles().get(one.report.offering),
        reasons=REASONS,
        outcomes=OUTCOMES,
    )
    return page, done.status
