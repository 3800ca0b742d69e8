"""Terms of the glossary in lessons: the first occurrence of each becomes a link to its meaning at the foot of the lesson.

Works on the clean HTML of the renderer, whose attributes stand in double quotes. Nothing is marked inside headings, links, code and self-checks.
"""

import html
import re
from collections.abc import Iterable, Mapping, Sequence

from lms.content.catalogue import Course, Explained, Term

TAG = re.compile(r'<(?P<closing>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?P<rest>(?:[^>"]|"[^"]*")*)>')
VOID = frozenset({"br", "hr", "img", "input"})
UNTOUCHED = frozenset({"a", "button", "code", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "kbd", "label", "pre", "section", "summary", "th"})
PLURALS = ("", "s", "es")
TITLE = 'class="admonition-title"'
WORD = re.compile(r"[^\W_]+")
HAN = re.compile(r"[\u3400-\u9fff]")
ENTITY = re.compile(r"&(?:#\w+|\w+);")


class TermFinder:
    """Finds the terms of one language: by the first word of a spelling (the first character in Chinese), then the longest that fits."""

    def __init__(self, terms: Iterable[Term], lang: str) -> None:
        self._lang = lang
        self._start = HAN if lang == "zh" else WORD
        spelled: dict[str, dict[str, str]] = {}
        for term in terms:
            for spelling in (term.words.get(lang, ""), *term.also.get(lang, ())):
                first = self._start.search(spelling)
                if first and first.start() == 0:
                    alone = lang == "en" and first.end() == len(spelling)
                    for ending in PLURALS if alone else PLURALS[:1]:
                        spelled.setdefault(first.group().casefold() + ending, {})[spelling] = term.id
        self._ids = {html.escape(spelling, quote=False).casefold(): id_ for found in spelled.values() for spelling, id_ in found.items()}
        self._known = {first: self._pattern(found) for first, found in spelled.items()}

    def _pattern(self, spellings: Iterable[str]) -> re.Pattern[str]:
        longest = sorted((html.escape(spelling, quote=False) for spelling in spellings), key=len, reverse=True)
        plural, end = ("(?:s|es)?", r"(?!\w)") if self._lang == "en" else ("", "" if self._lang == "zh" else r"(?!\w)")
        return re.compile(f"({'|'.join(map(re.escape, longest))}){plural}{end}", re.IGNORECASE)

    def mark(self, text: str, seen: dict[str, None]) -> str:
        """A run of escaped text with the terms that are not in `seen` marked; they are added to it."""
        made: list[str] = []
        at = 0
        for start in self._start.finditer(text):
            pattern = self._known.get(start.group().casefold())
            found = pattern.match(text, start.start()) if pattern and start.start() >= at else None
            if not found:
                continue
            made.append(text[at : found.start()])
            made.append(self._link(found, seen))
            at = found.end()
        made.append(text[at:])
        return "".join(made)

    def _link(self, found: re.Match[str], seen: dict[str, None]) -> str:
        id_ = self._ids.get(found[1].casefold())
        if id_ is None or id_ in seen:
            return found[0]
        seen[id_] = None
        return f'<a class="term" role="doc-glossref" id="at-{id_}" href="#term-{id_}" aria-describedby="meaning-{id_}">{found[0]}</a>'


def explain(clean: str, finder: TermFinder) -> Explained:
    """A lesson's clean HTML with the first occurrence of each term marked."""
    made: list[str] = []
    seen: dict[str, None] = {}
    closed: list[str] = []
    at = 0
    for tag in TAG.finditer(clean):
        made.append(_text(clean[at : tag.start()], finder, seen, touch=not closed))
        made.append(tag[0])
        at = tag.end()
        name = tag["name"].lower()
        if name in VOID or tag["rest"].endswith("/"):
            continue
        if not tag["closing"] and (closed or name in UNTOUCHED or TITLE in tag["rest"]):
            closed.append(name)
        elif tag["closing"] and closed:
            closed.pop()
    made.append(_text(clean[at:], finder, seen, touch=not closed))
    return Explained("".join(made), tuple(seen))


def _text(text: str, finder: TermFinder, seen: dict[str, None], *, touch: bool) -> str:
    """Entities stay whole: a term is sought between them."""
    if not touch or not text.strip():
        return text
    at, made = 0, []
    for entity in ENTITY.finditer(text):
        if entity[0] != "&amp;":
            made += [finder.mark(text[at : entity.start()], seen), entity[0]]
            at = entity.end()
    return "".join([*made, finder.mark(text[at:], seen)])


def explain_lessons(courses: Iterable[Course], terms: Sequence[Term], known: Mapping[str, Mapping[str, Explained]]) -> dict[str, Mapping[str, Explained]]:
    """The lessons of courses with their terms marked, by digest and language; `known` holds those made of the same terms before."""
    finders: dict[str, TermFinder] = {}
    made: dict[str, Mapping[str, Explained]] = {}
    for course in courses:
        for lesson in course.lessons:
            if lesson.digest in known:
                made[lesson.digest] = known[lesson.digest]
                continue
            for lang in lesson.html:
                if lang not in finders:
                    finders[lang] = TermFinder(terms, lang)
            made[lesson.digest] = {lang: explain(text, finders[lang]) for lang, text in lesson.html.items()}
    return made
