"""What a course needs to be read without a network: its pages in a form without anybody's data, its pictures, and the files of the site."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.catalogue import Catalogue, Course, Words
from lms.content.digests import digest_json
from lms.web.assets import address, find_asset

VERSION = "1"
"""Raise it when kept pages look different: every kept course is then brought up to date."""

PICTURE = re.compile(r'src="(/content/blob/[0-9a-f]{64}\.[a-z]+)"')
SIGNS = ("caution", "danger", "first-aid", "mandatory", "note", "prohibited", "warning")
VERSIONED = (
    *(f"css/{sheet}.css" for sheet in ("tokens", "base", "components", "pages", "print", "learning", "content", "library")),
    *(f"js/{module}.js" for module in ("app", "content", "terms", "kept")),
    "icons.svg",
    "img/logo.svg",
    "img/logo-180.png",
)
UNVERSIONED = (
    "fonts/be-vietnam-pro-latin-400.woff2",
    "fonts/be-vietnam-pro-vietnamese-400.woff2",
    *(f"img/sign-{sign}.svg" for sign in SIGNS),
)
"""Files that style sheets name, without a version in their address."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What to fetch: pages and files as addresses. version: changes with anything that would be shown; bytes: of files and texts, without pictures."""

    version: str
    pages: tuple[str, ...]
    files: tuple[str, ...]
    pictures: tuple[str, ...]
    bytes: int


def list_kept(course: Course, catalogue: Catalogue, lang: str, site_name: str) -> Kept:
    """What a phone fetches to keep a course in a language."""
    assets = {name: asset for name in (*VERSIONED, *UNVERSIONED) if (asset := find_asset(name))}
    glossaries = sorted(glossary.digest for glossary in catalogue.glossary.values())
    versions = sorted((name, asset.version) for name, asset in assets.items())
    texts = [_in_lang(lesson.html, lang) for lesson in course.lessons]
    return Kept(
        version=digest_json(VERSION, course.digest, glossaries, versions, lang, site_name)[:16],
        pages=(
            address("library.kept_list", lang=lang),
            address("library.kept_course", lang=lang, slug=course.slug),
            *(address("library.kept_lesson", lang=lang, slug=course.slug, lesson_slug=lesson.slug) for lesson in course.lessons),
        ),
        files=(*(address("static", filename=name) for name in VERSIONED), *(address("static", filename=name, v=None) for name in UNVERSIONED)),
        pictures=pictures_of(texts),
        bytes=sum(len(asset.packed or asset.body) for asset in assets.values()) + sum(len(text.encode()) for text in texts),
    )


def pictures_of(texts: Sequence[str]) -> tuple[str, ...]:
    """The addresses of the pictures in clean HTML, each once."""
    return tuple(dict.fromkeys(found for text in texts for found in PICTURE.findall(text)))


def digest_of(picture: str) -> str:
    """The digest in the address of a picture."""
    return picture.rpartition("/")[2].partition(".")[0]


def _in_lang(words: Words, lang: str) -> str:
    return words.get(lang) or words.get("vi") or next(iter(words.values()), "")
