"""What of a published text can be found: its words without HTML. Self-checks are left out whole, for their keys stand in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from lms.content.catalogue import Course, Glossary, Lesson, Term

LANGS = ("vi", "zh", "en")
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
VOID = frozenset({"br", "hr", "img", "input"})
HIDDEN_CLASSES = frozenset({"footnote-ref", "footnote-backref", "self-check-case"})
RUNNING = frozenset({"a", "b", "code", "del", "em", "kbd", "span", "strong", "sub", "sup"})
"""Elements that part no words."""


@dataclass(frozen=True, slots=True)
class Findable:
    """A page in one language as the search sees it. beside: what counts as much as a heading."""

    kind: str
    language: str
    course: str
    slug: str
    title: str
    beside: str
    text: str


class _Plain(HTMLParser):
    """Text of clean HTML: headings apart, self-checks and the signs of footnotes left out, what is seen in pictures told."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.headings: list[str] = []
        self._hidden = 0
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in VOID:
            if not self._hidden:
                self.text.append(f" {given.get('alt') or ''} ")
            return
        if self._hidden or tag == "section" or (given.get("class") or "") in HIDDEN_CLASSES:
            self._hidden += 1
        elif tag in HEADINGS:
            self._in_heading = True
        self.text.append("" if tag in RUNNING else " ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._hidden:
            self._hidden -= 1
        elif tag in HEADINGS:
            self._in_heading = False
            self.headings.append(" ")
        self.text.append("" if tag in RUNNING else " ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(data)
            if self._in_heading:
                self.headings.append(data)


def plain(clean: str) -> tuple[str, str]:
    """The text and the headings of a lesson's clean HTML, without its self-checks."""
    reader = _Plain()
    reader.feed(clean)
    reader.close()
    return " ".join("".join(reader.text).split()), " ".join("".join(reader.headings).split())


def of_course(course: Course) -> Iterator[Findable]:
    """A course and its lessons in every language; where a translation is missing, in the one that readers get."""
    for lang in LANGS:
        yield Findable("course", lang, "", course.slug, _in(course.title, lang), "", _in(course.summary, lang))
        for lesson in course.lessons:
            yield _of_lesson(course, lesson, lang)


def _of_lesson(course: Course, lesson: Lesson, lang: str) -> Findable:
    text, headings = plain(_in(lesson.html, lang))
    return Findable("lesson", lang, course.slug, lesson.slug, _in(lesson.title, lang), headings, text)


def of_glossary(glossary: Glossary) -> Iterator[Findable]:
    """The terms; each is found by its spellings in all languages, whatever language is read."""
    for lang in LANGS:
        for term in glossary.terms:
            yield Findable("term", lang, "", term.id, _in(term.words, lang), _spellings(term), _in(term.meaning, lang))


def _spellings(term: Term) -> str:
    return " · ".join([*term.words.values(), *(spelling for those in term.also.values() for spelling in those)])


def _in(words: Mapping[str, str], lang: str) -> str:
    """As `pick` shows it: the language, else Vietnamese, else what there is."""
    return words.get(lang) or words.get("vi") or next(iter(words.values()), "")
