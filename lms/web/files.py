"""Files to take away."""

from collections.abc import Iterable, Sequence

from flask import Response, stream_with_context

from lms.platform.sheet import csv_lines


def csv_file(name: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Rows as a CSV file of that name, sent as they are read; they may be read with the request's own session."""
    answer = Response(stream_with_context(csv_lines(headers, rows)), mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
