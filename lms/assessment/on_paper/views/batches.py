"""The variants of a test: made, listed, and one batch with what was entered of it."""

from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.assessment.on_paper.forms import BatchForm
from lms.assessment.on_paper.models import PaperBatch
from lms.assessment.on_paper.service.correcting import list_entered
from lms.assessment.on_paper.service.variants import Mixed, list_batches, make_batch
from lms.assessment.on_paper.views.permits import run_batch, run_offering
from lms.assessment.quality.views.permits import kept_back
from lms.assessment.rules.terms import Terms
from lms.assessment.service.papers import item_ids
from lms.assessment.views.blueprint import RUNNERS, bp, desk_scope
from lms.people.access import current_person, permission_required
from lms.platform.i18n import current_lang
from lms.platform.site import now, reading
from lms.web.posting import post


@bp.route("/papers/tests/<path:key>", methods=["GET", "POST"])
@permission_required(*RUNNERS)
def papers(key: str) -> str | tuple[str, int] | Response:
    """The batches of a test, and the form that makes another."""
    offering = run_offering(key)
    form = BatchForm()
    if request.method == "GET":
        form.lang.data = current_lang()
    actor = current_person().person_id

    def _make(session: object) -> PaperBatch:
        values = {"lang": form.lang.data, "place": form.place.data or "", "held_on": form.held_on.data, "actor_id": actor, "now": now()}
        count = form.count.data or 0
        return make_batch(session, offering=offering, count=count, mixed=cast("Mixed", form.mixed.data), **values)  # type: ignore[arg-type]

    done = post(form, _make)
    if done.done:
        flash(gettext("The variants are made. Print the booklets and the sheets of answers."), "success")
        return redirect(url_for("assessment.paper_batch", batch_id=done.made.id), 303)
    batches = list_batches(reading(), offering=key)
    page = render_template("assessment/on_paper/papers.html", key=key, offering=offering, form=form, refused=done.words, batches=batches)
    return page, done.status


@bp.get("/papers/<int:batch_id>")
@permission_required(*RUNNERS)
def paper_batch(batch_id: int) -> str:
    """One batch: what to print, where to enter, what was entered."""
    batch, variants = run_batch(batch_id)
    page = max(1, request.args.get("page", default=1, type=int))
    entered, more = list_entered(reading(), batch_id=batch.id, scope=desk_scope(), page=page)
    return render_template(
        "assessment/on_paper/batch.html",
        batch=batch,
        variants=variants,
        title=Terms.from_json(batch.rules).title,
        entered=entered,
        page=page,
        more=more,
        until=kept_back({item_id for variant in variants for item_id in item_ids(variant.paper)}),
    )
