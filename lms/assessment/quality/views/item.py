"""One item: its words, who takes which choice, its revisions, its reports, and where it stands in the files."""

from flask import render_template, request

from lms.assessment.quality.forms import OUTCOMES, REASONS
from lms.assessment.quality.rules.looking import MIN_N
from lms.assessment.quality.service.keeping import find_paper
from lms.assessment.quality.service.listing import get_item
from lms.assessment.quality.service.reports import list_reports
from lms.assessment.quality.views import words
from lms.assessment.quality.views.listing import test_titles
from lms.assessment.quality.views.permits import SEERS, kept_back, may_see_keys, require_quality
from lms.assessment.views.blueprint import bp
from lms.people.access import permission_required
from lms.platform.site import reading


@bp.get("/quality/items/<item_id>")
@permission_required(*SEERS)
def quality_item(item_id: str) -> str:
    """An item within a test (`?test=`) or within all of them. While it may come up in an open round, nothing here tells its key."""
    key = request.args.get("test", "")
    require_quality(key)
    place, revised = get_item(reading(), scope=key, item_id=item_id)
    until = kept_back([item_id])
    reports, total = list_reports(reading(), waiting=False, item_id=item_id, offering=key)
    return render_template(
        "assessment/quality/item.html",
        item_id=item_id,
        key=key,
        title=test_titles().get(key),
        place=place,
        revised=revised,
        current=revised[0],
        until=until,
        keys=until is None and may_see_keys(),
        row=find_paper(reading(), scope=key)[0],
        reports=reports,
        total=total,
        reasons=REASONS,
        outcomes=OUTCOMES,
        words=words,
        min_n=MIN_N,
    )
