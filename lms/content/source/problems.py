"""Problems of content: what is wrong, where, and what to do; the codes stand in lms/content/codes and docs/check-codes.md."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from lms.platform.rules import Phrase, phrase

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """A point in a file of the content tree; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def down(self, lines: int, column: int = 1) -> "Place":
        """The point so many lines further down."""
        return Place(self.file, self.line + lines, column)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of the check."""

    file: str
    line: int
    column: int
    severity: Severity
    code: str
    message: Phrase
    hint: Phrase | None = None

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Files by name, then from the top down."""
        return (self.file, self.line, self.column, self.code, str(self.message))


@dataclass
class Findings:
    """Collects problems while a tree is read; nothing stops at the first one."""

    problems: list[Problem] = field(default_factory=list)

    def error(self, place: Place, code: str, message: Phrase, hint: Phrase | None = None) -> None:
        """Note what holds the package back."""
        self.problems.append(Problem(place.file, place.line, place.column, "error", code, message, hint))

    def warning(self, place: Place, code: str, message: Phrase, hint: Phrase | None = None) -> None:
        """Note what should be looked at but does not hold anything back."""
        self.problems.append(Problem(place.file, place.line, place.column, "warning", code, message, hint))

    def sorted(self) -> list[Problem]:
        """Every problem once, in reading order."""
        found = {problem.order: problem for problem in self.problems}
        return [found[order] for order in sorted(found)]


def did_you_mean(word: str, known: Iterable[str]) -> Phrase:
    """A hint that names the nearest known word, or all of them."""
    words = sorted(known)
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return phrase("Did you mean %(word)s?", word=near[0])
    return phrase("Known here: %(words)s", words=words)
