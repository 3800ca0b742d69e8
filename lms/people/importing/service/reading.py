"""A workbook or CSV file of strangers as rows of text: every visible sheet of the same form, merged cells filled down, limits before room is made."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from lms.errors import Unreadable
from lms.people.importing.rules.headers import HEAD_ROWS, digest_text, find_head, keys_of, plain_header
from lms.people.importing.service.workbook import Looked, look_into
from lms.platform.rules import Phrase, phrase

MAX_BYTES = 32 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 60_000, 100, 2_000
ENCODINGS = ("utf-8", "gb18030", "cp1258")
SEPARATOR = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
WHOLE = 1e15
"""From here on a number of a spreadsheet no longer holds every digit."""
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Line:
    """A row: where it stands (sheet '' where there is only one, line from 1), and its cells under the headers."""

    sheet: str
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds. notes: what its owner is to know of how it was read."""

    headers: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[Phrase, ...] = field(default=())


def read_file(data: bytes, name: str, encoding: str = "") -> Table:
    """The rows below the headers of a file. encoding: of CSV, '' to find out. Raises Unreadable, naming sheet, row and column where it can."""
    if len(data) > MAX_BYTES:
        raise Unreadable("%(name)s is larger than %(mb)s MB.", name=name, mb=MAX_BYTES // 1024 // 1024)
    if data.startswith(OLD_EXCEL):
        raise Unreadable("%(name)s is an old Excel workbook (.xls), or one with a password: save it as .xlsx without a password, or as CSV.", name=name)
    if data.startswith(b"PK"):
        return _workbook(data, name)
    rows = _csv_rows(data, name, encoding)
    head = _head_of(rows)
    if head is None:
        raise Unreadable("%(name)s has no row with headers, like Full name and Staff code.", name=name)
    headers = _headers(rows[head])
    return _made(headers, _lines("", rows, head, len(headers), name), (), name)


def _made(headers: tuple[str, ...], lines: Sequence[Line], notes: tuple[Phrase, ...], name: str) -> Table:
    if not lines:
        raise Unreadable("%(name)s has no row below its headers.", name=name)
    if len(lines) > MAX_ROWS:
        raise Unreadable("%(name)s has more than %(rows)s rows; cut it into several files.", name=name, rows=MAX_ROWS)
    return Table(headers, tuple(lines), notes)


def _workbook(data: bytes, name: str) -> Table:
    looked = look_into(data, name, max_rows=MAX_ROWS, max_columns=MAX_COLUMNS)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        seen = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
        sheets = {title: _filled(book.get_sheet_by_name(title)) for title in seen}
    except (CalamineError, OSError, ValueError, IndexError) as wrong:
        raise Unreadable("%(name)s is no whole Excel workbook: %(why)s", name=name, why=str(wrong)[:200]) from wrong
    heads = {title: head for title, rows in sheets.items() if (head := find_head(rows)) is not None}
    first = next(iter(heads), None) or next((title for title, rows in sheets.items() if _head_of(rows) is not None), None)
    if first is None:
        raise Unreadable("%(name)s has no row with headers, like Full name and Staff code.", name=name)
    headers = _headers(sheets[first][heads.get(first, _head_of(sheets[first]) or 0)])
    lines: list[Line] = []
    others = []
    for title, rows in sheets.items():
        head = heads.get(title, _head_of(rows) if title == first else None)
        if head is not None and digest_text(_headers(rows[head])) == digest_text(headers):
            lines += _lines(title, rows, head, len(headers), name)
        elif any(any(row) for row in rows):
            others.append(title)
    read = list(dict.fromkeys(line.sheet for line in lines))
    notes = tuple(_notes(looked, others, set(read), book, seen))
    if len(read) == 1:
        lines = [replace(line, sheet="") for line in lines]
    return _made(headers, lines, notes, name)


def _notes(looked: Mapping[str, Looked], others: Sequence[str], read: set[str], book: CalamineWorkbook, seen: Sequence[str]) -> list[Phrase]:
    notes = [phrase("The sheet %(sheet)s has other headers and was not read.", sheet=title[:60]) for title in others]
    notes += [phrase("The sheet %(sheet)s is hidden and was not read.", sheet=title[:60]) for title in book.sheet_names if title not in seen]
    for title in sorted(read & set(looked)):
        one = looked[title]
        if one.hidden:
            notes.append(phrase("Rows of the sheet %(sheet)s are hidden in Excel; they were read too: %(lines)s.", sheet=title[:60], lines=_some(one.hidden)))
        if one.unvalued:
            cells = _some(one.unvalued)
            notes.append(phrase("Formulas of the sheet %(sheet)s have no value; open and save it in Excel: %(cells)s.", sheet=title[:60], cells=cells))
    return notes


def _some(found: Sequence[object], most: int = 10) -> str:
    return ", ".join(map(str, found[:most])) + (" …" if len(found) > most else "")


def _filled(sheet: CalamineSheet) -> list[list[str]]:
    """The texts of a sheet; what stands in cells merged over several rows stands in each of them."""
    rows = [[text_of(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        if bottom > top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
    return rows


def text_of(cell: object) -> str:
    """A cell as it is seen: whole numbers without a point, days as year-month-day, numbers that have lost digits in a form that says so."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return (f"{cell:.0f}" if abs(cell) < WHOLE else f"{cell:.10e}") if cell.is_integer() else f"{cell:.10g}"
    return str(cell)


def _csv_rows(data: bytes, name: str, encoding: str) -> list[list[str]]:
    text = _decoded(data, name, encoding)
    marked = SEPARATOR.match(text)
    if marked:
        text = text[marked.end() :]
    top = text.splitlines()[:HEAD_ROWS]
    between = marked[1] if marked else max(",;\t", key=lambda sign: max((line.count(sign) for line in top), default=0))
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=between):
            rows.append(row)
            if len(rows) > MAX_ROWS + HEAD_ROWS:
                raise Unreadable("%(name)s has more than %(rows)s rows; cut it into several files.", name=name, rows=MAX_ROWS)
    except csv.Error as wrong:
        raise Unreadable("%(name)s is no whole CSV file; look at row %(n)s: %(why)s", name=name, n=len(rows) + 1, why=str(wrong)) from wrong
    return rows


def _decoded(data: bytes, name: str, encoding: str) -> str:
    """The text of a CSV file: with its mark, as UTF-8, or in the first old encoding in which its headers are known."""
    if encoding and encoding not in ENCODINGS:
        raise Unreadable("%(name)s cannot be read as %(encoding)s.", name=name, encoding=encoding[:20])
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _as(data, "utf-16", name)
    if b"\0" in data:
        raise Unreadable("%(name)s is neither an Excel workbook nor CSV.", name=name)
    if encoding:
        return _as(data, "utf-8-sig" if encoding == "utf-8" else encoding, name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        for guess in ENCODINGS[1:]:
            text = data.decode(guess, "replace")
            if "\ufffd" not in text and find_head([re.split(r"[,;\t]", line) for line in text.splitlines()[:HEAD_ROWS]]) is not None:
                return text
    raise Unreadable("The encoding of %(name)s is not known: save it as CSV UTF-8, or choose the encoding.", name=name)


def _as(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as wrong:
        raise Unreadable("%(name)s cannot be read as %(encoding)s.", name=name, encoding=encoding) from wrong


def _head_of(rows: Sequence[Sequence[str]]) -> int | None:
    """The row of the headers, or the first with two cells filled, for headers that nobody knows."""
    known = find_head(rows)
    if known is not None:
        return known
    return next((n for n, row in enumerate(rows[:HEAD_ROWS]) if sum(bool(plain_header(cell)) for cell in row) > 1), None)


def _headers(row: Sequence[str]) -> tuple[str, ...]:
    cells = [" ".join(cell.split())[:100] for cell in row[:MAX_COLUMNS]]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _lines(sheet: str, rows: Sequence[Sequence[str]], head: int, width: int, name: str) -> list[Line]:
    made = []
    for line, row in enumerate(rows[head + 1 :], head + 2):
        cells = tuple(cell.strip() for cell in row[:width])
        if not any(cells):
            continue
        long = next((place for place, cell in enumerate(cells) if len(cell) > MAX_CELL), None)
        if long is not None:
            where = phrase("sheet %(sheet)s, row %(line)s", sheet=sheet[:60], line=line) if sheet else phrase("row %(line)s", line=line)
            raise Unreadable(
                "%(name)s, %(where)s: column %(column)s has more than %(most)s characters.", name=name, where=where, column=long + 1, most=MAX_CELL
            )
        made.append(Line(sheet[:100], line, cells + ("",) * (width - len(cells))))
    return made


def fields_of(table: Table, remembered: Sequence[str] | None) -> list[str]:
    """The field of each column: as these headers were mapped before, else as they are known."""
    return list(remembered) if remembered and len(remembered) == len(table.headers) else keys_of(table.headers)
