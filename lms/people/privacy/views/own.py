"""What the site knows of oneself, to be taken away; what is kept, why and for how long."""

import json

from flask import Response, render_template
from werkzeug.wrappers import Response as AnyResponse

from lms.people.access import current_person, login_required
from lms.people.privacy.keeping import RecordKeepers
from lms.people.privacy.service.gathering import gather
from lms.people.privacy.views.blueprint import bp
from lms.platform.audit import record
from lms.platform.site import now, reading, site, today, writing


@bp.get("/me/privacy")
@login_required
def own_data() -> str:
    """What is kept of oneself, and why."""
    reasons = site().part(RecordKeepers).reasons(reading(), current_person().person_id)
    return render_template("privacy/own.html", reasons=reasons)


@bp.get("/me/privacy/data.json")
@login_required
def data() -> AnyResponse:
    """Everything, as JSON."""
    person_id = current_person().person_id
    found = gather(reading(), person_id=person_id)
    with writing() as session:
        record(session, now=now(), actor_id=person_id, action="own_data_taken", subject_kind="person", subject_id=person_id)
    answer = Response(json.dumps(found, ensure_ascii=False, indent=1), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="vean-{today().isoformat()}.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
