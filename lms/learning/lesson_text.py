"""A lesson as it is read: its HTML with terms that lead to their meaning, made when the publication was loaded."""

from dataclasses import dataclass

from lms.content.access import catalogue
from lms.content.catalogue import Lesson, Term
from lms.platform.i18n import current_lang, pick


@dataclass(frozen=True, slots=True)
class LessonText:
    """Clean HTML of a lesson in the reader's language (or the one it falls back to), and the terms that it explains at its foot."""

    html: str
    terms: tuple[Term, ...]


def lesson_text(lesson: Lesson) -> LessonText:
    """The lesson for the present reader; it costs a look into memory."""
    known = catalogue()
    by_lang = known.explained.get(lesson.digest, {})
    lang = next((code for code in (current_lang(), "vi", *by_lang) if code in by_lang), None)
    if lang is None:
        return LessonText(pick(lesson.html), ())
    made = by_lang[lang]
    return LessonText(made.html, tuple(known.terms[id_] for id_ in made.terms))
