"""What the reader of a link sees of a draft: one package or all, without what is hidden, and with keys only for who may see them on the site anyway."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from lms.assessment.service.papers import Placed
from lms.assessment.service.sheet import Question, question_of
from lms.content.catalogue import Course, Item, Lesson, Term, Words
from lms.content.codes import CODES, GROUPS
from lms.content.markup.keyless import without_items, without_keys
from lms.content.packages.compiler import package_of
from lms.content.packages.workspace import Package
from lms.content.source.media import PREFIX, Blob
from lms.content.source.problems import Problem, Severity
from lms.content.source.tree import KINDS
from lms.drafts.draft import Draft
from lms.platform.rules import Phrase

TELLING = frozenset(code.code for group in ("Items", "Answers", "Translations") for code in GROUPS[group])
"""Problems whose words may hold parts of an answer."""


@dataclass(frozen=True, slots=True)
class Told:
    """A problem as it is told: where, and what; without the lines of the file."""

    file: str
    line: int
    severity: Severity
    code: str
    message: Phrase | None
    hint: Phrase | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a bank with its question."""

    item: Item
    question: Question


@dataclass(frozen=True, slots=True)
class BankShown:
    """A bank as it is shown; kept_back: how many of its items are not."""

    name: str
    entries: tuple[Entry, ...]
    kept_back: int


@dataclass(frozen=True)
class Reading:
    """A draft for one reader. package: what the link is limited to, '' for all of it; keyed: whether keys are shown."""

    draft: Draft
    package: str
    hidden: frozenset[str]
    keyed: bool

    @cached_property
    def packages(self) -> Mapping[str, Package]:
        """What is shown, by name."""
        return {name: package for name, package in self.draft.packages.items() if self.shows(name)}

    @cached_property
    def names(self) -> list[str]:
        """All that is shown or has problems, courses first."""
        names = {*self.packages, *(name for problem in self.draft.problems if self.shows(name := package_of(problem.file)))}
        return sorted(names, key=lambda name: (KINDS.index(name.split("/")[0]), name))

    def shows(self, name: str) -> bool:
        """Whether a package belongs to what the link shows."""
        return self.package in ("", name)

    def problems_of(self, name: str) -> list[Told]:
        """What the check finds in a package."""
        return [self._told(problem) for problem in self.draft.problems_of(name)]

    def problems_in(self, course: str, lesson: str) -> list[Told]:
        """What the check finds in the files of a lesson."""
        return [self._told(problem) for problem in self.draft.problems if problem.file.startswith(f"courses/{course}/{lesson}.")]

    def _told(self, problem: Problem) -> Told:
        """Without keys, what may speak of an answer is told in the words that the list of codes has for all."""
        code = CODES.get(problem.code)
        message: Phrase | None = problem.message
        hint = problem.hint
        if not self.keyed and (problem.code in TELLING or code is None or _is_bank(problem.file)):
            message, hint = (code.says, code.todo) if code else (None, None)
        return Told(problem.file, problem.line, problem.severity, problem.code, message, hint)

    def course(self, slug: str) -> Course | None:
        """A course that is shown and could be made."""
        return self.draft.course(slug) if self.shows(f"courses/{slug}") else None

    def lesson_html(self, course: Course, lesson: Lesson, lang: str) -> tuple[str, tuple[Term, ...]]:
        """A lesson in one of its languages with its terms."""
        explained = self.draft.catalogue.explained.get(lesson.digest, {}).get(lang)
        terms = tuple(self.draft.catalogue.terms[id_] for id_ in explained.terms) if explained else ()
        return self.cleared(explained.html if explained else lesson.html[lang], lang, self._items(f"courses/{course.slug}")), terms

    def cleared(self, html: str, lang: str, items: Mapping[str, Item]) -> str:
        """The HTML of a lesson without what this reader must not see."""
        return (without_items if self.keyed else without_keys)(html, lang, items, self.hidden)

    def _items(self, name: str) -> dict[str, Item]:
        return {item.id: item for item in self.draft.packages[name].items}

    def banks(self, slug: str) -> list[BankShown] | None:
        """The banks of a quiz that is shown; None where there is no such quiz."""
        package = self.packages.get(f"quizzes/{slug}")
        if package is None:
            return None
        numbers = count(1)
        names = dict.fromkeys(item.bank for item in package.items)
        return [self._bank(name, [item for item in package.items if item.bank == name], numbers) for name in names]

    def _bank(self, name: str, items: list[Item], numbers: Iterator[int]) -> BankShown:
        shown = [item for item in items if item.id not in self.hidden]
        entries = tuple(Entry(item, question_of(_placed(next(numbers), item), None, frozenset())) for item in shown)
        return BankShown(name, entries, len(items) - len(shown))

    def picture(self, digest: str) -> Blob | None:
        """A picture that stands on a page of this reader; None for any other, whoever knows its name."""
        blob = self.draft.blobs.get(digest)
        address = f"{PREFIX}{digest}"
        return blob if blob and any(address in html for html in self._pages(address)) else None

    def _pages(self, address: str) -> Iterator[str]:
        """All HTML that this reader is shown, as far as it may hold an address."""
        for name, package in self.packages.items():
            if isinstance(package.made, Course):
                yield package.made.cover or ""
                items = self._items(name)
                yield from (self.cleared(html, lang, items) for one in package.made.lessons for lang, html in one.html.items() if address in html)
            if name.startswith("quizzes/"):
                yield from (html for item in package.items if item.id not in self.hidden for html in self._texts(item))

    def _texts(self, item: Item) -> Iterator[str]:
        asked: list[Words] = [item.prompt, item.picture, *item.columns, *([item.case.prompt] if item.case else [])]
        asked += [choice.html for choice in (*item.choices, *item.targets)]
        if self.keyed:
            asked += [item.explanation, *(choice.feedback for choice in item.choices)]
        return (html for words in asked for html in words.values())


def visible(items: Iterable[Item], reading: Reading) -> list[Item]:
    """Items that the reader may be shown."""
    return [item for item in items if item.id not in reading.hidden and reading.shows("/".join(item.place.split("/")[:2]))]


def _is_bank(file: str) -> bool:
    return file.startswith("quizzes/") and file.endswith(".md")


def _placed(n: int, item: Item) -> Placed:
    """An item in the order of the file."""
    return Placed(n, item, "".join(choice.letter for choice in item.choices), "".join(target.letter for target in item.targets))
