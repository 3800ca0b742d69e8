"""The plain form of banks and lessons: headers and the lines that answer; the text between them is not touched."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass

from lms.content.fixing.answers import answer_lines, plain_answer, plain_quote
from lms.content.fixing.headers import plain_header, tags_of
from lms.content.fixing.lines import Note
from lms.content.items.drafts import CaseDraft, ItemDraft, Part, TextPart
from lms.content.items.parser import Form, fence_after, split
from lms.content.markup.basis import read_bases
from lms.content.source.plain import CONTROL, MAX_LINE
from lms.content.source.problems import Findings, Place
from lms.platform.rules import phrase

HEADER = phrase("header put in order")
SIGNS = phrase("signs made plain")
Kinds = Mapping[str, Form]


def read_parts(lines: Sequence[str], *, in_bank: bool, kinds: Kinds | None, found: Findings | None = None) -> list[Part]:
    """The parts of a text as the compiler sees them; lines are numbered from 1."""
    seen = [CONTROL.sub("", line).rstrip()[:MAX_LINE] for line in lines]
    return split(seen, Place(""), found if found is not None else Findings(), in_bank=in_bank, kinds=kinds)


def plain_text(lines: Sequence[str], first: int, *, in_bank: bool, kinds: Kinds | None) -> tuple[list[str], list[Note]]:
    """The lines of a body in plain form; `first` is the number of the first one. Where the meaning would change, they stay."""
    found, again = Findings(), Findings()
    parts = read_parts(lines, in_bank=in_bank, kinds=kinds, found=found)
    made = list(lines)
    for number, part in enumerate(parts):
        end = parts[number + 1].place.line - 1 if number + 1 < len(parts) else len(lines)
        if isinstance(part, ItemDraft | CaseDraft):
            made[part.place.line - 1] = plain_header(made[part.place.line - 1]) or made[part.place.line - 1]
        if isinstance(part, ItemDraft):
            _answers(made, part, end)
    same = meaning_of(read_parts(made, in_bank=in_bank, kinds=kinds, found=again)) == meaning_of(parts)
    if not same or [(one.line, one.code) for one in again.problems] != [(one.line, one.code) for one in found.problems]:
        return list(lines), []
    heads = {part.place.line for part in parts if not isinstance(part, TextPart)}
    return made, [Note(first + at, HEADER if at + 1 in heads else SIGNS) for at, line in enumerate(made) if line != lines[at]]


def _answers(lines: list[str], item: ItemDraft, end: int) -> None:
    answers = answer_lines(item)
    begun, fence = min(answers, default=end + 1), ""
    for number in range(item.place.line + 1, end + 1):
        line = lines[number - 1]
        fence = fence_after(fence, line)
        if CONTROL.search(line) or fence:
            continue
        if number in answers:
            lines[number - 1] = plain_answer(line, item)
        elif number > begun and line.lstrip().startswith((">", "＞")):
            lines[number - 1] = plain_quote(line)


def meaning_of(parts: Sequence[Part]) -> list[object]:
    """What parts mean, without their places: two texts of the same meaning compile to the same."""
    return [_meaning(part) for part in parts]


def _meaning(value: object) -> object:
    if isinstance(value, Place):
        return None
    if isinstance(value, TextPart):
        return "\n".join(value.lines)
    if is_dataclass(value):
        said = {field.name: getattr(value, field.name) for field in fields(value)}
        if isinstance(said.get("case"), CaseDraft):
            said["case"] = said["case"].id
        return {name: _attributes(inner) if name == "attributes" else _meaning(inner) for name, inner in said.items()}
    if isinstance(value, dict):
        return {key: _meaning(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_meaning(inner) for inner in value]
    return value


def _attributes(given: dict[str, tuple[str, Place]]) -> dict[str, object]:
    return {key: _bases(value) if key == "basis" else tags_of(value) if key == "tags" else value for key, (value, _) in given.items()}


def _bases(value: str) -> object:
    found = Findings()
    return read_bases(value, Place(""), found), [(problem.code, str(problem.message)) for problem in found.problems]
