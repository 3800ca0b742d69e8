"""The lines of a bank or lesson as items, cases and the text between them. Only the form is read here; what it means is in kinds/."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from lms.content.catalogue import Kind
from lms.content.items.drafts import CaseDraft, ChoiceDraft, ItemDraft, Part, TextPart
from lms.content.items.forms import (
    QUOTE,
    check_mark,
    continues_callout,
    finish_choice,
    is_choice,
    is_row,
    is_rule,
    read_answer,
    read_choice,
    read_criterion,
    read_part,
    read_row,
)
from lms.content.items.gaps import has_gap
from lms.content.items.headers import HEADER, HEADING, read_braces
from lms.content.items.numbers import looks_like_number
from lms.content.markup.rendering import FENCE
from lms.content.source.problems import Findings, Place
from lms.platform.rules import phrase

__all__ = ["Form", "ItemDraft", "Part", "TextPart", "items_in", "kinds_of", "split"]

Form = Kind | Literal["case"]
TOP = 2
KIND_FLAGS: Mapping[str, Kind] = {"order": "ordering", "match": "matching", "hotspot": "hotspot", "essay": "essay"}


def split(lines: Sequence[str], place: Place, found: Findings, *, in_bank: bool, kinds: Mapping[str, Form] | None = None) -> list[Part]:
    """Items, heads of cases and the text between them, in order; in a bank there may be no text between them.

    kinds: of the items by id, where a text in the source language says them; they are for a translation, which repeats no flags.
    """
    known = kinds or {}
    parts: list[Part] = []
    case: CaseDraft | None = None
    fence, at = "", 0
    while at < len(lines):
        line = lines[at]
        fence = fence_after(fence, line)
        header = None if fence else HEADER.match(line)
        below = bool(header) and len(header["level"]) > TOP  # type: ignore[index]
        if header and (not below or case or in_bank):
            here = place.down(at)
            item = _head(header, here, found)
            form = known.get(item.id)
            if not below and (form == "case" or "case" in item.flags):
                case = CaseDraft(here, item.id, item.text, flags=item.flags, attributes=item.attributes)
                at = _read_case(lines, at + 1, case)
                parts.append(case)
                continue
            item.case = case = case if below else None
            _check_level(item, found, below=below)
            at = _Reader(item, place, found, in_bank=in_bank, known=None if form == "case" else form).read(lines, at + 1)
            parts.append(item)
            continue
        if not parts or not isinstance(parts[-1], TextPart):
            parts.append(TextPart(place.down(at), []))
        assert isinstance(parts[-1], TextPart)
        parts[-1].lines.append(line)
        case = None if line.strip() else case
        at += 1
    return parts


def fence_after(fence: str, line: str) -> str:
    """The fence that is open after a line."""
    mark = FENCE.match(line)
    if not mark or (fence and not mark[1].startswith(fence)):
        return fence
    return "" if fence else mark[1]


def _head(header: re.Match[str], place: Place, found: Findings) -> ItemDraft:
    braces = read_braces(header["attributes"], Place(place.file, place.line, header.start("attributes") + 1), found)
    return ItemDraft(place, braces.id, header["text"].strip(), flags=braces.flags, attributes=braces.attributes)


def _check_level(item: ItemDraft, found: Findings, *, below: bool) -> None:
    if item.case:
        item.case.items.append(item.id)
    elif below:
        message = phrase("A header with ### is for the items of a case, and no case stands above this one.")
        found.error(item.place, "case-item", message, phrase("Write ## for an item, or begin the case with `## Title {#id .case}`."))


def _read_case(lines: Sequence[str], at: int, case: CaseDraft) -> int:
    """Read the text of a case, up to the next heading; gives the number of the first line that is no longer its own."""
    fence = ""
    while at < len(lines):
        fence = fence_after(fence, lines[at])
        if not fence and HEADING.match(lines[at]):
            break
        case.body.append(lines[at])
        at += 1
    return at


@dataclass
class _Reader:
    """Reads one item, line by line: what is asked, then what answers, then the explanation."""

    item: ItemDraft
    place: Place
    found: Findings
    in_bank: bool
    known: Kind | None
    answering: bool = False
    gap_seen: bool = False
    in_callout: bool = False
    last: ChoiceDraft | None = None

    def __post_init__(self) -> None:
        flagged = [kind for flag, kind in KIND_FLAGS.items() if flag in self.item.flags]
        self.form: Kind | None = self.known or (flagged[0] if flagged else None)
        self.gap_seen = self._gaps_count and has_gap(self.item.text)

    @property
    def _gaps_count(self) -> bool:
        """Whether `[[` makes a gap: not in an item whose flag says what it is."""
        return self.form in (None, "gaps")

    def read(self, lines: Sequence[str], at: int) -> int:
        """Read on after the header; gives the number of the first line that is no longer the item's."""
        fence = ""
        while at < len(lines):
            line = lines[at]
            fence = fence_after(fence, line)
            if not fence and HEADING.match(line):
                break
            if not self.answering and (fence or not self._begins(line)):
                self.item.body.append(line)
                self.in_callout = continues_callout(line, inside=self.in_callout)
                self.gap_seen = self.gap_seen or (self._gaps_count and not fence and has_gap(line))
            elif not self._take(line, here := self.place.down(at)) and not self._mismarked(line, here):
                if not self.in_bank and not line.lstrip().startswith(("- ", "* ")):
                    break
                message = phrase("This line belongs neither to a choice nor to the explanation.")
                hint = phrase("A choice begins with `- ( )` or `- [ ]`, what explains a choice is indented, and the explanation at the end stands behind `>`.")
                self.found.error(here, "item-stray-text", message, hint)
            at += 1
        self._finish()
        return at

    def _begins(self, line: str) -> bool:
        """Whether the first line that is no longer the question has come."""
        quote = QUOTE.match(line)
        explains = bool(quote) and not quote["indent"] and not continues_callout(line, inside=self.in_callout)  # type: ignore[index]
        self.answering = self._is_answer(line) or (explains and (self.gap_seen or self.known in ("numeric", "short")))
        return self.answering

    def _is_answer(self, line: str) -> bool:
        nowhere = Place("")
        match self.form:
            case "ordering":
                return read_part(line, nowhere) is not None
            case "matching":
                return is_row(line)
            case "essay":
                return read_criterion(line, nowhere) is not None
            case "hotspot" | "single" | "multiple":
                return is_choice(line)
            case "numeric" | "short":
                return read_answer(line, nowhere) is not None
            case _:
                return is_choice(line) or read_answer(line, nowhere) is not None

    def _take(self, line: str, here: Place) -> bool:
        """Put a line below the question where it belongs; False if it belongs nowhere."""
        explained = bool(self.item.explanation)
        quote = QUOTE.match(line)
        if not line.strip():
            self.item.explanation += [""] if explained and self.item.explanation[-1] else []
        elif not explained and self._is_answer(line):
            self._add(line, here)
        elif quote and quote["indent"] and not explained and self.last:
            self.last.feedback.append(quote["text"])
        elif quote and not quote["text"].startswith("[!"):
            self.item.explanation.append(quote["text"])
        elif line.startswith("  ") and not explained and self.last and not self.last.feedback:
            self.last.text.append(line.strip())
        else:
            return False
        return True

    def _add(self, line: str, here: Place) -> None:
        item = self.item
        if self.form == "matching":
            self._add_row(line, here)
        elif self.form == "essay" and (criterion := read_criterion(line, here)):
            item.rubric.append(criterion)
        elif self.form != "ordering" and (answer := read_answer(line, here)):
            item.answers.append(answer)
        else:
            part = read_part(line, here) if self.form == "ordering" else None
            self.last = part or read_choice(line, here, self.found)
            item.choices.append(self.last)

    def _add_row(self, line: str, here: Place) -> None:
        """A row; the line of hyphens says that the row above it holds the headings."""
        if not is_rule(line):
            self.item.rows.append(read_row(line, here, self.found))
        elif len(self.item.rows) == 1 and self.item.columns is None:
            self.item.columns = self.item.rows.pop()

    def _mismarked(self, line: str, here: Place) -> bool:
        """Whether a line below the first choice is another one with a wrong mark."""
        return bool(self.item.choices) and not self.item.explanation and self.form != "ordering" and check_mark(line, here, self.found)

    def _check_last_lines(self) -> None:
        """Note choices with a wrong mark that stand right above the first good one, and so were taken for the question."""
        above = list(takewhile(str.strip, reversed(self.item.body)))
        for number, line in enumerate(above):
            check_mark(line, self.item.place.down(len(self.item.body) - number), self.found)

    def _finish(self) -> None:
        if self.item.choices and self.form != "ordering":
            self._check_last_lines()
        while self.item.explanation and not self.item.explanation[-1]:
            self.item.explanation.pop()
        for choice in self.item.choices:
            finish_choice(choice, self.found)
        self.item.kind = self.form or _kind_of(self.item, gaps=self.gap_seen)


def _kind_of(item: ItemDraft, *, gaps: bool) -> Kind:
    """The kind of an item that has no flag for it, by what answers it."""
    if item.choices:
        return "multiple" if item.choices[0].kind == "multiple" else "single"
    if item.answers:
        return "numeric" if looks_like_number([answer.text for answer in item.answers]) and "text" not in item.flags else "short"
    return "gaps" if gaps else "single"


def items_in(parts: Iterable[Part]) -> list[ItemDraft]:
    """The items alone."""
    return [part for part in parts if isinstance(part, ItemDraft)]


def kinds_of(parts: Iterable[Part]) -> dict[str, Form]:
    """The kind of each item of a text, and which ids are cases: what its translation is read by."""
    return {part.id: part.kind if isinstance(part, ItemDraft) else "case" for part in parts if not isinstance(part, TextPart)}
