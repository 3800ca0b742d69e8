"""Settings files: YAML's block style, read so that a sentence needs no quotes, and every scalar stays the text it was.

A value runs to the end of its line; only ` #` after two or more blanks begins a comment. Flow style is for lists and small
maps of ids and numbers. Nothing else of YAML is understood (no anchors, tags, documents), and what is not understood is noted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from lms.content.source.problems import Findings, Place
from lms.platform.rules import phrase

KEY = re.compile(r"(?P<key>[A-Za-z0-9_][A-Za-z0-9_.-]*)\s*(?::(?=\s|$)|：)\s*(?P<rest>.*)$")
ENTRY_KEY = re.compile(r"[a-z][a-z0-9_]*(:(?=\s|$)|：)")
COMMENT = re.compile(r"\s{2,}#.*$")
BLOCK = re.compile(r"[|>][+-]?$")
MAX_DEPTH = 12

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain] | None"


@dataclass
class Node:
    """A value with the place where it begins; `keys` are the places of a map's keys."""

    value: "str | list[Node] | dict[str, Node] | None"
    place: Place
    keys: dict[str, Place] = field(default_factory=dict)

    def plain(self) -> Plain:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def place_of(self, path: Sequence[int | str], *, key: bool = False) -> Place:
        """Where the value (or its key) at a path stands: the deepest that there is."""
        node, place = self, self.place
        for position, step in enumerate(path):
            last = position == len(path) - 1
            if isinstance(node.value, dict) and step in node.value:
                place = node.keys[str(step)] if key and last else node.value[str(step)].place
                node = node.value[str(step)]
            elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                place = node.place
            else:
                break
        return place


@dataclass
class _Line:
    indent: int
    text: str
    place: Place


def load(lines: Sequence[str], place: Place, found: Findings) -> Node:
    """Read the lines of a settings file; `place` is that of the first one."""
    kept = [
        _Line(len(line) - len(line.lstrip(" ")), line.strip(), place.down(number, len(line) - len(line.lstrip(" ")) + 1))
        for number, line in enumerate(lines)
        if line.strip() and not line.lstrip().startswith("#") and line.strip() != "---"
    ]
    reader = _Reader(kept, list(lines), place, found)
    if not kept:
        return Node({}, place)
    node = reader.block(0, 0)
    if reader.at < len(kept):
        reader.refuse(kept[reader.at])
    return node


class _Reader:
    def __init__(self, lines: list[_Line], raw: list[str], first: Place, found: Findings) -> None:
        self.lines, self.raw, self.first, self.found, self.at = lines, raw, first, found, 0

    def refuse(self, line: _Line) -> None:
        hint = phrase("Write `key: value` on one line, lists with `- `, and indent what belongs together by the same number of blanks.")
        self.found.error(line.place, "yaml-syntax", phrase("This line does not fit where it stands."), hint)
        self.at += 1

    def block(self, indent: int, depth: int) -> Node:
        line = self.lines[self.at]
        if depth > MAX_DEPTH:
            self.refuse(line)
            self.at = len(self.lines)
            return Node(None, line.place)
        return self.entries(line.indent, depth) if line.text == "-" or line.text.startswith("- ") else self.map(max(indent, line.indent), depth)

    def entries(self, indent: int, depth: int) -> Node:
        node = Node([], self.lines[self.at].place)
        assert isinstance(node.value, list)
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.indent != indent or not (line.text == "-" or line.text.startswith("- ")):
                if line.indent > indent:
                    self.refuse(line)
                    continue
                break
            rest = line.text[1:].lstrip()
            inner = indent + len(line.text) - len(rest)
            if ENTRY_KEY.match(rest):
                self.lines[self.at] = _Line(inner, rest, Place(line.place.file, line.place.line, inner + 1))
                node.value.append(self.map(inner, depth + 1))
            else:
                self.at += 1
                node.value.append(self.value(rest, indent, Place(line.place.file, line.place.line, inner + 1), line, depth))
        return node

    def map(self, indent: int, depth: int) -> Node:
        node = Node({}, self.lines[self.at].place)
        assert isinstance(node.value, dict)
        while self.at < len(self.lines):
            line = self.lines[self.at]
            match = KEY.match(line.text)
            if line.indent < indent or (line.text.startswith("- ") and line.indent == indent):
                break
            if line.indent > indent or not match:
                self.refuse(line)
                continue
            self.at += 1
            key = match["key"]
            begins = Place(line.place.file, line.place.line, line.indent + match.start("rest") + 1)
            value = self.value(match["rest"], indent, begins, line, depth)
            if key in node.value:
                message = phrase("The key %(key)s stands here a second time; the first is in line %(line)s.", key=key, line=node.keys[key].line)
                self.found.error(line.place, "yaml-duplicate-key", message, phrase("Keep one of the two."))
            else:
                node.value[key], node.keys[key] = value, line.place
        return node

    def value(self, rest: str, indent: int, place: Place, line: _Line, depth: int) -> Node:
        text = COMMENT.sub("", rest).rstrip()
        if text.startswith("#") and not rest.startswith("##") and COMMENT.match("  " + rest):
            text = ""
        if BLOCK.fullmatch(text):
            return Node(self.long_text(indent, line, folded=text.startswith(">")), place)
        if text == "":
            follows = self.lines[self.at] if self.at < len(self.lines) else None
            if follows and (follows.indent > indent or (follows.indent == indent and follows.text.startswith("- ") and line.text[:2] != "- ")):
                return self.block(indent + 1 if follows.indent > indent else indent, depth + 1)
            return Node(None, place)
        if (text[0], text[-1]) in {("[", "]"), ("{", "}")}:
            return _Flow(text, place, self.found).read()
        return Node(_unquoted(text), place)

    def long_text(self, indent: int, line: _Line, *, folded: bool) -> str:
        """The lines below a `|` or `>` that stand further in, as they are or run together."""
        taken: list[str] = []
        start = line.place.line - self.first.line + 1
        for raw in self.raw[start:]:
            if raw.strip() and len(raw) - len(raw.lstrip(" ")) <= indent:
                break
            taken.append(raw)
        end = line.place.line + len(taken)
        while self.at < len(self.lines) and self.lines[self.at].place.line <= end:
            self.at += 1
        margin = min((len(raw) - len(raw.lstrip(" ")) for raw in taken if raw.strip()), default=0)
        return (" " if folded else "\n").join(raw[margin:] for raw in taken).strip()


def _unquoted(text: str) -> str:
    for quote in ('"', "'"):
        if len(text) > 1 and text[0] == text[-1] == quote and quote not in text[1:-1]:
            return text[1:-1]
    return text


class _Flow:
    """`[a, b]` and `{a: b}` of ids and numbers; full-width commas and colons of an input method count too."""

    def __init__(self, text: str, place: Place, found: Findings) -> None:
        self.text, self.place, self.found, self.at = text, place, found, 0

    def read(self) -> Node:
        node = self.one(0)
        if node is None or self.text[self.at :].strip():
            message = phrase("This list or map in brackets cannot be read: %(text)s", text=self.text[:80])
            self.found.error(self.place, "yaml-syntax", message, phrase("Write [a, b] for a list, {a: b} for a map, and nothing behind it."))
            return Node(None, self.place)
        return node

    def here(self) -> Place:
        return Place(self.place.file, self.place.line, self.place.column + self.at)

    def skip(self) -> str:
        while self.at < len(self.text) and self.text[self.at] in " ,，、":
            self.at += 1
        return self.text[self.at] if self.at < len(self.text) else ""

    def word(self, stop: str) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in stop:
            self.at += 1
        return _unquoted(self.text[start : self.at].strip())

    def one(self, depth: int) -> Node | None:
        char, place = self.skip(), self.here()
        if depth > MAX_DEPTH or not char:
            return None
        if char not in "[{":
            word = self.word(",，、]}")
            return Node(word, place) if word else None
        self.at += 1
        return self.members(Node([] if char == "[" else {}, place), "]" if char == "[" else "}", depth)

    def members(self, node: Node, closing: str, depth: int) -> Node | None:
        while (char := self.skip()) != closing:
            if not char or char in "]}":
                return None
            key, place = "", self.here()
            if isinstance(node.value, dict):
                key = self.word(":：,，]}")
                if self.skip() not in (":", "：") or not key or key in node.value:
                    return None
                self.at += 1
            value = self.one(depth + 1)
            if value is None:
                return None
            if isinstance(node.value, dict):
                node.value[key], node.keys[key] = value, place
            elif isinstance(node.value, list):
                node.value.append(value)
        self.at += 1
        return node
