"""Many papers as one file: asked for from the register, printed by a job, fetched when it is ready."""

from typing import cast

from flask import Response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from lms.certification.forms import PrintForm
from lms.certification.models import DocumentBatch
from lms.certification.printer import JOB
from lms.certification.service.batches import KEPT, Choice, ask, check_ready, choose, get_batch, iter_file, list_batches
from lms.certification.views.desk import bp
from lms.certification.views.register import read_question
from lms.content.access import catalogue
from lms.people.access import current_person, permission_required, scope
from lms.people.rules import Permission
from lms.platform.site import now, reading, site, today
from lms.web.posting import post

TYPES = {"pdf": "application/pdf", "zip": "application/zip"}


@bp.route("/papers", methods=["GET", "POST"])
@permission_required(Permission.SEE_STANDING)
def batches() -> str | AnyResponse | tuple[str, int]:
    """What the register lists, to be printed; and what was asked for lately."""
    question = read_question()

    def pick_papers(session: Session) -> Choice:
        return choose(session, paths=question.paths, scheme=question.scheme.slug, from_on=question.first, until_on=question.last, today=today())

    form = PrintForm()
    posted = post(
        form,
        lambda session: ask(
            session,
            pick_papers(session),
            paths=question.paths,
            scheme=question.scheme.slug,
            layout=cast("str", form.layout.data),
            lang=cast("str", form.lang.data),
            form=cast("str", form.form.data),
            actor_id=current_person().person_id,
            now=now(),
        ),
    )
    if posted.done:
        site().jobs.soon(JOB)
        return redirect(url_for("certification.batch", batch_id=posted.made.id))
    page = render_template(
        "certification/batches.html",
        filter=question.form,
        kept=question.kept,
        chosen=pick_papers(reading()),
        form=form,
        refused=posted.words,
        batches=list_batches(reading(), person_id=current_person().person_id),
        schemes=catalogue().schemes,
    )
    return page, posted.status


@bp.get("/papers/<int:batch_id>")
@permission_required(Permission.SEE_STANDING)
def batch(batch_id: int) -> str:
    """How far it is, and the file."""
    found = _find(batch_id)
    return render_template("certification/batch.html", batch=found, scheme=catalogue().schemes.get(found.scheme), until=found.made_at + KEPT)


@bp.get("/papers/<int:batch_id>/progress")
@permission_required(Permission.SEE_STANDING)
def batch_progress(batch_id: int) -> str:
    """How far it is; the page fetches it anew until it is over."""
    return render_template("certification/_batch_progress.html", batch=_find(batch_id))


@bp.get("/papers/<int:batch_id>/file")
@permission_required(Permission.SEE_STANDING)
def batch_file(batch_id: int) -> Response:
    """The file, a stretch at a time."""
    found = _find(batch_id)
    check_ready(found)
    answer = Response(iter_file(site().db, found.id), mimetype=TYPES[found.form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.scheme}-{found.total}-{found.id}.{found.form}"'
    answer.headers["Content-Length"] = str(found.size)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _find(batch_id: int) -> DocumentBatch:
    return get_batch(reading(), batch_id=batch_id, person_id=current_person().person_id, paths=scope(Permission.SEE_STANDING))
