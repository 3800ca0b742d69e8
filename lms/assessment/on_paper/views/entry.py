"""Sheets entered one by one, with the keyboard alone: code, variant, a row of letters, Enter to look at it, Enter to store it."""

from dataclasses import dataclass
from datetime import datetime, time

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.assessment.on_paper.forms import MINUTE, EntryForm
from lms.assessment.on_paper.models import PaperBatch, PaperVariant
from lms.assessment.on_paper.rules.marks import Spot, read_mark, read_row, write_mark
from lms.assessment.on_paper.service.entering import Sitter, check_sheet, enter_sheet, get_sitter
from lms.assessment.on_paper.service.variants import list_spots
from lms.assessment.on_paper.views.permits import day_of, offering_at, run_batch
from lms.assessment.rules.answers.canonical import Refused
from lms.assessment.rules.terms import Terms
from lms.assessment.views.blueprint import RUNNERS, bp, desk_scope
from lms.errors import SiteError
from lms.people.access import permission_required
from lms.platform.i18n import say
from lms.platform.site import now, reading, site, writing

MORNING = time(8)
"""When a test is taken to have begun of which only the day is known."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A sheet that was typed and can be stored."""

    variant: PaperVariant
    sitter: Sitter
    spots: tuple[Spot, ...]
    answers: dict[str, str]
    held_at: datetime

    @property
    def words(self) -> list[Spot]:
        """What is answered by words, each in a field of its own."""
        return [spot for spot in self.spots if not spot.lettered]

    @property
    def shown(self) -> list[tuple[int, str]]:
        """Every question with what was typed for it."""
        return [(spot.n, write_mark(self.answers.get(spot.item_id, ""), spot)) for spot in self.spots]


@bp.route("/papers/<int:batch_id>/enter", methods=["GET", "POST"])
@permission_required(*RUNNERS)
def enter_sheets(batch_id: int) -> str | tuple[str, int] | Response:
    """The empty form; the sheet to look at; and, when what was looked at is sent again, its sitting."""
    batch, variants = run_batch(batch_id)
    form = EntryForm()
    if not form.is_submitted():
        return _page(batch, form_of(form, batch), None)
    typed = _typed(form, batch, variants) if form.validate() else None
    if typed is None:
        return _page(batch, form, None), 422
    if request.form.get("looked_at") != _seen(form):
        return _page(batch, form, typed)
    return _store(form, batch, typed)


def _store(form: EntryForm, batch: PaperBatch, typed: Typed) -> Response | tuple[str, int]:
    find = offering_at(typed.held_at, batch.offering)
    try:
        with writing() as session:
            values = {"batch": batch, "variant": typed.variant, "sitter": typed.sitter, "answers": typed.answers}
            attempt = enter_sheet(
                session,
                **values,  # type: ignore[arg-type]
                offering=find(session, typed.sitter.person_id),
                scope=desk_scope(),
                held_at=typed.held_at,
                way="hand",
                twice=bool(form.twice.data),
                now=now(),
            )
    except SiteError as refused:
        form.code.errors = [say(refused)]
        return _page(batch, form, None), refused.status
    flash(gettext("Stored: %(name)s, paper %(n)s. Write this number on the sheet.", name=typed.sitter.name, n=attempt.id), "success")
    held = typed.held_at.astimezone(site().settings.zone).strftime(MINUTE)
    twice = "1" if form.twice.data else None
    return redirect(url_for("assessment.enter_sheets", batch_id=batch.id, held_at=held, variant=typed.variant.code, twice=twice), 303)


def form_of(form: EntryForm, batch: PaperBatch) -> EntryForm:
    """An empty form that remembers what does not change from sheet to sheet."""
    local = now().astimezone(site().settings.zone).replace(tzinfo=None, second=0, microsecond=0)
    try:
        form.held_at.data = datetime.strptime(request.args.get("held_at", ""), MINUTE)  # noqa: DTZ007  (the site's time, as the form has it)
    except ValueError:
        form.held_at.data = datetime.combine(batch.held_on, MORNING) if batch.held_on else local
    form.variant.data = request.args.get("variant", "")
    form.twice.data = request.args.get("twice") == "1"
    return form


def _typed(form: EntryForm, batch: PaperBatch, variants: list[PaperVariant]) -> Typed | None:
    """The sheet as it was typed; None where a field is wrong, which then says why."""
    held_at = form.instant()
    variant = next((one for one in variants if str(one.code) == (form.variant.data or "").strip()), None)
    if variant is None:
        form.variant.errors = [gettext("There is no variant %(code)s here.", code=(form.variant.data or "")[:10])]
        return None
    try:
        sitter = get_sitter(reading(), code=form.code.data or "", scope=desk_scope(), batch=batch, on=day_of(held_at))
        offering = offering_at(held_at, batch.offering)(reading(), sitter.person_id)
        check_sheet(reading(), batch=batch, sitter=sitter, offering=offering, scope=desk_scope(), held_at=held_at, now=now())
    except SiteError as refused:
        form.code.errors = [say(refused)]
        return None
    spots = tuple(list_spots(reading(), variant.paper))
    answers = _answers(form, spots)
    return None if answers is None else Typed(variant, sitter, spots, answers, held_at)


def _answers(form: EntryForm, spots: tuple[Spot, ...]) -> dict[str, str] | None:
    try:
        answers = read_row(form.row.data or "", spots) if any(spot.lettered for spot in spots) else {}
    except Refused as wrong:
        form.row.errors = [say(wrong.words)]
        return None
    if form.twice.data:
        try:
            again = read_row(form.again.data or "", spots) if answers else {}
        except Refused as wrong:
            form.again.errors = [say(wrong.words)]
            return None
        other = [str(spot.n) for spot in spots if spot.lettered and answers[spot.item_id] != again[spot.item_id]]
        if other:
            form.again.errors = [gettext("The two rows differ at question %(list)s.", list=", ".join(other[:10]))]
            return None
    try:
        return answers | {spot.item_id: read_mark(request.form.get(f"word.{spot.n}", ""), spot) for spot in spots if not spot.lettered}
    except Refused as wrong:
        form.row.errors = [say(wrong.words)]
        return None


def _seen(form: EntryForm) -> str:
    """What was looked at: changed, it must be looked at again."""
    return "|".join([str(form.held_at.data), form.code.data or "", form.variant.data or "", form.row.data or ""])


def _page(batch: PaperBatch, form: EntryForm, typed: Typed | None) -> str:
    return render_template(
        "assessment/on_paper/enter.html",
        batch=batch,
        title=Terms.from_json(batch.rules).title,
        form=form,
        typed=typed,
        seen=_seen(form) if typed else "",
        sent=request.form,
    )
