"""Tables in which each row is a question: a column for its words, others for its number, choices, answer and explanation."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lms.content.interchange.word.document import Paragraph, Table

HEADS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("letter", re.compile(r"(?:(?:đáp|phương)\s*án|lựa\s*chọn|选项|option|choice)?\s*(?P<letter>[A-H])\s*[.:)]?$", re.IGNORECASE)),
    (
        "answer",
        re.compile(r"(?:đáp\s*án|đ\s*[/.]\s*a|trả\s*lời)(?:\s*đúng)?\s*[.:]?$|(?:正确|参考)?答案$|(?:correct\s+|right\s+)?(?:answer|key)$", re.IGNORECASE),
    ),
    ("explained", re.compile(r"giải\s*thích.{0,20}$|căn\s*cứ.{0,20}$|解析$|说明$|explanation$|rationale$", re.IGNORECASE)),
    (
        "choices",
        re.compile(r"(?:các\s*)?(?:phương\s*án|lựa\s*chọn|đáp\s*án)(?:\s*(?:trả\s*lời|lựa\s*chọn))?$|选项$|(?:options|choices|answers)$", re.IGNORECASE),
    ),
    ("number", re.compile(r"(?:stt|tt|số(?:\s*tt)?|câu(?:\s*số)?|no\.?|#|序号|题号|编号)\s*[.:]?$", re.IGNORECASE)),
    (
        "question",
        re.compile(r"(?:nội\s*dung(?:\s*câu\s*hỏi)?|câu\s*hỏi.{0,20}|question(?:\s*text)?|题目(?:内容)?|题干|试题(?:内容)?|问题)\s*[.:]?$", re.IGNORECASE),
    ),
)
"""What a column is called; the first that fits. A column of answers goes before one of choices, which some call by the same word."""

HEAD_ROWS = 2


@dataclass(frozen=True)
class Row:
    """A question of a table. number: as written; choices: paragraphs below the question; letters: the choices that have columns of their own."""

    asked: tuple[Paragraph, ...]
    number: str
    choices: tuple[Paragraph, ...]
    letters: Mapping[str, tuple[Paragraph, ...]]
    answer: tuple[Paragraph, ...]
    explained: tuple[Paragraph, ...]


def rows_of(table: Table) -> list[Row | tuple[Paragraph, ...]] | None:
    """The questions of such a table, and as bare paragraphs the rows that are none; None if the table is no such one."""
    for number, row in enumerate(table.rows[:HEAD_ROWS]):
        names = _names(row)
        held = {name for name, _ in names}
        letters = sum(name == "letter" for name, _ in names)
        if "question" in held and ("answer" in held or "choices" in held or letters > 1):
            above = [tuple(one for cell in before for one in cell) for before in table.rows[:number]]
            return [*above, *(_row(names, cells) for cells in table.rows[number + 1 :])]
    return None


def _names(row: Sequence[Sequence[Paragraph]]) -> list[tuple[str, str]]:
    """What each cell of a row names: a column and, of a choice, its letter."""
    made: list[tuple[str, str]] = []
    for cell in row:
        text = " ".join(" ".join(one.shown for one in cell).replace("\xa0", " ").split())
        found = next(((name, match) for name, head in HEADS if (match := head.match(text))), None)
        made.append((found[0], found[1]["letter"].upper() if found[0] == "letter" else "") if found else ("", ""))
    return made


def _row(names: Sequence[tuple[str, str]], cells: Sequence[Sequence[Paragraph]]) -> Row | tuple[Paragraph, ...]:
    if len(cells) != len(names):
        return tuple(one for cell in cells for one in cell)

    def of(wanted: str) -> tuple[Paragraph, ...]:
        return tuple(_said(cell for (name, _), cell in zip(names, cells, strict=True) if name == wanted))

    letters = {letter: tuple(_said([cell])) for (name, letter), cell in zip(names, cells, strict=True) if name == "letter"}
    row = Row(of("question"), " ".join(one.shown for one in of("number")), of("choices"), letters, of("answer"), of("explained"))
    return row if row.asked else tuple(one for cell in cells for one in cell)


def _said(cells: Iterator[Sequence[Paragraph]] | Sequence[Sequence[Paragraph]]) -> Iterator[Paragraph]:
    """The paragraphs of cells that say something."""
    return (one for cell in cells for one in cell if one.shown)
