"""What a link opens: the outline of a draft, its lessons and questions, its words, and what it would change on the site."""

from flask import Response, abort, render_template
from sqlalchemy.orm import Session

from lms.assessment.guarding import GuardedItems
from lms.assessment.views.topics import topic_name
from lms.content.access import catalogue
from lms.content.catalogue import Catalogue, Item
from lms.content.service.desk import ContentDesk
from lms.content.service.loading import load_published_items
from lms.content.source.branches import list_packages
from lms.content.views.pictures import BLOB_POLICY
from lms.drafts.comparing import Compared, compare_draft
from lms.drafts.reading import Reading
from lms.drafts.service.hiding import find_hidden
from lms.drafts.views.blueprint import link_bp as bp
from lms.drafts.views.opening import Opened, open_for_picture, opens
from lms.errors import NotFound, SiteError
from lms.platform.i18n import current_lang
from lms.platform.site import now, reading, site

PROBLEMS = 50
PICTURE_KEPT = "private, max-age=600"


@bp.get("/")
@opens
def outline(opened: Opened) -> str:
    """All that the link shows, with what is wrong with it."""
    shown = opened.reading
    packages = [(name, shown.packages.get(name), shown.problems_of(name)) for name in shown.names]
    return render_template("drafts/outline.html", **_common(opened), packages=packages, most=PROBLEMS)


@bp.get("/courses/<slug>/<name>")
@opens
def lesson(opened: Opened, slug: str, name: str) -> str:
    """A lesson as learners would see it. Raises NotFound if the draft has none of that name, or the link does not show it."""
    course = opened.reading.course(slug)
    found = course.find_lesson(name) if course else None
    if course is None or found is None:
        raise NotFound("There is no such lesson in this draft.")
    lang = next(code for code in (current_lang(), "vi", *found.html) if code in found.html)
    html, terms = opened.reading.lesson_html(course, found, lang)
    number = course.lessons.index(found)
    return render_template(
        "drafts/lesson.html",
        **_common(opened),
        course=course,
        lesson=found,
        html=html,
        terms=terms,
        number=number + 1,
        previous=course.lessons[number - 1] if number else None,
        following=course.lessons[number + 1] if number + 1 < len(course.lessons) else None,
        problems=opened.reading.problems_in(slug, name)[:PROBLEMS],
    )


@bp.get("/quizzes/<slug>")
@opens
def quiz(opened: Opened, slug: str) -> str:
    """The questions of a quiz, bank by bank. Raises NotFound as for a lesson."""
    banks = opened.reading.banks(slug)
    if banks is None:
        raise NotFound("There is no such quiz in this draft.")
    problems = opened.reading.problems_of(f"quizzes/{slug}")[:PROBLEMS]
    made = opened.reading.draft.quiz(slug)
    return render_template("drafts/quiz.html", **_common(opened), slug=slug, quiz=made, banks=banks, problems=problems, topic_name=topic_name)


@bp.get("/glossary/<slug>")
@opens
def glossary(opened: Opened, slug: str) -> str:
    """The terms of a glossary. Raises NotFound as for a lesson."""
    found = opened.reading.draft.catalogue.glossary.get(slug) if opened.reading.shows(f"glossary/{slug}") else None
    if found is None:
        raise NotFound("There is no such glossary in this draft.")
    return render_template("drafts/glossary.html", **_common(opened), glossary=found)


@bp.get("/compared")
@opens
def compared(opened: Opened) -> str:
    """What the draft would change on the site, in the language of the page."""
    known = catalogue()
    return render_template("drafts/compared.html", **_common(opened), compared=_compared(opened, known) if known.publication_id else None)


def _compared(opened: Opened, known: Catalogue) -> Compared:
    items = load_published_items(reading())
    return compare_draft(_beside(opened.reading, reading(), known, items), known, items, current_lang(), _before(opened))


def _beside(shown: Reading, session: Session, known: Catalogue, items: list[Item]) -> Reading:
    """The reading, with what must not be shown of the published side hidden too."""
    guarded = site().part(GuardedItems)  # type: ignore[type-abstract]
    hidden = find_hidden(session, shown.draft, known, guarded, now=now(), zone=site().settings.zone, beside=items)
    return Reading(shown.draft, shown.package, hidden, shown.keyed)


def _before(opened: Opened) -> frozenset[str]:
    """The packages of the source where it is published from; none where that cannot be read."""
    sources = site().part(ContentDesk).sources
    source = sources.get(opened.link.source)
    try:
        return list_packages(sources.repository(source), source.branch, source.folder if source.is_remote else "")
    except SiteError:
        return frozenset()


@bp.get("/pictures/<name>")
def picture(token: str, name: str) -> Response:
    """A picture that stands on a page of this draft."""
    shown = open_for_picture(token)
    found = shown.picture(name.partition(".")[0]) if shown else None
    if found is None:
        abort(404)
    answer = Response(found.data, mimetype=found.media_type)
    answer.headers["Content-Security-Policy"] = BLOB_POLICY
    answer.headers["Cache-Control"] = PICTURE_KEPT
    return answer


def _common(opened: Opened) -> dict[str, object]:
    """What the mark on every page says."""
    return {"link": opened.link, "token": opened.token, "draft": opened.reading.draft, "reading": opened.reading}
