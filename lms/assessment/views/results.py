"""The results of a test for whoever runs it: by page, as a file, and one attempt with the history of its result."""

from collections.abc import Iterator

from flask import Response, render_template, request
from flask_babel import gettext

from lms.assessment.offerings import OfferingSources
from lms.assessment.rules.terms import Terms
from lms.assessment.service.desk import get_test
from lms.assessment.service.history import get_concerned, list_told, list_versions
from lms.assessment.service.late import late_outcomes
from lms.assessment.service.listing import export_results, list_results
from lms.assessment.service.scope import Scope
from lms.assessment.views.blueprint import RUNNERS, bp, desk_scope
from lms.content.access import catalogue
from lms.people.access import current_person, permission_required
from lms.platform.audit import record
from lms.platform.sheet import csv_lines
from lms.platform.site import now, reading, site, writing


@bp.get("/results/<path:key>")
@permission_required(*RUNNERS)
def results(key: str) -> str:
    """Every try of a test in the own part of the organisation, the latest first."""
    test = get_test(reading(), key=key, scope=desk_scope(), listed=site().part(OfferingSources).listed(reading(), catalogue()))
    page = max(1, request.args.get("page", default=1, type=int))
    found, more = list_results(reading(), offering=key, scope=desk_scope(), page=page)
    return render_template("assessment/results.html", test=test, found=found, page=page, more=more)


@bp.get("/results-file/<path:key>")
@permission_required(*RUNNERS)
def results_file(key: str) -> Response:
    """The same as a file for spreadsheets, sent as it is read; who took it stands in the trail."""
    test = get_test(reading(), key=key, scope=desk_scope(), listed=site().part(OfferingSources).listed(reading(), catalogue()))
    head = [
        gettext("Try"),
        gettext("Full name"),
        gettext("Staff code"),
        gettext("Unit code"),
        gettext("Unit"),
        gettext("Number of the try"),
        gettext("Period"),
        gettext("State"),
        gettext("Started"),
        gettext("Handed in at"),
        gettext("Points"),
        gettext("Most points"),
        gettext("Right answers"),
        gettext("Questions"),
        gettext("To mark"),
        gettext("Passed"),
        gettext("Version of the result"),
    ]
    with writing() as session:
        record(session, now=now(), actor_id=current_person().person_id, action="results_exported", subject_kind="offering", subject_id=test.key[:80])
    response = Response(csv_lines(head, _lines(key, desk_scope())), mimetype="text/csv")
    name = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in key)
    response.headers["Content-Disposition"] = f'attachment; filename="results-{name}.csv"'
    return response


def _lines(key: str, scope: Scope) -> Iterator[list[object]]:
    zone, db = site().settings.zone, site().db

    def lines() -> Iterator[list[object]]:
        with db.reading() as session:
            for one in export_results(session, offering=key, scope=scope):
                times = [at.astimezone(zone).isoformat(timespec="seconds") if at else "" for at in (one.started_at, one.closed_at)]
                points = ["" if value is None else value / 100 for value in (one.points, one.max_points)]
                passed = "" if one.passed is None else int(one.passed)
                who = [one.name, one.staff_code, one.unit_code, one.unit]
                yield [one.attempt_id, *who, one.n, one.period, one.state, *times, *points, one.correct, one.item_count, one.unmarked, passed, one.version]

    return lines()


@bp.get("/attempts/<int:attempt_id>")
@permission_required(*RUNNERS)
def attempt_history(attempt_id: int) -> str:
    """One try: whose it is, and every version of its result with what made it."""
    found = get_concerned(reading(), attempt_id=attempt_id, scope=desk_scope())
    versions = list_versions(reading(), attempt_id=attempt_id)
    return render_template(
        "assessment/attempt.html",
        found=found,
        title=Terms.from_json(found.attempt.rules).title,
        versions=versions,
        told=list_told(reading(), found.attempt, versions[-1].result, versions) if versions else [],
        late=late_outcomes(reading(), attempt_id=attempt_id),
    )
