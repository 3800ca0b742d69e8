"""One code of the check."""

from dataclasses import dataclass

from lms.content.source.problems import Severity
from lms.platform.rules import Phrase


@dataclass(frozen=True, slots=True)
class Code:
    """A code: `says` what is wrong, `todo` what to do about it; `bad` and `good` are lines of a content file, empty where no line shows it."""

    code: str
    severity: Severity
    says: Phrase
    todo: Phrase
    bad: str = ""
    good: str = ""


def error(code: str, says: Phrase, todo: Phrase, bad: str = "", good: str = "") -> Code:
    """A code that holds its package back."""
    return Code(code, "error", says, todo, bad, good)


def warning(code: str, says: Phrase, todo: Phrase, bad: str = "", good: str = "") -> Code:
    """A code that holds nothing back."""
    return Code(code, "warning", says, todo, bad, good)
