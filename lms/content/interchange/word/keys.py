"""Answer tables and answer lines at the end of a document."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lms.content.interchange.word.document import Table
from lms.content.interchange.word.signs import ANSWER, KEY_HEAD, LETTERS, PAIR, letters_of

Pair = tuple[int, str]
NUMBER = re.compile(r"(?:câu(?:\s+hỏi)?|question|q|第)?\s*(?P<n>\d{1,4})\s*题?\s*[.:)：]?$", re.IGNORECASE)
LETTER = re.compile(rf"{LETTERS}$")
HEAD = re.compile(
    r"(?:stt|tt|số|no\.?|câu(?:\s*(?:hỏi|số))?|question|đáp\s*án(?:\s*đúng)?|đ/?a|answer|key|题号|序号|题目?|(?:正确)?答案)?\s*[:.]?$", re.IGNORECASE
)


def pairs_in_line(text: str) -> list[Pair]:
    """'1-A 2-C' as pairs; empty unless the whole line is nothing else (but for a heading in front)."""
    plain = text.replace("\xa0", " ")
    head = re.match(r"\s*(?:bảng\s+)?(?:đáp\s*án|answers?(?:\s+key)?|(?:参考)?答案)\s*[:：]", plain, re.IGNORECASE)
    rest = plain[head.end() :] if head else plain
    found = [(int(match["n"]), letters_of(match["letters"])) for match in PAIR.finditer(rest)]
    left = PAIR.sub("", rest)
    return found if found and not re.search(r"\w", left) else []


def is_key_head(text: str) -> bool:
    """Whether a line is the heading of the answers."""
    answer = ANSWER.match(text)
    return bool(KEY_HEAD.match(text)) and not (answer and answer["said"].strip("：: ."))


def pairs_in_table(table: Table) -> list[Pair]:
    """The pairs of an answer table: '1-A' in cells, numbers above letters, or numbers beside letters; empty if it is something else."""
    rows = [[" ".join(p.shown for p in cell).replace("\xa0", " ").strip() for cell in row] for row in table.rows]
    cells = [cell for row in rows for cell in row if cell]
    if not cells or not all(NUMBER.match(cell) or LETTER.match(cell) or HEAD.match(cell) or pairs_in_line(cell) for cell in cells):
        return []
    joined = [pair for cell in cells for pair in (pairs_in_line(cell) if not LETTER.match(cell) else [])]
    return joined or list(_across(rows)) or list(_beside(rows))


def _across(rows: Sequence[Sequence[str]]) -> Iterator[Pair]:
    """A row of numbers above a row of letters."""
    for upper, lower in pairwise(rows):
        pairs = [(NUMBER.match(n), LETTER.match(letter)) for n, letter in zip(upper, lower, strict=False)]
        good = [(int(n["n"]), letters_of(letter[0])) for n, letter in pairs if n and letter]
        if good:
            yield from good


def _beside(rows: Sequence[Sequence[str]]) -> Iterator[Pair]:
    """A number with its letter in the next cell."""
    for row in rows:
        for left, right in pairwise(row):
            number, letter = NUMBER.match(left), LETTER.match(right)
            if number and letter:
                yield int(number["n"]), letters_of(letter[0])
