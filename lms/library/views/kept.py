"""Courses kept on the phone: pages without the frame of who is signed in, the list of what to fetch, and the service worker that shows them."""

from flask import Response, g, jsonify, render_template, request
from flask_login import current_user

from lms.content.access import catalogue
from lms.content.service.pictures import total_bytes
from lms.errors import NotFound
from lms.learning.lesson_text import lesson_text
from lms.learning.views import get_course, get_lesson, place_of
from lms.library.keeping import digest_of, list_kept
from lms.library.views.blueprint import bp
from lms.people.access import current_person, login_required
from lms.people.owner import owner_mark
from lms.platform.i18n import LANGUAGES, current_lang, pick, show_date
from lms.platform.site import now, reading, site, today
from lms.web.assets import find_asset

WORKER = "js/service_worker.js"


@bp.url_value_preprocessor
def _language(endpoint: str | None, values: dict[str, str] | None) -> None:  # noqa: ARG001  (Flask's form)
    """The language of a kept page stands in its address: it is read without a server that could look at a cookie."""
    if values and "lang" in values:
        lang = values.pop("lang")
        g.lang = lang if lang in LANGUAGES else "vi"
        g.unknown_lang = lang not in LANGUAGES


@bp.before_request
def _known_language() -> None:
    if g.get("unknown_lang"):
        raise NotFound("There is no such language.")


@bp.get("/service-worker.js")
def worker() -> Response:
    """The service worker; at the root of the site, for its place decides which pages it may serve."""
    asset = find_asset(WORKER)
    assert asset is not None
    answer = Response(asset.body, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(asset.version)
    answer.make_conditional(request)
    return answer


@bp.get("/offline")
def kept() -> str:
    """What is kept on this phone, in the reader's language; the page's script looks it up."""
    return render_template("library/kept_list.html", lang_code=current_lang())


@bp.get("/offline/<lang>")
def kept_list() -> str:
    """The same as a page that can be kept itself."""
    return render_template("library/kept_list.html", lang_code=current_lang())


@bp.get("/offline/owner")
def owner() -> Response:
    """Whose phone this is now: a mark that names nobody, empty where nobody is signed in."""
    return jsonify(owner=owner_mark(site().settings.secret_key, current_user.person_id) if current_user.is_authenticated else "")


@bp.get("/offline/<lang>/list/<slug>")
@login_required
def kept_what(slug: str) -> Response:
    """What to fetch to keep a course, and how much that is."""
    course = get_course(slug)
    what = list_kept(course, catalogue(), current_lang(), site().settings.site_name)
    return jsonify(
        slug=slug,
        lang=current_lang(),
        title=pick(course.title),
        version=what.version,
        on=show_date(today()),
        pages=what.pages,
        files=[*what.files, *what.pictures],
        bytes=what.bytes + total_bytes(reading(), [digest_of(picture) for picture in what.pictures]),
        owner=owner_mark(site().settings.secret_key, current_person().person_id),
    )


@bp.get("/offline/<lang>/courses/<slug>")
@login_required
def kept_course(slug: str) -> str:
    """A kept course: its lessons."""
    return render_template("library/kept_course.html", course=get_course(slug), lang_code=current_lang(), at=now())


@bp.get("/offline/<lang>/courses/<slug>/<lesson_slug>")
@login_required
def kept_lesson(slug: str, lesson_slug: str) -> str:
    """A kept lesson, the same for everybody."""
    course = get_course(slug)
    lesson = get_lesson(course, lesson_slug)
    here = place_of(course, lesson)
    return render_template("library/kept_lesson.html", course=course, lesson=lesson, here=here, text=lesson_text(lesson), lang_code=current_lang(), at=now())
