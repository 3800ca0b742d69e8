"""Ids for items that lack one: random, eight characters, never one that stands anywhere in the tree; a translation gets that of its source."""

import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lms.content.fixing.headers import OPENED, plain_header
from lms.content.fixing.lines import Note
from lms.content.items.forms import CHOICE, ROUND, is_choice
from lms.content.items.headers import HEADER, HEADING
from lms.content.items.parser import fence_after
from lms.platform.rules import phrase

FIRST, LETTERS = "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz234567"
WRITTEN = re.compile(r"[{｛]\s*[#＃]([^\s.#＃=}｝]+)")
CASE = re.compile(r"[{｛][^{}｛｝]*\.case(?![\w-])")


@dataclass
class Head:
    """A line that heads an item or case: its number (from 0), and its id, empty where it has none."""

    at: int
    id: str


class Ids:
    """Gives ids that stand nowhere yet. choice: picks one of several characters."""

    def __init__(self, texts: Iterable[str], choice: Callable[[str], str] = secrets.choice) -> None:
        self._taken = {id_ for text in texts for id_ in WRITTEN.findall(text)}
        self._choice = choice

    def new(self) -> str:
        """One more id."""
        while True:
            id_ = self._choice(FIRST) + "".join(self._choice(LETTERS) for _ in range(7))
            if id_ not in self._taken:
                self._taken.add(id_)
                return id_


def heads_of(lines: Sequence[str], *, in_bank: bool) -> list[Head]:
    """The heads of items and cases, with or without an id. In a lesson a heading without braces is one only if round brackets answer below it."""
    heads: list[Head] = []
    fence, in_case = "", False
    for at, line in enumerate(lines):
        fence = fence_after(fence, line)
        if fence or not HEADING.match(line):
            continue
        level = len(line) - len(line.lstrip("#"))
        has_braces = bool(HEADER.match(line) or OPENED.match(line)) and plain_header(line, id_="x") is not None
        if level == 2:  # noqa: PLR2004
            in_case = has_braces and bool(CASE.search(line))
        fits = level == 2 or (level == 3 and in_case)  # noqa: PLR2004
        if fits and (has_braces or (in_bank and line.strip("# ") and not HEADER.match(line)) or (not in_bank and _is_answered(lines, at))):
            written = WRITTEN.search(line) if has_braces else None
            heads.append(Head(at, written[1] if written else ""))
    return heads


def _is_answered(lines: Sequence[str], at: int) -> bool:
    """Whether choices in round brackets stand below a heading: square ones may be a list of tasks."""
    for line in lines[at + 1 :]:
        if HEADING.match(line):
            return False
        match = CHOICE.match(line)
        if match and is_choice(line) and match["open"] in ROUND:
            return True
    return False


def give_ids(lines: Sequence[str], heads: Sequence[Head], first: int, new: Callable[[], str]) -> tuple[list[str], list[Note]]:
    """A source text in which every head has an id."""
    return _put(lines, [(head, head.id or new()) for head in heads], first)


def take_ids(lines: Sequence[str], heads: Sequence[Head], source: Sequence[str], first: int) -> tuple[list[str], list[Note]]:
    """A translation whose heads without an id get those of the source, between two ids that both have, where as many stand there as here."""
    given: list[tuple[Head, str]] = []
    for mine, theirs in _between([head.id for head in heads], source):
        if len(mine) == len(theirs):
            given += [(heads[at], theirs[number]) for number, at in enumerate(mine)]
    return _put(lines, given, first)


def _between(mine: Sequence[str], theirs: Sequence[str]) -> Iterable[tuple[list[int], list[str]]]:
    """Runs of places without an id here, each with the ids that stand between the same two neighbours there."""
    at, run = 0, list[int]()
    for place, id_ in enumerate([*mine, None]):
        if id_ == "":
            run.append(place)
            continue
        if id_ is not None and id_ not in theirs[at:]:
            continue
        end = len(theirs) if id_ is None else theirs.index(id_, at)
        if run:
            yield run, [other for other in theirs[at:end] if other not in mine]
        at, run = min(end + 1, len(theirs)), []


def _put(lines: Sequence[str], given: Sequence[tuple[Head, str]], first: int) -> tuple[list[str], list[Note]]:
    made, notes = list(lines), []
    for head, id_ in given:
        if head.id:
            continue
        line = made[head.at]
        made[head.at] = plain_header(line, id_=id_) or f"{line.rstrip()} {{#{id_}}}"
        notes.append(Note(first + head.at, phrase("id #%(id)s given", id=id_)))
    return made, notes
