"""The plain form of a text as such: UTF-8 without a mark, NFC, LF, blanks instead of tabs, none at the ends of lines, one newline at the end."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from lms.content.source.plain import TAB
from lms.platform.rules import Phrase, phrase

BLANKS = " \t\u00a0\u3000"
BREAK = re.compile("\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Note:
    """What was done, and at which line (from 1)."""

    line: int
    what: Phrase


class NotText(ValueError):
    """The bytes are not UTF-8; `line` is where that shows first."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def plain_lines(data: bytes) -> tuple[list[str], list[Note]]:
    """The lines of a text in plain form, and what had to be done for it. Raises NotText where the bytes are not UTF-8."""
    try:
        raw = data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise NotText(data.count(b"\n", 0, wrong.start) + 1) from wrong
    notes = [Note(1, phrase("byte-order mark taken out"))] if raw.startswith("\ufeff") else []
    raw = raw.removeprefix("\ufeff")
    given = BREAK.split(raw)
    notes += _once(phrase("line ends made plain"), _foreign_ends(raw))
    composed = [unicodedata.normalize("NFC", line) for line in given]
    notes += _once(phrase("accents composed (NFC)"), (number for number, line in enumerate(given, 1) if line != composed[number - 1]))
    spaced = [line.expandtabs(TAB) for line in composed]
    notes += _once(phrase("tabs made blanks"), (number for number, line in enumerate(composed, 1) if line != spaced[number - 1]))
    lines = [line.rstrip(BLANKS) for line in spaced]
    notes += _once(phrase("blanks at the end of the line taken out"), (number for number, line in enumerate(spaced, 1) if line != lines[number - 1]))
    count = len(lines)
    while lines and not lines[-1]:
        lines.pop()
    if lines and count != len(lines) + 1:
        notes.append(Note(len(lines), phrase("one newline at the end of the file")))
    return lines, notes


def bytes_of(lines: Iterable[str]) -> bytes:
    """The file of these lines."""
    return "".join(f"{line}\n" for line in lines).encode()


def _foreign_ends(raw: str) -> Iterable[int]:
    number = 1
    for end in BREAK.finditer(raw):
        if end[0] != "\n":
            yield number
        number += 1


def _once(what: Phrase, numbers: Iterable[int]) -> list[Note]:
    """One note for all the lines to which the same was done: the first, and how many."""
    there = list(numbers)
    if not there:
        return []
    return [Note(there[0], what if len(there) == 1 else phrase("%(what)s (%(n)s lines)", what=what, n=len(there)))]
