"""The lines of a bank or lesson as items and the text between them. Only the form is read here; what it means is in items.py."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lms.content.markup.rendering import FENCE
from lms.content.source.problems import Findings, Place
from lms.platform.rules import phrase

HEADER = re.compile(r"##(?!#)(?P<text>.*)[{｛]\s*(?P<attributes>[#＃][^{}｛｝]*)[}｝]$")
HEADING = re.compile(r"#{1,6}\s")
CHOICE = re.compile(r"\s{0,3}[-*+－–—]\s*(?P<open>[(（\[【［])(?P<mark>[^()（）\[\]【】［］]{0,6})(?P<close>[)）\]】］])(?![(（])\s*(?P<text>.*)$")
QUOTE = re.compile(r"(?P<indent>\s*)[>＞]\s?(?P<text>.*)$")
ATTRIBUTE = re.compile(
    r"\s*(?:[#＃](?P<id>[^\s.#=]+)|\.(?P<flag>[\w-]+)|(?P<key>[A-Za-z_-]+)\s*[=＝]\s*(?:\"(?P<quoted>[^\"]*)\"|“(?P<curly>[^”]*)”|(?P<bare>[^\s\"“]+)))"
)
CROSSES = frozenset("xX×ｘＸхХ")
ROUND, SQUARE = frozenset("(（)）"), frozenset("[【［]】］")
Kind = Literal["single", "multiple"]


@dataclass
class ChoiceDraft:
    """One choice as written."""

    place: Place
    kind: Kind
    right: bool
    text: list[str]
    feedback: list[str] = field(default_factory=list)


@dataclass
class ItemDraft:
    """One item as written in one language."""

    place: Place
    id: str
    text: str
    body: list[str] = field(default_factory=list)
    choices: list[ChoiceDraft] = field(default_factory=list)
    explanation: list[str] = field(default_factory=list)
    attributes: dict[str, tuple[str, Place]] = field(default_factory=dict)
    flags: dict[str, Place] = field(default_factory=dict)


@dataclass
class TextPart:
    """Lines between items."""

    place: Place
    lines: list[str]


def split(lines: Sequence[str], place: Place, found: Findings, *, in_bank: bool) -> list[ItemDraft | TextPart]:
    """Items and the text between them, in order; in a bank there may be no text between them."""
    parts: list[ItemDraft | TextPart] = []
    fence, at = "", 0
    while at < len(lines):
        line = lines[at]
        fence = _fence(fence, line)
        header = None if fence else HEADER.match(line)
        if header:
            item = _head(header, place.down(at), found)
            at = _read_item(lines, at + 1, item, place, found, in_bank=in_bank)
            parts.append(item)
            continue
        if not parts or isinstance(parts[-1], ItemDraft):
            parts.append(TextPart(place.down(at), []))
        assert isinstance(parts[-1], TextPart)
        parts[-1].lines.append(line)
        at += 1
    return parts


def _fence(fence: str, line: str) -> str:
    """The fence that is open after a line."""
    mark = FENCE.match(line)
    if not mark or (fence and not mark[1].startswith(fence)):
        return fence
    return "" if fence else mark[1]


def _head(header: re.Match[str], place: Place, found: Findings) -> ItemDraft:
    item = ItemDraft(place, "", header["text"].strip())
    text, at = header["attributes"], 0
    while text[at:].strip():
        match = ATTRIBUTE.match(text, at)
        here = Place(place.file, place.line, header.start("attributes") + at + len(text[at:]) - len(text[at:].lstrip()) + 1)
        if not match:
            message = phrase("This part of the item's braces cannot be read: %(text)s", text=text[at:].strip()[:60])
            found.error(
                here,
                "item-attributes",
                message,
                phrase('Write {#id .critical points=1 tags="a, b"}: a space between the parts, quotes round what holds blanks.'),
            )
            break
        if match["id"]:
            item.id = match["id"]
        elif match["flag"]:
            item.flags[match["flag"]] = here
        else:
            value = next(value for value in (match["quoted"], match["curly"], match["bare"]) if value is not None)
            item.attributes[match["key"]] = (value.strip(), here)
        at = match.end()
    return item


def _read_item(lines: Sequence[str], at: int, item: ItemDraft, place: Place, found: Findings, *, in_bank: bool) -> int:
    """Read on after the header; gives the number of the first line that is no longer the item's."""
    fence = ""
    while at < len(lines):
        line, here = lines[at], place.down(at)
        fence = _fence(fence, line)
        if not fence and HEADING.match(line):
            break
        if not item.choices and (fence or not _is_choice(line)):
            item.body.append(line)
        elif not _take(item, line, here, found):
            if not in_bank and not line.lstrip().startswith(("- ", "* ")):
                break
            message = phrase("This line belongs neither to a choice nor to the explanation.")
            hint = phrase("A choice begins with `- ( )` or `- [ ]`, what explains a choice is indented, and the explanation at the end stands behind `>`.")
            found.error(here, "item-stray-text", message, hint)
        at += 1
    return at


def _take(item: ItemDraft, line: str, here: Place, found: Findings) -> bool:
    """Put a line of the choices or of the explanation where it belongs; False if it belongs nowhere."""
    explained = bool(item.explanation)
    quote = QUOTE.match(line)
    if not line.strip():
        item.explanation += [""] if explained and item.explanation[-1] else []
    elif _is_choice(line) and not explained:
        item.choices.append(_choice(line, here, found))
    elif quote and quote["indent"] and not explained:
        item.choices[-1].feedback.append(quote["text"])
    elif quote and not quote["text"].startswith("[!"):
        item.explanation.append(quote["text"])
    elif line.startswith("  ") and not explained and not item.choices[-1].feedback:
        item.choices[-1].text.append(line.strip())
    else:
        return False
    return True


def _is_choice(line: str) -> bool:
    match = CHOICE.match(line)
    return bool(match) and (not match["mark"].strip() or match["mark"].strip() in CROSSES or match["mark"].strip().endswith(("%", "％")))  # type: ignore[index]


def _choice(line: str, here: Place, found: Findings) -> ChoiceDraft:
    match = CHOICE.match(line)
    assert match is not None
    mark = match["mark"].strip()
    place = Place(here.file, here.line, match.start("open") + 1)
    if (match["open"] in ROUND) != (match["close"] in ROUND):
        found.error(
            place, "item-brackets", phrase("The bracket opens as one kind and closes as the other."), phrase("( ) is for one right answer, [ ] for several.")
        )
    if mark and mark not in CROSSES:
        found.error(
            place,
            "item-mark",
            phrase("A bracket is empty or holds an x; this one holds %(mark)s.", mark=mark),
            phrase("Partial credit is not part of single and multiple choice yet."),
        )
    return ChoiceDraft(place, "single" if match["open"] in ROUND else "multiple", mark in CROSSES, [match["text"].strip()])


def items_in(parts: Iterable[ItemDraft | TextPart]) -> list[ItemDraft]:
    """The items alone."""
    return [part for part in parts if isinstance(part, ItemDraft)]
