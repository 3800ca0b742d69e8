"""A course as a PDF book."""

import hashlib
from collections.abc import Mapping

from flask import Response, request

from lms.content.access import catalogue
from lms.content.catalogue import Catalogue, Course
from lms.content.digests import digest_json
from lms.content.markup.printed import BLOCKS
from lms.content.service.pictures import read_pictures
from lms.learning.views import get_course
from lms.library.book.making import TEMPLATE, Cover, make_book
from lms.library.book.shelf import Shelf
from lms.library.views.blueprint import bp
from lms.people.access import login_required
from lms.platform.i18n import current_lang, gettext, show_date
from lms.platform.site import close_reading, site, today
from lms.web.assets import address

VERSION = "2"
"""Raise it when the same course must give another book and the template is not what changed."""


@bp.get("/courses/<slug>/book.pdf")
@login_required
def book(slug: str) -> Response:
    """The book of a course in the reader's language."""
    course, known, lang = get_course(slug), catalogue(), current_lang()
    key = _key(course, known, lang)
    cover = _cover(course)
    close_reading()
    made = site().part(Shelf).get(key, lambda: make_book(course, known, lang, cover, _read))
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-{lang}.pdf"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(key[:32])
    answer.make_conditional(request)
    return answer


def _key(course: Course, known: Catalogue, lang: str) -> str:
    """The digest of all that is in the book but the day on which it was made."""
    glossaries = sorted(glossary.digest for glossary in known.glossary.values())
    template = hashlib.sha256(TEMPLATE.read_bytes() + BLOCKS.read_bytes()).hexdigest()
    return digest_json(VERSION, template, course.digest, glossaries, lang, site().settings.site_name, site().settings.public_url)


def _read(digests: list[str]) -> Mapping[str, bytes]:
    with site().db.reading() as session:
        return read_pictures(session, digests)


def _cover(course: Course) -> Cover:
    all_ = len(course.lessons)
    words = {
        "contents": gettext("Contents"),
        "sources": gettext("Sources"),
        "answers": gettext("Answers to the self-checks"),
        "answer": gettext("Answer:"),
        "page": gettext("page"),
        "check": gettext("Self-check"),
        "terms": gettext("Words in this course"),
        "about": gettext("A copy to read. Study time and tests are on the site:"),
    }
    law = gettext("Law")
    return Cover(
        site=site().settings.site_name,
        url=site().settings.public_url.rstrip("/") + address("learning.course", slug=course.slug),
        version_line=gettext("Version %(v)s of the course, text %(digest)s.", v=course.version, digest=course.digest[:10]),
        date_line=gettext("Made on %(day)s.", day=show_date(today())),
        words=words,
        marks={"S": law, "D": law, "S2": gettext("Secondary source"), "K": gettext("Good practice"), "site": gettext("Site rule")},
        foreign=gettext("This lesson is not translated yet; you read it in its source language."),
        kicker=lambda number, lesson: gettext("Lesson %(n)s/%(all)s · %(m)s min", n=number, all=all_, m=lesson.minutes),
    )
