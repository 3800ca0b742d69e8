"""One's own certificates, and the paper of a document for its owner and the officers of the unit."""

from typing import cast

from flask import Blueprint, Response, render_template, request

from lms.certification.models import Document, Period
from lms.certification.papers import Lang, Paper, certificate_pdf
from lms.certification.service.documents import get_document, read_payload
from lms.certification.service.own import own_standing
from lms.certification.service.records import get_member
from lms.certification.views.words import WORDS
from lms.content.access import catalogue
from lms.people.access import current_person, login_required, scope
from lms.people.rules import Permission
from lms.platform.i18n import LANGUAGES, current_lang
from lms.platform.site import reading, today

bp = Blueprint("certificates", __name__, template_folder="../templates", url_prefix="/certificates")
PAPERS = ("a5", "a4")


@bp.context_processor
def _words() -> dict[str, object]:
    return {"words": WORDS}


@bp.get("/")
@login_required
def index() -> str:
    """Where I stand, until when, and what to do."""
    return render_template("certification/own.html", standings=own_standing(reading(), catalogue(), current_person().person_id, today()))


def _find(document_id: int) -> tuple[Document, Period]:
    document, period = get_document(reading(), document_id=document_id)
    if period.person_id != current_person().person_id:
        get_member(reading(), paths=scope(Permission.SEE_STANDING), person_id=period.person_id, on=today())
    return document, period


@bp.get("/<int:document_id>")
@login_required
def document_page(document_id: int) -> str:
    """A document on the screen."""
    document, period = _find(document_id)
    standings = own_standing(reading(), catalogue(), period.person_id, today())
    shown = next((one for standing in standings for one in standing.periods if one.period.id == period.id), None)
    return render_template(
        "certification/document.html",
        document=document,
        period=period,
        printed=read_payload(document),
        shown=shown,
        own=period.person_id == current_person().person_id,
    )


@bp.get("/<int:document_id>.pdf")
@login_required
def document_pdf(document_id: int) -> Response:
    """The paper, A5 or A4, in Vietnamese or with a second language beside it (`paper`, `with`)."""
    document, _ = _find(document_id)
    asked = request.args.get("with", current_lang())
    lang = cast("Lang", asked if asked in LANGUAGES else "vi")
    paper = cast("Paper", request.args.get("paper") if request.args.get("paper") in PAPERS else "a5")
    answer = Response(certificate_pdf(document.kind, read_payload(document), lang=lang, paper=paper), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{document.number.replace("/", "-")}-{lang}.pdf"'
    return answer
