"""An Excel workbook as a bank: every sheet whose headers are known."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from lms.content.interchange.bank_writing import KIND_FLAGS
from lms.content.interchange.escaping import normal, tame
from lms.content.interchange.gathering import gather_cases
from lms.content.interchange.model import Answer, Bank, BankItem, Quantity
from lms.content.interchange.report import Losses
from lms.content.interchange.texts import split_text
from lms.content.interchange.word.signs import letters_of
from lms.content.interchange.xlsx.columns import EXAMPLES, GUIDE, LETTERS, key_of, kind_of
from lms.content.items.drafts import ChoiceDraft
from lms.content.items.folding import folded
from lms.content.items.forms import CRITERION, finish_choice
from lms.content.items.gaps import has_gap
from lms.content.items.numbers import looks_like_number, read_number
from lms.content.items.regions import looks_like_region, split_region
from lms.content.source.problems import Findings, Place
from lms.errors import Unreadable
from lms.platform.rules import Phrase, phrase
from lms.platform.xml_reading import local, read_xml
from lms.platform.zips import read_zip

MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 20_000, 200, 50
HEAD_ROWS = 20
CELL = re.compile(r"(?P<column>[A-Z]{1,3})(?P<row>\d{1,7})$")
SHARE = re.compile(r"(?P<letter>[A-Ja-j])\s*[=:]\s*(?P<percent>[-−]?\d{1,3})\s*%?")
SKIPPED = {folded(name) for words in (EXAMPLES, GUIDE) for name in words.values()}
Cell = int | float | str | bool | time | date | timedelta


def read_xlsx(data: bytes, lang: str, losses: Losses, *, name: str = "Excel") -> Bank:
    """The questions of a workbook. Raises Unreadable if none of its sheets has the headers."""
    check_size(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)) for sheet in book.sheet_names if folded(sheet) not in SKIPPED]
    except (CalamineError, OSError, ValueError) as wrong:
        raise Unreadable("%(name)s is no whole Excel workbook: %(why)s", name=name, why=str(wrong)[:200]) from wrong
    made: list[tuple[BankItem, str]] = []
    known = False
    for sheet, rows in sheets:
        head = next(
            (n for n, row in enumerate(rows[:HEAD_ROWS]) if "question" in (keys := [key_of(text_of(cell)) for cell in row]) and {"A", "answer"} & set(keys)),
            None,
        )
        if head is None:
            continue
        known = True
        keys = [key_of(text_of(cell)) for cell in rows[head]]
        _note_columns(sheet, rows[head], keys, losses)
        for number, row in enumerate(rows[head + 1 :], head + 2):
            cells = {key: normal(text_of(cell)).strip() for key, cell in zip(keys, row, strict=False) if key and text_of(cell).strip()}
            if cells:
                item = _Row(cells, lang, losses, phrase("%(sheet)s, row %(n)s", sheet=sheet, n=number)).item()
                made += [(item, cells.get("case", ""))] if item else []
    if not known:
        raise Unreadable("%(name)s has no sheet with the headers Question, A, B, Right answer (Câu hỏi, A, B, Đáp án đúng). Take the template.", name=name)
    if not made:
        raise Unreadable("%(name)s holds no questions.", name=name)
    return Bank(lang, gather_cases(made, losses))


def check_size(data: bytes, name: str) -> None:
    """Refuse a sheet that says it is larger than any bank: the reader would make room for every cell up to its last."""
    sheets = [(path, part) for path, part in read_zip(data, name).items() if path.startswith("xl/worksheets/") and path.endswith(".xml")]
    if len(sheets) > MAX_SHEETS:
        raise Unreadable("%(name)s has more than %(n)s sheets.", name=name, n=MAX_SHEETS)
    for path, part in sheets:
        for element in read_xml(part, f"{name}: {path}").iter():
            if local(element) == "row" and _number(element.get("r", "")) > MAX_ROWS:
                raise Unreadable("%(name)s has more than %(rows)s rows or %(columns)s columns.", name=name, rows=MAX_ROWS, columns=MAX_COLUMNS)
            for end in element.get("ref" if local(element) == "dimension" else "r", "").split(":") if local(element) in ("c", "dimension") else ():
                match = CELL.match(end.replace("$", ""))
                if match and (int(match["row"]) > MAX_ROWS or _column(match["column"]) > MAX_COLUMNS):
                    raise Unreadable("%(name)s has more than %(rows)s rows or %(columns)s columns.", name=name, rows=MAX_ROWS, columns=MAX_COLUMNS)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def text_of(cell: Cell) -> str:
    """A cell as it is seen; whole numbers without a point."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.10g}"
    return str(cell)


def _note_columns(sheet: str, heads: Sequence[Cell], keys: Sequence[str], losses: Losses) -> None:
    for head, key in zip(heads, keys, strict=True):
        if not key and text_of(head).strip() and folded(text_of(head)) not in ("stt", "tt", "no", "序号", "so"):
            losses.add(sheet, phrase("The column %(name)s is not known and is left out.", name=text_of(head).strip()[:60]))
    for key in {key for key in keys if key and keys.count(key) > 1}:
        losses.add(sheet, phrase("Two columns are called %(name)s; the last one is read.", name=key))


@dataclass
class _Row:
    cells: dict[str, str]
    lang: str
    losses: Losses
    where: Phrase

    def _lose(self, what: Phrase) -> None:
        self.losses.add(self.where, what)

    def item(self) -> BankItem | None:
        """The row as an item; None (and listed) where it asks nothing."""
        question = self.cells.get("question", "")
        if not question:
            self._lose(phrase("The row has no question, so it is left out: %(text)s", text=" ".join(self.cells.values())[:120]))
            return None
        head, below = split_text(tame(question), self.lang)
        body = "\n\n".join(part for part in (below, tame(self.cells.get("body", ""))) if part)
        said = self.cells.get("kind", "")
        kind = kind_of(said) or self._told(question)
        if not kind or (said and not kind_of(said)):
            self._lose(
                phrase("The kind %(kind)s is not known.", kind=said[:40])
                if said
                else phrase("No answer was found, so the row is left out: %(text)s", text=question[:120])
            )
            if not kind:
                return None
        attributes = {key: " ".join(self.cells[key].split()) for key in ("points", "difficulty", "topic", "tags", "basis", "source") if self.cells.get(key)}
        marks = [mark.strip(".") for mark in re.split(r"[\s,，;]+", self.cells.get("marks", "")) if mark.strip(".")]
        flags = tuple(mark for mark in marks if mark != KIND_FLAGS.get(kind))
        item = BankItem(self.cells.get("id", ""), "single", head, body, explanation=tame(self.cells.get("explanation", "")), attributes=attributes, flags=flags)
        return self._answered(item, kind)

    def _told(self, question: str) -> str:
        """The kind, by the answer."""
        answer = self.cells.get("answer", "")
        if "A" in self.cells and "B" in self.cells:
            return "multiple" if len(letters_of(answer)) > 1 else "single"
        if any(has_gap(line) for line in question.split("\n")):
            return "gaps"
        if answer:
            return "numeric" if looks_like_number([answer]) else "short"
        return ""

    def _answered(self, item: BankItem, kind: str) -> BankItem:  # noqa: PLR0911  (one way out for each kind)
        answer = self.cells.get("answer", "")
        texts = [(letter, self.cells[letter]) for letter in LETTERS if self.cells.get(letter)]
        match kind:
            case "numeric":
                number = read_number(answer, Place(""), found := Findings())
                for problem in found.problems:
                    self._lose(problem.message)
                made = Quantity(number.value, number.tolerance, number.relative, number.unit) if number else None
                return replace(item, kind="numeric", number=made or Quantity("0"))
            case "short":
                accepted = [text for _, text in texts] or [part for part in re.split(r"[|\n]", answer) if part.strip()]
                return replace(item, kind="short", answers=tuple(Answer(" ".join(text.split()), right=True) for text in accepted))
            case "matching":
                pairs = [self._pair(text) for _, text in texts]
                columns = self._pair(answer) if "=>" in answer else ("", "")
                return replace(item, kind="matching", pairs=tuple(pair for pair in pairs if pair[1]), columns=columns)
            case "essay":
                return replace(item, kind="essay", answers=tuple(self._criterion(text) for _, text in texts))
            case "gaps" | "case":
                return replace(item, kind=kind)
            case "ordering":
                return replace(item, kind="ordering", answers=tuple(self._choice(letter, text, {}) for letter, text in texts))
            case _:
                right = self._right([letter for letter, _ in texts], [text for _, text in texts], answer)
                answers = tuple(self._choice(letter, text, right, hotspot=kind == "hotspot") for letter, text in texts)
                if kind == "single":
                    answers = tuple(replace(answer, right=answer.right and answer.percent is None) for answer in answers)
                if kind == "single" and sum(answer.right for answer in answers) > 1:
                    self._lose(phrase("Several answers are right, so the kind became multiple."))
                    kind = "multiple"
                return replace(item, kind=kind, answers=answers)  # type: ignore[arg-type]

    def _right(self, letters: list[str], texts: list[str], answer: str) -> dict[str, int | None]:
        """What is right, by letter: None for right, or a share."""
        shares = {match["letter"].upper(): int(match["percent"].replace("−", "-")) for match in SHARE.finditer(answer)}
        rest = SHARE.sub("", answer).strip(" ,;，、")
        made: dict[str, int | None] = dict(shares)
        if re.fullmatch(r"[A-Ja-j](?:\s*[,，;、&và]*\s*[A-Ja-j])*\.?", rest):
            made |= dict.fromkeys(re.sub(r"[^A-J]", "", rest.upper().replace("VÀ", "")))
        elif re.fullmatch(r"\d(?:\s*[,;]\s*\d)*", rest) and not any(folded(text) == folded(rest) for text in texts):
            made |= {letters[int(n) - 1]: None for n in re.findall(r"\d", rest) if 0 < int(n) <= len(letters)}
        elif rest:
            same = [letter for letter, text in zip(letters, texts, strict=True) if folded(text) == folded(rest)]
            made |= dict.fromkeys(same)
            if not same:
                self._lose(phrase("The answer %(letters)s is none of the choices of this question.", letters=rest[:60]))
        for letter in [letter for letter in made if letter not in letters]:
            self._lose(phrase("The answer %(letters)s is none of the choices of this question.", letters=letter))
            del made[letter]
        return made

    def _choice(self, letter: str, text: str, right: dict[str, int | None], *, hotspot: bool = False) -> Answer:
        draft = ChoiceDraft(Place(""), "part", right=False, text=[" ".join(text.split())])
        finish_choice(draft, Findings())
        words, area = tame(draft.text[0], inline=True), ""
        name, inside = split_region(words)
        if hotspot and inside is not None and looks_like_region(inside):
            words, area = name, inside.strip()
        percent = right.get(letter)
        told = tame(self.cells.get(f"feedback {letter}", ""))
        return Answer(words, letter in right and (percent is None or percent > 0), told, percent, area, draft.name, draft.fixed)

    def _pair(self, text: str) -> tuple[str, str]:
        left, arrow, right = text.rpartition("=>")
        if not arrow:
            self._lose(phrase("A pair is written left => right; this one is not: %(text)s", text=text[:80]))
        return tame(left.strip(), inline=True), tame(right.strip(), inline=True)

    def _criterion(self, text: str) -> Answer:
        match = CRITERION.match(f"- {' '.join(text.split())}")
        if not match:
            self._lose(phrase("A line of the rubric has no share: %(text)s", text=text[:80]))
        return Answer(match["text"].strip(), percent=int(match["percent"])) if match else Answer(text, percent=0)
