"""Where problems stand: the parts of a text file by their lines, and the places in a page that belong to them."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.content.items.headers import HEADER, HEADING, read_braces
from lms.content.items.parser import fence_after
from lms.content.source.plain import read_lines
from lms.content.source.problems import Findings, Place, Problem
from lms.content.source.tree import ContentTree

ANCHOR = re.compile(r'<h[1-6]\b|<section class="self-check" id="item-(?P<id>[^"]*)"')


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file between two headings. id: of the item that its heading begins, '' of a heading without one, None before the first."""

    start: int
    lines: tuple[str, ...]
    id: str | None
    is_case: bool = False


def lines_of(tree: ContentTree, path: str) -> list[str]:
    """The lines of a text file as the check reads them; none if there is no such file."""
    return read_lines(tree.files[path], Place(path), Findings()) if path in tree.files else []


def pieces_of(lines: Sequence[str]) -> list[Piece]:
    """A file cut at its headings."""
    starts: list[tuple[int, str | None, bool]] = [(1, None, False)]
    fence = ""
    for number, line in enumerate(lines, 1):
        fence = fence_after(fence, line)
        if not fence and HEADING.match(line):
            header = HEADER.match(line)
            braces = read_braces(header["attributes"], Place(""), Findings()) if header else None
            starts.append((number, braces.id if braces else "", bool(braces) and "case" in braces.flags))  # type: ignore[union-attr]
    ends = [start for start, _, _ in starts[1:]] + [len(lines) + 1]
    return [Piece(start, tuple(lines[start - 1 : end - 1]), id_, is_case) for (start, id_, is_case), end in zip(starts, ends, strict=True)]


def index_at(pieces: Sequence[Piece], line: int) -> int:
    """Which piece holds a line of the file, from 1; what lies behind the end belongs to the first."""
    index = bisect_right(pieces, line, key=lambda piece: piece.start) - 1
    return index if index >= 0 and line < pieces[index].start + len(pieces[index].lines) else 0


def excerpt(lines: Sequence[str], line: int, around: int = 1) -> list[tuple[int, str]]:
    """The line of a problem and its neighbours, with their numbers."""
    first = max(1, line - around)
    return list(enumerate(lines[first - 1 : line + around], first))


def place_in(html: str, lines: Sequence[str], problems: Iterable[Problem]) -> tuple[list[Problem], list[tuple[str, list[Problem], Piece | None]]]:
    """A lesson's HTML cut where its problems belong: those that belong above it, and runs of (html, problems after it, item not shown).

    A problem in text stands above the heading of its section, that of an item shown above the item, and that of an item which could not be made
    in the item's place. Where headings and page do not match, everything stands above.
    """
    pieces = pieces_of(lines)
    anchors = list(ANCHOR.finditer(html))
    headings = [found.start() for found in anchors if found["id"] is None]
    shown = {found["id"]: found.start() for found in anchors if found["id"] is not None}
    places = _places(pieces, headings, shown, len(html))
    if places is None:
        return list(problems), [(html, [], None)]
    above: list[Problem] = []
    cuts: dict[tuple[int, int], tuple[list[Problem], Piece | None]] = {}
    for problem in problems:
        index = index_at(pieces, problem.line)
        piece = pieces[index]
        if piece.id is None:
            above.append(problem)
            continue
        missing = bool(piece.id) and not piece.is_case and piece.id not in shown
        cuts.setdefault((places[index], index), ([], piece if missing else None))[0].append(problem)
    parts: list[tuple[str, list[Problem], Piece | None]] = []
    done = 0
    for (at, _), (those, missing_piece) in sorted(cuts.items(), key=lambda cut: cut[0]):
        parts.append((html[done:at], those, missing_piece))
        done = at
    return above, [*parts, (html[done:], [], None)]


def _places(pieces: Sequence[Piece], headings: Sequence[int], shown: Mapping[str, int], end: int) -> list[int] | None:
    """Where each piece begins in the page, or the next one that is shown; None where headings and page do not match."""
    if len(headings) != sum(piece.id == "" for piece in pieces):
        return None
    left, places, at = list(headings), [0] * len(pieces), end
    for n in reversed(range(len(pieces))):
        id_ = pieces[n].id
        at = left.pop() if id_ == "" else shown.get(id_ or "", at)
        places[n] = at
    return places
