"""A sheet with the answers of many people, from Excel or as CSV: read, checked line by line, then entered, each in a transaction of its own."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook
from sqlalchemy.orm import Session

from lms.assessment.offerings import Offering
from lms.assessment.on_paper.models import PaperBatch, PaperVariant
from lms.assessment.on_paper.rules.marks import Spot, read_mark, read_row
from lms.assessment.on_paper.service.entering import Sitter, check_sheet, enter_sheet, find_sitters
from lms.assessment.on_paper.service.variants import list_spots
from lms.assessment.rules.answers.canonical import Refused
from lms.assessment.service.scope import Scope
from lms.content.interchange.xlsx.reading import check_size, text_of
from lms.errors import Invalid, NotFound, SiteError, Unreadable
from lms.people.rules import normal_code
from lms.people.rules.names import fold
from lms.platform.db import Database
from lms.platform.rules import Phrase, phrase

MOST_LINES = 500
MOST_BYTES = 300_000
HEADS: Mapping[str, tuple[str, ...]] = {
    "code": ("ma nhan vien", "ma so nhan vien", "ma nv", "工号", "员工编号", "staff code", "code"),
    "variant": ("ma de", "卷号", "试卷编号", "variant"),
    "row": ("tra loi", "bai lam", "答案", "作答", "answers"),
}
"""Names of columns, folded; a column whose name is a number, with or without 'Câu', '第…题' or 'Question', is the answer to that question."""
NUMBER = re.compile(r"(?:cau|question|q|第)?\s*([0-9]{1,3})\s*题?")
OfferingFor = Callable[[Session, int], Offering]
"""The offering as it stands for a person. Raises NotFound."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line of the sheet as it was written: n in the file, staff code, variant, and the answers as one row or by question."""

    n: int
    code: str
    variant: str
    row: str
    marks: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """What becomes of a line: the answers by item, or why it cannot be entered."""

    line: SheetLine
    sitter: Sitter | None = None
    variant: PaperVariant | None = None
    answers: Mapping[str, str] | None = None
    refused: Phrase | SiteError | None = None


def read_table(data: bytes, name: str) -> str:
    """The cells of an Excel workbook's first sheet, or of a CSV file, as CSV of one form. Raises Invalid."""
    try:
        rows = _from_xlsx(data, name) if data.startswith(b"PK") else _from_csv(data)
    except (Unreadable, CalamineError, UnicodeDecodeError, csv.Error, OSError, ValueError) as wrong:
        raise Invalid("This file cannot be read as Excel or CSV: %(name)s", name=name[:80]) from wrong
    out = io.StringIO()
    csv.writer(out).writerows([[cell.strip() for cell in row] for row in rows])
    if len(out.getvalue().encode()) > MOST_BYTES:
        raise Invalid("The sheet is too large: at most %(most)s lines at once.", most=MOST_LINES)
    return out.getvalue()


def _from_xlsx(data: bytes, name: str) -> list[list[str]]:
    check_size(data, name)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [[text_of(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]


def _from_csv(data: bytes) -> list[list[str]]:
    text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    first = text.partition("\n")[0]
    between = max(",;\t", key=first.count)
    return list(csv.reader(io.StringIO(text), delimiter=between))


def read_lines(table: str) -> list[SheetLine]:
    """The lines of a table below its headers. Raises Invalid where a column is missing, there are too many lines or none."""
    rows = list(csv.reader(io.StringIO(table)))
    head = next((n for n, row in enumerate(rows[:20]) if {"code", "variant"} <= set(_columns(row).values())), None)
    if head is None:
        raise Invalid("The sheet needs the columns staff code, variant, and 1, 2, 3… (or answers). Take the template.")
    columns = _columns(rows[head])
    lines = []
    for n, row in enumerate(rows[head + 1 :], head + 2):
        cells = {columns[place]: cell.strip() for place, cell in enumerate(row) if place in columns and cell.strip()}
        if cells:
            marks = {key: cell for key, cell in cells.items() if isinstance(key, int)}
            lines.append(SheetLine(n, cells.get("code", ""), cells.get("variant", ""), cells.get("row", ""), marks))
    if not lines:
        raise Invalid("The sheet holds no line with answers.")
    if len(lines) > MOST_LINES:
        raise Invalid("The sheet is too large: at most %(most)s lines at once.", most=MOST_LINES)
    return lines


def _columns(row: Sequence[str]) -> dict[int, str | int]:
    found: dict[int, str | int] = {}
    for place, cell in enumerate(row):
        name = fold(cell)
        known = next((key for key, names in HEADS.items() if name in names), None)
        number = NUMBER.fullmatch(name)
        if known is not None:
            found[place] = known
        elif number:
            found[place] = int(number[1])
    return found


def check_lines(
    session: Session,
    lines: Sequence[SheetLine],
    *,
    batch: PaperBatch,
    variants: Sequence[PaperVariant],
    offering_for: OfferingFor,
    scope: Scope,
    held_at: datetime,
    on: date,
    now: datetime,
) -> list[Checked]:
    """What would become of every line; nothing is stored. People and variants are looked up at once, what a person may sit one by one."""
    sitters = find_sitters(session, codes=[line.code for line in lines if line.code], scope=scope, batch=batch, on=on)
    by_code = {str(variant.code): variant for variant in variants}
    spots = {code: list_spots(session, by_code[code].paper) for code in {line.variant for line in lines} & set(by_code)}
    seen: dict[str, int] = {}
    made = []
    for line in lines:
        one = _check(line, sitters, by_code, spots, seen)
        if one.sitter is not None and one.refused is None:
            seen[one.sitter.staff_code] = line.n
            try:
                offering = offering_for(session, one.sitter.person_id)
                check_sheet(session, batch=batch, sitter=one.sitter, offering=offering, scope=scope, held_at=held_at, now=now)
            except SiteError as refused:
                one = Checked(line, one.sitter, refused=refused)
        made.append(one)
    return made


def _check(
    line: SheetLine, sitters: Mapping[str, Sitter], variants: Mapping[str, PaperVariant], spots: Mapping[str, Sequence[Spot]], seen: Mapping[str, int]
) -> Checked:
    sitter = sitters.get(normal_code(line.code)) if line.code else None
    if sitter is None:
        refused = NotFound("There is nobody with the code %(code)s in your part of the organisation.", code=line.code[:40] or "–")
        return Checked(line, refused=refused)
    if line.variant not in variants:
        return Checked(line, sitter, refused=phrase("There is no variant %(code)s here.", code=line.variant[:20] or "–"))
    if sitter.staff_code in seen:
        return Checked(line, sitter, refused=phrase("The same person stands in line %(n)s already.", n=seen[sitter.staff_code]))
    try:
        return Checked(line, sitter, variants[line.variant], read_line(line, spots[line.variant]))
    except Refused as wrong:
        return Checked(line, sitter, refused=wrong.words)


def read_line(line: SheetLine, spots: Sequence[Spot]) -> dict[str, str]:
    """The answers of a line by item: those by question win over the row. Raises Refused."""
    beyond = [n for n in line.marks if not 1 <= n <= len(spots)]
    if beyond:
        raise Refused(phrase("There is no question %(n)s in this variant.", n=beyond[0]))
    answers = read_row(line.row, spots) if line.row else {}
    return answers | {spot.item_id: read_mark(line.marks[spot.n], spot) for spot in spots if spot.n in line.marks}


def enter_lines(
    db: Database, checked: Sequence[Checked], *, batch: PaperBatch, offering_for: OfferingFor, scope: Scope, held_at: datetime, now: datetime
) -> list[Checked]:
    """Enter every sound line in a transaction of its own, so that nobody's answers wait for the whole sheet; gives the lines with what was refused since."""
    made = []
    for one in checked:
        if one.sitter is None or one.variant is None or one.answers is None or one.refused is not None:
            made.append(one)
            continue
        try:
            with db.writing() as session:
                offering = offering_for(session, one.sitter.person_id)
                values = {"batch": batch, "variant": one.variant, "sitter": one.sitter, "offering": offering, "answers": one.answers}
                enter_sheet(session, **values, scope=scope, held_at=held_at, way="sheet", twice=False, now=now)  # type: ignore[arg-type]
            made.append(one)
        except SiteError as refused:
            made.append(Checked(one.line, one.sitter, refused=refused))
    return made
