"""A draft beside what is published, as far as the reader of the link may see either side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from lms.content.catalogue import Catalogue, Course, Item
from lms.content.differing.differences import Difference, differences
from lms.drafts.reading import Reading, visible

KEPT = 24
MOST = 100
"""Lessons and questions that are compared on one page; the rest is counted no further."""


@dataclass(frozen=True, slots=True)
class Compared:
    """publication: beside which one; shown: lessons and questions that differ; more: there are others; gone: packages that the draft takes away."""

    publication: int
    shown: tuple[Difference, ...]
    more: bool
    gone: tuple[str, ...]


def compare_draft(reading: Reading, published: Catalogue, items: Iterable[Item], lang: str, before: frozenset[str]) -> Compared:
    """What the packages of the draft would change on the site. Reckoned once for a draft, a publication and a kind of reader.

    items: published ones; before: the packages that the source holds where it is published from: those that the draft lacks are taken away.
    """
    key = (published.digest, reading.package, reading.keyed, reading.hidden, lang)
    known = reading.draft.compared
    found = known.get(key)
    if found is None:
        found = _compare(reading, published, items, lang, before)
        if len(known) >= KEPT:
            known.clear()
        known[key] = found
    return cast("Compared", found)


def _compare(reading: Reading, published: Catalogue, items: Iterable[Item], lang: str, before: frozenset[str]) -> Compared:
    shown_items = [item for item in items if "/".join(item.place.split("/")[:2]) in reading.packages]
    was = _courses(reading, published, {item.id: item for item in shown_items}, lang)
    now = _courses(reading, reading.draft.catalogue, {item.id: item for item in reading.draft.items}, lang)
    broken = frozenset(reading.draft.held)
    found = differences(was, visible(shown_items, reading), now, visible(reading.draft.items, reading), lang, broken, keys=reading.keyed, most=MOST + 1)
    site = {*(f"courses/{slug}" for slug in published.courses), *(f"quizzes/{slug}" for slug in published.quizzes)}
    gone = sorted(name for name in (before & site) - set(reading.draft.packages) if reading.shows(name))
    return Compared(published.publication_id, tuple(found[:MOST]), len(found) > MOST, tuple(gone))


def _courses(reading: Reading, catalogue: Catalogue, items: Mapping[str, Item], lang: str) -> Catalogue:
    """The courses that are shown, with their lessons as the reader may see them."""
    courses = {slug: _cleared(reading, course, items, lang) for slug, course in catalogue.courses.items() if f"courses/{slug}" in reading.packages}
    return Catalogue(catalogue.digest, courses)


def _cleared(reading: Reading, course: Course, items: Mapping[str, Item], lang: str) -> Course:
    lessons = [replace(one, html={lang: reading.cleared(one.html[lang], lang, items)}) if lang in one.html else one for one in course.lessons]
    return replace(course, lessons=tuple(lessons))
