"""The publish button, and how far a publishing is."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from lms.content.service.jobs import ask_publishing, get_job
from lms.content.service.staleness import confirm_translation
from lms.content.service.worker import PUBLISH_JOB
from lms.content.views.blueprint import bp
from lms.content.views.check import job_words, may_publish
from lms.errors import NotAllowed
from lms.people.access import current_person, permission_required
from lms.people.rules import Permission
from lms.platform.site import now, reading, site, writing


def require_publisher() -> int:
    """The person's id. Raises NotAllowed for who may publish for a part of the site only."""
    if not may_publish():
        raise NotAllowed("Only an administrator of the whole site may publish.")
    return current_person().person_id


@bp.post("/publish")
@permission_required(Permission.PUBLISH_CONTENT)
def publish() -> AnyResponse:
    """Wish that the content sources be published; the page shows how far it is."""
    actor_id = require_publisher()
    with writing() as session:
        ask_publishing(session, kind="button", now=now(), actor_id=actor_id)
    site().jobs.soon(PUBLISH_JOB)
    return redirect(url_for("content.check", _anchor="publishing"), 303)


@bp.get("/jobs/<int:job_id>")
@permission_required(Permission.SEE_CONTENT_CHECK)
def job(job_id: int) -> str:
    """How far a publishing is, as a part of the content page."""
    return render_template("content/_job.html", **job_words(get_job(reading(), job_id)))


@bp.post("/translations")
@permission_required(Permission.PUBLISH_CONTENT)
def confirm() -> AnyResponse:
    """Say that a translation still is right although its source has changed; the next publishing, which is wished for at once, shows it."""
    actor_id = require_publisher()
    with writing() as session:
        confirm_translation(session, subject=request.form.get("subject", ""), lang=request.form.get("lang", ""), now=now(), actor_id=actor_id)
        ask_publishing(session, kind="button", now=now(), actor_id=actor_id)
    site().jobs.soon(PUBLISH_JOB)
    return redirect(url_for("content.check", _anchor="translations"), 303)
