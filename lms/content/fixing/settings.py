"""The plain form of settings files and front matter: colons and commas of an input method where they are signs of the form, not of a sentence."""

import re
from collections.abc import Iterator, Sequence

from lms.content.fixing.lines import Note
from lms.content.source.problems import Findings, Place
from lms.content.source.yamlish import KEY, Node, load
from lms.platform.rules import phrase

BRACKETED = {"[": "]", "{": "}"}
COLONS = phrase("colons and commas made plain")


def plain_settings(lines: Sequence[str], first: int = 1) -> tuple[list[str], list[Note]]:
    """The lines with plain signs of form; `first` is the number of the first line. What cannot be read stays as it is."""
    found = Findings()
    before = load(lines, Place("", 1), found)
    made = list(lines)
    for name, place in _keys(before):
        _colon(made, place, name)
    for node in _nodes(before):
        _flow(made, node)
    again = Findings()
    if load(made, Place("", 1), again).plain() != before.plain() or [one.line for one in again.problems] != [one.line for one in found.problems]:
        return list(lines), []
    return made, [Note(first + number, COLONS) for number, line in enumerate(made) if line != lines[number]]


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node.value, dict | list):
        for inner in node.value.values() if isinstance(node.value, dict) else node.value:
            yield from _nodes(inner)


def _keys(node: Node) -> Iterator[tuple[str, Place]]:
    for each in _nodes(node):
        yield from each.keys.items()


def _colon(lines: list[str], key: Place, name: str) -> None:
    """`key：value` at the place of a key becomes `key: value`."""
    line = lines[key.line - 1]
    head, rest = line[: key.column - 1], line[key.column - 1 :]
    match = KEY.match(rest)
    if match and match["key"] == name and "：" in rest[: match.start("rest")]:
        lines[key.line - 1] = head + f"{name}: {match['rest']}".rstrip()


def _flow(lines: list[str], node: Node) -> None:
    """Commas and colons between the parts of `[…]` and `{…}`."""
    line = lines[node.place.line - 1] if node.place.line <= len(lines) else ""
    if not isinstance(node.value, list | dict):
        return
    start = next((at for at in range(min(node.place.column - 1, len(line)), len(line)) if line[at] != " "), -1)
    if start < 0 or line[start] not in BRACKETED or not re.search("[，、：]", line):
        return
    end = line.rfind(BRACKETED[line[start]])
    if end > start:
        inner = re.sub(r"\s*[，、]\s*", ", ", line[start:end])
        lines[node.place.line - 1] = line[:start] + re.sub(r"([{,\[]\s*[\w.-]+)\s*：\s*", r"\1: ", inner) + line[end:]
