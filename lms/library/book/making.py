"""The book of a course: its values, its pictures, and the PDF."""

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lms.content.catalogue import Catalogue, Course, Lesson, Term, Words
from lms.content.markup.printed import BLOCKS
from lms.content.markup.printed.tree import Reader, Values
from lms.library.book.scaling import scaled
from lms.library.keeping import SIGNS, digest_of
from lms.library.rules.ordering import order
from lms.platform.documents.pdf import render_folder
from lms.platform.documents.qr import qr_svg
from lms.web.assets import find_asset

TEMPLATE = Path(__file__).parent.parent / "typst" / "book.typ"
Read = Callable[[list[str]], Mapping[str, bytes]]
"""Gives the bytes of pictures by their digests."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands on the cover and in the words of the book, in its language. marks: the word of each degree of certainty; lesson: 'Lesson 2/8 · 6 min'."""

    site: str
    url: str
    version_line: str
    date_line: str
    words: Mapping[str, str]
    marks: Mapping[str, str]
    foreign: str
    kicker: Callable[[int, Lesson], str]


def make_book(course: Course, catalogue: Catalogue, lang: str, cover: Cover, read: Read) -> bytes:
    """The PDF of a course in a language; a lesson that is not translated stands in its source language and says so."""
    reader = Reader()
    lessons = [_lesson(course, number, reader, lang, cover) for number in range(len(course.lessons))]
    if course.cover:
        reader.pictures[course.cover] = None
    used = {id_ for lesson in course.lessons for made in [catalogue.explained.get(lesson.digest, {}).get(lang)] if made for id_ in made.terms}
    data: dict[str, object] = {
        "lang": lang,
        "title": _in(course.title, lang),
        "short": _short(_in(course.title, lang)),
        "summary": _in(course.summary, lang),
        "site": cover.site,
        "url": cover.url,
        "version": course.digest[:10],
        "version-line": cover.version_line,
        "date-line": cover.date_line,
        "cover": course.cover,
        "words": cover.words,
        "lessons": lessons,
        "answers": reader.answers,
        "terms": _terms([term for id_, term in catalogue.terms.items() if id_ in used], lang),
    }
    return _print(data, list(reader.pictures), read)


def _lesson(course: Course, place: int, reader: Reader, lang: str, cover: Cover) -> dict[str, object]:
    lesson = course.lessons[place]
    shown = lang if lang in lesson.html else "vi" if "vi" in lesson.html else next(iter(lesson.html))
    body: Values = reader.lesson(lesson.html[shown])
    basis = lesson.basis.get(shown, ())
    return {
        "title": _in(lesson.title, lang),
        "kicker": cover.kicker(place + 1, lesson),
        "lang": shown,
        "foreign": "" if shown == lang else cover.foreign,
        "body": body,
        "basis": [{"kind": cover.marks[one.certainty], "text": one.text} for one in basis],
    }


def _terms(terms: list[Term], lang: str) -> list[dict[str, str]]:
    made = [{"word": _in(term.words, lang), "meaning": _in(term.meaning, lang)} for term in terms]
    return sorted(made, key=lambda row: order(row["word"], lang))


def _print(data: dict[str, object], pictures: list[str], read: Read) -> bytes:
    """Everything in a folder of its own, which is all that typst can see."""
    with tempfile.TemporaryDirectory(prefix="vean-book-") as name:
        folder = Path(name)
        found = read([digest_of(picture) for picture in pictures])
        made = scaled({picture.rpartition("/")[2]: found[digest_of(picture)] for picture in pictures if digest_of(picture) in found})
        names = {picture: made[file][0] for picture in pictures if (file := picture.rpartition("/")[2]) in made}
        for file, body in made.values():
            (folder / file).write_bytes(body)
        for sign in SIGNS:
            asset = find_asset(f"img/sign-{sign}.svg")
            (folder / f"sign-{sign}.svg").write_bytes(asset.body if asset else b"")
        (folder / "qr.svg").write_text(qr_svg(str(data["url"])), "utf-8")
        (folder / "data.json").write_text(json.dumps(data | {"pictures": names}, ensure_ascii=False), "utf-8")
        main = folder / "book.typ"
        main.write_bytes(TEMPLATE.read_bytes())
        (folder / BLOCKS.name).write_bytes(BLOCKS.read_bytes())
        return render_folder(main)


def _in(words: Words, lang: str) -> str:
    return words.get(lang) or words.get("vi") or next(iter(words.values()), "")


def _short(title: str, length: int = 60) -> str:
    return title if len(title) <= length else f"{title[: length - 1]}…"
