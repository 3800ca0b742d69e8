"""The glossary."""

from itertools import groupby

from flask import render_template, request

from lms.library.reading import sorted_terms, with_words
from lms.library.rules.words import MAX_QUESTION
from lms.library.views.blueprint import MAX_PAGE, bp
from lms.people.access import login_required
from lms.platform.i18n import LANGUAGES, current_lang
from lms.web.paging import page_asked, pages_of

PAGE = 100


@bp.get("/glossary")
@login_required
def glossary() -> str:
    """All terms in the order of the reader's language, or those in which the words of a question stand; `term` opens the page on which one is."""
    everything = sorted_terms(current_lang())
    question = request.args.get("q", "").strip()[:MAX_QUESTION]
    terms = with_words(everything, question) if question else everything
    page = page_asked(MAX_PAGE)
    place = next((number for number, (_, term) in enumerate(terms) if term.id == request.args.get("term")), None)
    if place is not None:
        page = place // PAGE + 1
    pages = pages_of(len(terms), PAGE)
    page = min(page, pages)
    on_page = terms[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "library/glossary.html",
        question=question,
        groups=[(letter, [term for _, term in those]) for letter, those in groupby(on_page, key=lambda row: row[0])],
        total=len(terms),
        everything=len(everything),
        languages=LANGUAGES,
        page=page,
        pages=pages,
    )
