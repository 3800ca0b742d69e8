"""The search over courses, lessons and terms."""

from flask import render_template, request

from lms.content.access import catalogue
from lms.library.rules.words import MAX_QUESTION
from lms.library.service.searching import PAGE, Hit, find
from lms.library.views.blueprint import MAX_PAGE, bp
from lms.people.access import login_required
from lms.platform.i18n import current_lang, pick
from lms.platform.site import reading
from lms.web.assets import address
from lms.web.paging import page_asked, pages_of


@bp.get("/search")
@login_required
def search() -> str:
    """What answers a question, best first; without one, what can be asked."""
    question = request.args.get("q", "").strip()[:MAX_QUESTION]
    page = page_asked(MAX_PAGE)
    found = find(reading(), question=question, lang=current_lang(), page=page) if question else None
    shown = [(hit, *_place(hit)) for hit in found.hits] if found else []
    return render_template(
        "library/search.html",
        question=question,
        found=found,
        shown=shown,
        page=found.page if found else 1,
        pages=pages_of(found.total, PAGE) if found else 1,
    )


def _place(hit: Hit) -> tuple[str, str]:
    """Where a hit leads, and the course it belongs to."""
    if hit.kind == "course":
        return address("learning.course", slug=hit.slug), ""
    if hit.kind == "lesson":
        course = catalogue().courses.get(hit.course)
        return address("learning.lesson", slug=hit.course, lesson_slug=hit.slug), pick(course.title) if course else ""
    return address("library.glossary", term=hit.slug) + f"#term-{hit.slug}", ""
