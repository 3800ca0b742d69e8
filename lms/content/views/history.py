"""The list of publications, and the way back to one of them."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from lms.content.service.history import compare, get_past, list_history
from lms.content.service.rollback import go_back
from lms.content.views.blueprint import bp
from lms.content.views.check import may_publish
from lms.content.views.publishing import require_publisher
from lms.people.access import permission_required
from lms.people.rules import Permission
from lms.platform.site import now, reading, writing
from lms.web.paging import page_asked


@bp.get("/history")
@permission_required(Permission.SEE_CONTENT_CHECK)
def history() -> str:
    """Who published what and when, what was held back and why."""
    return render_template("content/history.html", history=list_history(reading(), page=page_asked()))


@bp.get("/history/<int:publication_id>")
@permission_required(Permission.SEE_CONTENT_CHECK)
def publication(publication_id: int) -> str:
    """One publication, and what going back to it would change."""
    past = get_past(reading(), publication_id)
    return render_template("content/publication.html", past=past, difference=compare(reading(), publication_id), may_publish=may_publish())


@bp.post("/history/<int:publication_id>")
@permission_required(Permission.PUBLISH_CONTENT)
def show_again(publication_id: int) -> AnyResponse:
    """Show an earlier publication again."""
    actor_id = require_publisher()
    with writing() as session:
        shown = go_back(session, publication_id=publication_id, now=now(), actor_id=actor_id).id
    if shown == publication_id:
        flash(gettext("The site shows publication %(id)s again.", id=publication_id), "success")
    else:
        flash(
            gettext("The site shows publication %(id)s again, as publication %(new)s: what is frozen stays as it is.", id=publication_id, new=shown), "warning"
        )
    return redirect(url_for("content.history"), 303)
