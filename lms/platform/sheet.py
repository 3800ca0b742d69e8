"""CSV for spreadsheets: streamed, with a byte-order mark, and safe against cells that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BLANKS = " \u00a0\u3000\ufeff"
"""A cell that begins with one of these, also behind blanks, is a formula to a spreadsheet (OWASP, CSV injection)."""


def safe_cell(value: object) -> str:
    """The text of a cell; an apostrophe before a text that a spreadsheet would take for a formula. A number is no formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if not isinstance(value, int | float) and text.lstrip(BLANKS).startswith(RUNS) else text


def csv_lines(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a file, one at a time."""
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
