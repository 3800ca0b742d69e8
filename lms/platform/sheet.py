"""CSV and XLSX for spreadsheets, safe against cells that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import xlsxwriter

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BLANKS = " \u00a0\u3000\ufeff"
"""A cell that begins with one of these, also behind blanks, is a formula to a spreadsheet (OWASP, CSV injection)."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of a workbook."""
TEXTS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""For a workbook in which texts stay texts, whatever they begin with."""


def safe_cell(value: object) -> str:
    """The text of a cell; an apostrophe before a text that a spreadsheet would take for a formula. A number is no formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if not isinstance(value, int | float) and text.lstrip(BLANKS).startswith(RUNS) else text


def csv_lines(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file with a byte-order mark, one at a time."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow([safe_cell(cell) for cell in headers])
    yield out.getvalue()
    for row in rows:
        out.seek(0)
        out.truncate()
        writer.writerow([safe_cell(cell) for cell in row])
        yield out.getvalue()


def xlsx_file(name: str, headers: Sequence[str], rows: Iterable[Sequence[object]], *, widths: Sequence[int] = ()) -> io.BytesIO:
    """A workbook of one sheet, at its beginning: bold headers that stay in view and filter, dates as dates, whole numbers as numbers.

    widths: of the columns, in characters; 16 for those without.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, **TEXTS}) as book:
        sheet = book.add_worksheet("".join(" " if letter in "[]:*?/\\" else letter for letter in name)[:31])
        bold = book.add_format({"bold": True, "bg_color": "#E6EDF5", "border": 1})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for place, header in enumerate(headers):
            sheet.set_column(place, place, widths[place] if place < len(widths) else 16)
            sheet.write_string(0, place, header, bold)
        last = 0
        for last, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(last, place, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(last, place, cell)
                elif cell is not None:
                    sheet.write_string(last, place, str(cell))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(headers) - 1)
    out.seek(0)
    return out
