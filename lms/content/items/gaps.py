"""Gaps in running text: `[[answer|other]]`, found in lines and put into the rendered page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser

from lms.content.items.forms import PLAIN
from lms.content.markup.html_check import CODE
from lms.content.markup.rendering import FENCE
from lms.content.source.problems import Findings, Place
from lms.platform.rules import phrase

OPEN = re.compile(r"(?<!\\)(?:\[\[|【【|［［)")
GAP = re.compile(r"(?<!\\)(?:\[\[|【【|［［)(?P<inner>(?:(?!\[\[|【【|［［|\]\]|】】|］］).)*)(?:\]\]|】】|］］)")
NUMBER = re.compile(r"\s*[#＃](?P<n>[0-9０-９]{1,3})(?:[\s:：]+|$)")
PARTED = re.compile(r"(?<!\\)[|｜]")
MAX_GAPS, MAX_ACCEPTED, MAX_ACCEPTED_LENGTH = 20, 20, 120
NO_PLACE = frozenset({"a", "code", "pre"})


@dataclass(frozen=True)
class Gap:
    """A gap: the line of the question it stands in, from where to where, and what is right. number: which gap of the source it is, from 0."""

    line: int
    start: int
    end: int
    accepted: tuple[str, ...]
    number: int | None
    place: Place


def has_gap(line: str) -> bool:
    """Whether a gap begins in a line of running text."""
    return bool(OPEN.search(_bare(line)))


def find_gaps(asked: Sequence[tuple[Place, str]], found: Findings) -> list[Gap]:
    """The gaps of a question in their order, each with its number; what is wrong with them is noted."""
    gaps: list[Gap] = []
    fence = ""
    for number, (place, line) in enumerate(asked):
        mark = FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence:
            gaps += _in_line(number, place, line, found)
    if len(gaps) > MAX_GAPS:
        found.error(gaps[MAX_GAPS].place, "gap-many", phrase("An item has at most %(n)s gaps.", n=MAX_GAPS), phrase("Divide it into several items."))
    return _numbered(gaps[:MAX_GAPS], found)


def _in_line(number: int, place: Place, line: str, found: Findings) -> list[Gap]:
    bare = _bare(line)
    gaps = []
    for match in GAP.finditer(bare):
        here = Place(place.file, place.line, place.column + match.start())
        inner = line[match.start("inner") : match.end("inner")]
        numbered = NUMBER.match(inner)
        inner = inner[numbered.end() :] if numbered else inner
        accepted = tuple(dict.fromkeys(" ".join(part.replace("\\|", "|").split()) for part in PARTED.split(inner)))
        check_accepted(accepted, here, found)
        gaps.append(Gap(number, match.start(), match.end(), accepted, int(numbered["n"].translate(PLAIN)) - 1 if numbered else None, here))
    closed = {gap.start for gap in gaps}
    for match in OPEN.finditer(bare):
        if match.start() not in closed:
            here = Place(place.file, place.line, place.column + match.start())
            hint = phrase("Close it in the same line: [[answer|other answer]]. Gaps do not lie inside each other. To show the signs themselves, write \\[[.")
            found.error(here, "gap-open", phrase("A gap begins here and is not closed."), hint)
            break
    return gaps


def check_accepted(accepted: Sequence[str], place: Place, found: Findings) -> None:
    """Note answers to be typed that are empty, too long or too many."""
    if not all(accepted) or not accepted:
        found.error(
            place, "answer-empty", phrase("An answer without a text would let an empty answer be right."), phrase("Write it: `= answer` or [[answer]].")
        )
    if len(accepted) > MAX_ACCEPTED or any(len(text) > MAX_ACCEPTED_LENGTH for text in accepted):
        message = phrase("At most %(n)s answers are accepted, each of at most %(length)s characters.", n=MAX_ACCEPTED, length=MAX_ACCEPTED_LENGTH)
        found.error(place, "answer-long", message, phrase("Ask for something shorter, or make it a choice."))


def _numbered(gaps: list[Gap], found: Findings) -> list[Gap]:
    """Gaps with their numbers: those written, each once, or those of their order."""
    written = [gap.number for gap in gaps]
    if any(number is not None for number in written) and sorted(-1 if number is None else number for number in written) != list(range(len(gaps))):
        message = phrase("Gaps are numbered all or none, each number once: [[#1 answer]], [[#2 answer]].")
        found.error(gaps[0].place, "gap-number", message, phrase("Numbers are needed only where a translation has the gaps in another order."))
        written = [None] * len(gaps)
    return [replace(gap, number=position if number is None else number) for position, (gap, number) in enumerate(zip(gaps, written, strict=True))]


def replaced(asked: Sequence[tuple[Place, str]], gaps: Sequence[Gap], token: str) -> list[str]:
    """The lines of a question with tokens `<token>x<number>x` in place of its gaps."""
    lines = [line for _, line in asked]
    for gap in sorted(gaps, key=lambda gap: (gap.line, gap.start), reverse=True):
        line = lines[gap.line]
        lines[gap.line] = f"{line[: gap.start]}{token}x{gap.number}x{line[gap.end :]}"
    return lines


def put_in(html: str, token: str, gaps: int) -> str | None:
    """The rendered question with an element for each gap; None if one of them does not stand in running text."""
    reader = _Reader(token)
    reader.feed(html)
    reader.close()
    if reader.seen != gaps or html.count(token) != gaps:
        return None
    return re.sub(rf"{token}x([0-9]+)x", r'<span data-gap="\1"></span>', html)


class _Reader(HTMLParser):
    """Counts the tokens that stand in running text."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token, self.seen, self.within = token, 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.within += tag in NO_PLACE

    def handle_endtag(self, tag: str) -> None:
        self.within -= tag in NO_PLACE

    def handle_data(self, data: str) -> None:
        self.seen += 0 if self.within else data.count(self.token)


def _bare(line: str) -> str:
    """The line with code taken out, as long as it was."""
    return CODE.sub(lambda code: " " * len(code[0]), line) if "`" in line else line
