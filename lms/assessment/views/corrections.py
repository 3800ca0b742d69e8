"""Corrections at the desk: which questions were sat, what was corrected, and how far each correction is."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.assessment.correction_models import Correction, CorrectionRun
from lms.assessment.offerings import OfferingSources
from lms.assessment.service.correcting import go_on
from lms.assessment.service.corrector import CORRECT_JOB
from lms.assessment.service.desk import get_test
from lms.assessment.service.history import list_corrections
from lms.assessment.service.naming import name_people
from lms.assessment.service.sat_items import list_sat_items
from lms.assessment.service.scope import has_whole_site
from lms.assessment.service.settled import tests_of
from lms.assessment.service.wishes import get_item
from lms.assessment.views.blueprint import RUNNERS, bp, desk_scope
from lms.content.access import catalogue
from lms.errors import NotAllowed, NotFound
from lms.people.access import permission_required
from lms.platform.rules import Phrase, phrase
from lms.platform.site import reading, site, writing

KINDS: dict[str, Phrase] = {
    "full": phrase("Void: it counts as right for everybody"),
    "drop": phrase("Void: it is dropped from the paper"),
    "accept": phrase("Another answer is right too"),
    "key": phrase("New key, from the published revision"),
    "undo": phrase("Taken back"),
}


@bp.get("/corrections/<path:key>")
@permission_required(*RUNNERS)
def corrections(key: str) -> str:
    """The questions that were sat in a test, and what was corrected."""
    test = get_test(reading(), key=key, scope=desk_scope(), listed=site().part(OfferingSources).listed(reading(), catalogue()))
    require_whole([key])
    sat = list_sat_items(reading(), offering=key)
    made = list_corrections(reading(), offering=key, digests=[one.item.digest for one in sat])
    undone = {row.undoes for row in made}
    in_force = {row.digest for row in made if row.kind != "undo" and row.id not in undone}
    return render_template("assessment/corrections.html", test=test, sat=sat, made=made, kinds=KINDS, in_force=in_force)


def require_whole(offerings: list[str]) -> None:
    """Raises NotAllowed unless the present person runs these tests for everybody."""
    if not has_whole_site(reading(), desk_scope(), offerings):
        raise NotAllowed("A correction holds for everybody who sits the question, so only somebody who runs this test for the whole site may make one.")


@bp.get("/correction/<int:correction_id>")
@permission_required(*RUNNERS)
def correction(correction_id: int) -> Response:
    """One correction: what, why, by whom, and how far it has been brought; the page comes back by itself until that is done."""
    row, run = _get(correction_id)
    undone = [one for one in list_corrections(reading(), offering=row.offering, digests=[row.digest]) if one.undoes == row.id]
    page = render_template(
        "assessment/correction.html",
        row=row,
        run=run,
        item=get_item(reading(), row.digest),
        kinds=KINDS,
        undone=undone,
        by=name_people(reading(), [row.made_by]).get(row.made_by, ""),
        test=request.args.get("test", row.offering),
    )
    response = make_response(page)
    if run.state in ("queued", "running"):
        response.headers["Refresh"] = "3"
    return response


def _get(correction_id: int) -> tuple[Correction, CorrectionRun]:
    row, run = reading().get(Correction, correction_id), reading().get(CorrectionRun, correction_id)
    if row is None or run is None:
        raise NotFound("There is no such correction.")
    require_whole(tests_of(reading(), row))
    return row, run


@bp.post("/correction/<int:correction_id>/go-on")
@permission_required(*RUNNERS)
def go_on_correction(correction_id: int) -> Response:
    """Let a correction that stopped be tried again."""
    _get(correction_id)
    with writing() as session:
        go_on(session, correction_id=correction_id)
    site().jobs.soon(CORRECT_JOB)
    return redirect(url_for("assessment.correction", correction_id=correction_id), 303)
