"""The items of a test, or of all, what should be looked at first."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.assessment.offerings import OfferingSources
from lms.assessment.quality.rules.looking import MIN_N
from lms.assessment.quality.service.keeping import JOB, find_paper, wish
from lms.assessment.quality.service.listing import PAGE, list_banks, list_items
from lms.assessment.quality.service.reports import list_reports
from lms.assessment.quality.views import words
from lms.assessment.quality.views.permits import SEERS, may_see_quality, require_quality
from lms.assessment.views.blueprint import bp
from lms.content.access import catalogue
from lms.content.catalogue import Words
from lms.people.access import current_person, permission_required
from lms.platform.audit import record
from lms.platform.site import now, reading, site, writing


@bp.get("/quality", defaults={"key": ""})
@bp.get("/quality/tests/<path:key>")
@permission_required(*SEERS)
def quality(key: str) -> str | Response:
    """The figures of a test as they were computed last, never while the page is made."""
    key = request.args.get("test", key)
    tests = test_titles()
    if not may_see_quality(key) and not key:
        key = next(iter(tests), "")
    require_quality(key)
    bank = request.args.get("bank", "")
    page = max(1, request.args.get("page", default=1, type=int))
    row, paper = find_paper(reading(), scope=key)
    listed, total = list_items(reading(), scope=key, bank=bank, page=page)
    return render_template(
        "assessment/quality/list.html",
        key=key,
        title=tests.get(key),
        tests=tests,
        bank=bank,
        banks=list_banks(reading(), scope=key),
        row=row,
        paper=paper,
        listed=listed,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        waiting=list_reports(reading(), waiting=True, offering=key)[1],
        may_see_all=may_see_quality(),
        words=words,
        min_n=MIN_N,
    )


def test_titles() -> dict[str, Words]:
    """The tests whose figures the present person may see."""
    return {one.key: one.title for one in site().part(OfferingSources).listed(reading(), catalogue()) if may_see_quality(one.key)}


@bp.post("/quality/compute", defaults={"key": ""})
@bp.post("/quality/compute/<path:key>")
@permission_required(*SEERS)
def compute_quality(key: str) -> Response:
    """Have the figures computed anew, beside the requests."""
    require_quality(key)
    with writing() as session:
        wish(session, scope=key, now=now())
        record(session, now=now(), actor_id=current_person().person_id, action="figures_wished", subject_kind="test", subject_id=(key or "*")[:80])
    site().jobs.soon(JOB)
    flash(gettext("The figures are being computed. Open this page again in a minute."), "success")
    return redirect(url_for("assessment.quality", key=key) if key else url_for("assessment.quality"), 303)
