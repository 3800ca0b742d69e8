"""Papers as files: booklets, sheets of answers, the key."""

from collections.abc import Mapping, Sequence

from flask import Response, request

from lms.assessment.on_paper.models import PaperBatch, PaperVariant
from lms.assessment.on_paper.printing import Head, Variant, booklets_pdf, keys_pdf, papers_zip, sheets_pdf
from lms.assessment.on_paper.views.permits import run_batch, run_offering
from lms.assessment.quality.views.permits import kept_back
from lms.assessment.rules.terms import Terms
from lms.assessment.service.papers import list_placed
from lms.assessment.views.blueprint import RUNNERS, bp
from lms.content.service.pictures import read_pictures
from lms.content.speaking import say_in
from lms.errors import NotAllowed, NotFound
from lms.people.access import current_person, permission_required
from lms.platform.audit import record
from lms.platform.i18n import pick
from lms.platform.rules import phrase
from lms.platform.site import now, reading, site, writing
from lms.web.assets import address

PDF, ZIP = "application/pdf", "application/zip"


@bp.get("/papers/<int:batch_id>/booklets.pdf")
@permission_required(*RUNNERS)
def booklets(batch_id: int) -> Response:
    """The questions of all variants, or of one (`?variant=`)."""
    batch, head, variants = _asked(batch_id)
    return _file(booklets_pdf(head, variants, _read), PDF, f"{_name(batch, variants)}-paper.pdf")


@bp.get("/papers/<int:batch_id>/answers.pdf")
@permission_required(*RUNNERS)
def answer_sheets(batch_id: int) -> Response:
    """The sheets of answers of all variants, or of one."""
    batch, head, variants = _asked(batch_id)
    return _file(sheets_pdf(head, variants), PDF, f"{_name(batch, variants)}-answers.pdf")


@bp.get("/papers/<int:batch_id>/papers.zip")
@permission_required(*RUNNERS)
def papers_package(batch_id: int) -> Response:
    """Booklets and sheets as files of their own."""
    batch, head, variants = _asked(batch_id)
    return _file(papers_zip(head, variants, _read), ZIP, f"{_name(batch, variants)}.zip")


@bp.get("/papers/<int:batch_id>/keys.pdf")
@permission_required(*RUNNERS)
def answer_keys(batch_id: int) -> Response:
    """The answer key, unless it is kept back; who printed it is in the audit trail."""
    batch, head, variants = _asked(batch_id)
    until = kept_back({placed.item.id for variant in variants for placed in variant.placed})
    if until is not None:
        raise NotAllowed("The key of these questions is kept back until %(until)s, because they may come up in a round that is open.", until=until)
    made = keys_pdf(head, variants)
    with writing() as session:
        actor = current_person().person_id
        record(session, now=now(), actor_id=actor, action="answer_key_printed", subject_kind="paper_batch", subject_id=batch.id)
    return _file(made, PDF, f"{_name(batch, variants)}-key.pdf")


def _asked(batch_id: int) -> tuple[PaperBatch, Head, list[Variant]]:
    batch, variants = run_batch(batch_id)
    run_offering(batch.offering)
    only = request.args.get("variant", "")
    chosen = [variant for variant in variants if not only or str(variant.code) == only]
    if not chosen:
        raise NotFound("There are no such variants.")
    made = [_variant(batch, variant) for variant in chosen]
    critical = any(placed.item.critical for variant in made for placed in variant.placed)
    return batch, _head(batch, critical=critical), made


def _variant(batch: PaperBatch, variant: PaperVariant) -> Variant:
    url = f"{site().settings.public_url.rstrip('/')}{address('assessment.enter_sheets', batch_id=batch.id)}?variant={variant.code}"
    return Variant(variant.code, tuple(list_placed(reading(), variant.paper)), url)


def _head(batch: PaperBatch, *, critical: bool) -> Head:
    terms = Terms.from_json(batch.rules)
    minutes = say_in(batch.lang, phrase("%(m)s min", m=terms.limit_s // 60))
    day = batch.held_on
    date = (
        ""
        if day is None
        else f"{day.year}年{day.month}月{day.day}日"
        if batch.lang == "zh"
        else f"{day:%d/%m/%Y}"
        if batch.lang == "vi"
        else f"{day.day} {day:%b %Y}"
    )
    fatal = critical and terms.pass_percent is not None
    return Head(batch.lang, site().settings.site_name, pick(terms.title, batch.lang), batch.place, minutes, date, fatal)


def _read(digests: list[str]) -> Mapping[str, bytes]:
    return read_pictures(reading(), digests)


def _name(batch: PaperBatch, variants: Sequence[Variant]) -> str:
    codes = f"{variants[0].code}" if len(variants) == 1 else f"{variants[0].code}-{variants[-1].code}"
    return f"{batch.quiz}-{codes}"


def _file(data: bytes, media_type: str, name: str) -> Response:
    answer = Response(data, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'{"inline" if media_type == PDF else "attachment"}; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
