"""From paragraphs to questions: a reader that goes down the document and knows where it is."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lms.content.interchange.report import Losses
from lms.content.interchange.word.deciding import Choice
from lms.content.interchange.word.document import Block, Paragraph, Table
from lms.content.interchange.word.keys import Pair, is_key_head, pairs_in_line, pairs_in_table
from lms.content.interchange.word.rich import PICTURE, Look, Rich, plain_rich
from lms.content.interchange.word.sheets import Row, rows_of
from lms.content.interchange.word.signs import ANSWER, EXPLAINED, KEY_WORD, LETTERS_ALONE, NUMBERED, ONLY_LETTERS, SECTION, WORDED, Start, cut_options
from lms.platform.rules import phrase

SHORT_KEY = 3


@dataclass
class Question:
    """A question as found: where, its number, its text in paragraphs (a table as it is), and what stands below it."""

    at: Paragraph
    number: int | None
    asked: list[Rich | Table] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    loose: list[Paragraph] = field(default_factory=list)
    said: str = ""
    said_at: Paragraph | None = None
    explained: list[Rich] = field(default_factory=list)


@dataclass
class Finder:
    """Finds the questions of a document, the pairs of its answer tables, and lists what belongs to neither."""

    losses: Losses
    questions: list[Question] = field(default_factory=list)
    keys: list[Pair] = field(default_factory=list)
    in_key: bool = False
    explaining: bool = False
    worded: bool = False

    def read(self, blocks: Sequence[Block]) -> None:
        """Go through the whole document."""
        starts = Counter("worded" if WORDED.match(one.shown) else "numbered" for one in _all(blocks) if WORDED.match(one.shown) or NUMBERED.match(one.shown))
        self.worded = starts["worded"] > 1 or (starts["worded"] == 1 and not starts["numbered"]) or starts["worded"] * 2 > starts["numbered"] > 0
        for block in blocks:
            if isinstance(block, Table):
                self._table(block)
            else:
                self._paragraph(block)

    def _lose(self, paragraph: Paragraph) -> None:
        if paragraph.shown:
            self.losses.add(paragraph.where, phrase("Not understood, so left out: %(text)s", text=_told(paragraph)))

    def _paragraph(self, paragraph: Paragraph) -> None:
        shown = paragraph.shown.replace("\xa0", " ")
        if not shown:
            return
        if is_key_head(shown) and (self.in_key or not self._open() or self._open().choices):  # type: ignore[union-attr]
            self.in_key = True
        elif (pairs := pairs_in_line(shown)) and (self.in_key or (len(pairs) >= SHORT_KEY and self.questions)):
            self.keys += pairs
            self.in_key = True
        elif start := self._start(paragraph):
            self._begin(paragraph, start)
        elif self._open() is None or self.in_key:
            self._lose(paragraph)
        else:
            self._below(self.questions[-1], paragraph)

    def _open(self) -> Question | None:
        return self.questions[-1] if self.questions else None

    def _start(self, paragraph: Paragraph) -> Start | None:
        """The start of a question that a paragraph is, if it is one."""
        label, text = paragraph.label, paragraph.rich.plain
        if label and label.form not in ("bullet", "upperLetter", "lowerLetter", "none", "upperRoman", "lowerRoman") and label.text:
            worded, plain = WORDED.match(label.text + " "), re.search(r"\d+", label.text)
            if worded or (not self.worded and plain and label.level == 0):
                return Start(int(plain[0]) if plain else None, 0)
        match = WORDED.match(text) or (None if self.worded else NUMBERED.match(text))
        if match is None or (self.in_key and not cut_options(paragraph.rich, 0)[1] and len(text) < 12):  # noqa: PLR2004
            return None
        if match.re is WORDED and not match["end"].strip() and not text[match.end() :].strip() and not match["end"]:
            return None
        return Start(int(match["n"]), match.end())

    def _begin(self, paragraph: Paragraph, start: Start) -> None:
        self.in_key = self.explaining = False
        question = Question(paragraph, start.number)
        self.questions.append(question)
        rest = paragraph.rich.cut(start.end)
        before, options = cut_options(rest, 0)
        if len(options) > 1:
            question.asked += [before] if before.text else []
            self._options(question, options, rest)
        elif rest.text:
            question.asked.append(rest)

    def _options(self, question: Question, options: Sequence[tuple[str, Rich, str]], whole: Rich) -> None:
        at = 0
        for letter, rich, star in options:
            found = whole.text.find(rich.text, at) if rich.text else -1
            label = whole.cut(at, found) if found >= 0 else Rich()
            at = found + len(rich.text) if found >= 0 else at
            question.choices.append(Choice(letter, rich, label, starred="*" in star or "＊" in star, ticked=bool(star.strip(" *＊"))))

    def _below(self, question: Question, paragraph: Paragraph) -> None:
        """A paragraph below a question that is open."""
        text = paragraph.rich.plain
        if self._choice_of(question, paragraph):
            self.explaining = False
            return
        explained, answer = EXPLAINED.match(text), ANSWER.match(text)
        if explained:
            self.explaining = True
            question.explained.append(paragraph.rich.cut(explained.start("said")))
        elif question.choices and (alone := LETTERS_ALONE.match(text)):
            question.said, question.said_at, self.explaining = alone["said"], paragraph, False
        elif answer and answer["said"].strip() and (ONLY_LETTERS.match(answer["said"]) or KEY_WORD.match(text)):
            question.said, question.said_at, self.explaining = answer["said"].strip(), paragraph, False
        elif paragraph.heading or SECTION.match(text):
            self.explaining = False
            self._lose(paragraph)
        elif self.explaining:
            question.explained.append(paragraph.rich)
        elif question.choices:
            if set(paragraph.rich.text.strip()) == {PICTURE}:
                question.choices[-1].rich = question.choices[-1].rich + plain_rich(" ") + paragraph.rich
            else:
                self._lose(paragraph)
        else:
            question.asked.append(paragraph.rich)
            question.loose.append(paragraph)

    def _choice_of(self, question: Question, paragraph: Paragraph) -> bool:
        """Put a paragraph with choices to its question; False if it is none."""
        label, expected = paragraph.label, len(question.choices)
        if label and label.form in ("upperLetter", "lowerLetter"):
            before, more = cut_options(paragraph.rich, expected + 1)
            look = paragraph.rich.looks[0] if paragraph.rich.looks else Look()
            question.choices.append(Choice(chr(65 + expected), before, Rich(label.text, (replace(look, bold=False),) * len(label.text))))
            self._options(question, more, paragraph.rich)
            return True
        before, options = cut_options(paragraph.rich, expected)
        if not options:
            return False
        if before.text and question.choices:
            question.choices[-1].rich = question.choices[-1].rich + plain_rich(" ") + before
        elif before.text:
            question.asked.append(before)
        self._options(question, options, paragraph.rich)
        return True

    def _table(self, table: Table) -> None:
        """A table: questions in rows, answers, choices, or part of a question."""
        rows = rows_of(table)
        if rows is not None:
            for row in rows:
                self._row(row)
            return
        pairs = pairs_in_table(table)
        if pairs and (self.in_key or len(pairs) > 1):
            self.keys += pairs
            return
        paragraphs = list(_cells(table))
        question = self._open()
        looks_like_choices = question is not None and any(cut_options(one.rich, len(question.choices))[1] for one in paragraphs)
        if looks_like_choices or any(self._start(one) for one in paragraphs):
            for paragraph in paragraphs:
                self._paragraph(paragraph)
        elif question is not None and not question.choices and not self.in_key:
            question.asked.append(table)
        else:
            for paragraph in paragraphs:
                self._lose(paragraph)

    def _row(self, row: Row | Sequence[Paragraph]) -> None:
        """A question that is a row of a table; or a row that is none."""
        if not isinstance(row, Row):
            for paragraph in row:
                self._lose(paragraph)
            return
        number = re.search(r"\d{1,4}", row.number)
        start = self._start(row.asked[0])
        self._begin(row.asked[0], start or Start(int(number[0]) if number else None, 0))
        question = self.questions[-1]
        for paragraph in (*row.asked[1:], *row.choices):
            self._below(question, paragraph)
        for letter, paragraphs in row.letters.items():
            if paragraphs:
                rich = paragraphs[0].rich
                for more in paragraphs[1:]:
                    rich = rich + plain_rich("\n") + more.rich
                _, labelled = cut_options(rich, ord(letter) - 65)
                question.choices.append(Choice(letter, labelled[0][1] if len(labelled) == 1 else rich.cut(0), Rich()))
        if row.answer:
            question.said, question.said_at = " ".join(one.rich.plain.strip() for one in row.answer), row.answer[0]
        question.explained += [one.rich for one in row.explained]
        self.explaining = False


def _all(blocks: Sequence[Block]) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Table):
            yield from (one for row in block.rows for cell in row for one in cell)
        else:
            yield block


def _cells(table: Table) -> Iterator[Paragraph]:
    """The paragraphs of a table row by row; a cell that is only a letter or a number is put before the next cell."""
    for row in table.rows:
        waiting: Paragraph | None = None
        for one in (paragraph for cell in row for paragraph in cell if paragraph.shown):
            text = one.shown.strip()
            if waiting is None and re.fullmatch(r"(?:[*＊✓✔]\s*)?[(（]?(?:[A-Ha-h]|(?:Câu\s+)?\d{1,4})\s*[.．、:：)）]?", text):
                waiting = replace(one, rich=plain_rich(f"{one.label.text} ") + one.rich, label=None) if one.label else one
            elif waiting is not None:
                dot = "" if re.search(r"[.．、:：)）]$", waiting.rich.text.strip()) else "."
                yield replace(
                    one, rich=waiting.rich.cut(0) + Rich(f"{dot} ", (waiting.rich.looks[0] if waiting.rich.looks else Look(),) * len(f"{dot} ")) + one.rich
                )
                waiting = None
            else:
                yield one
        if waiting is not None:
            yield waiting


def _told(paragraph: Paragraph) -> str:
    return " ".join(paragraph.shown.replace(PICTURE, "🖼").split())[:200]
