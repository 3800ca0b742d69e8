"""Erasing somebody: looked at first, then done with a reason."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.people.access import current_person, permission_required, scope
from lms.people.privacy.keeping import RecordKeepers
from lms.people.privacy.service.erasing import erase_person, preview_erasure
from lms.people.privacy.views.blueprint import bp
from lms.people.rules import Permission
from lms.platform.i18n import say
from lms.platform.site import now, reading, site, today
from lms.web.posting import post

EDIT = Permission.EDIT_PEOPLE


@bp.get("/people/<int:person_id>/erase")
@permission_required(EDIT)
def erase(person_id: int) -> str:
    """What would go, and what has to stay."""
    return _page(person_id)


def _page(person_id: int, refused: str = "") -> str:
    seen = preview_erasure(reading(), person_id=person_id, keepers=site().part(RecordKeepers), paths=scope(EDIT), today=today())
    return render_template("privacy/erase.html", seen=seen, refused=refused)


@bp.post("/people/<int:person_id>/erase")
@permission_required(EDIT)
def erase_now(person_id: int) -> Response | tuple[str, int]:
    """Erase; it cannot be undone."""
    paths = scope(EDIT)
    posted = post(
        None,
        lambda session: erase_person(
            session,
            person_id=person_id,
            reason=request.form.get("reason", ""),
            keepers=site().part(RecordKeepers),
            actor_id=current_person().person_id,
            actor_grants=current_person().grants,
            paths=paths,
            today=today(),
            now=now(),
        ),
    )
    if posted.refused is not None:
        return _page(person_id, say(posted.refused)), posted.status
    flash(gettext("Erased, with the name.") if posted.made else gettext("Erased, but for what has to be kept under the name."), "success")
    return redirect(url_for("people.index"))
