"""From the elements of a lesson to the values that book.typ prints.

A block is {"k": kind, ...} with "c" for what is inside: p, h, list, defs, table, callout, quote, code, rule, image, check.
Inside a paragraph: t (text), b, i, code, kbd, sub, sup, del, a, br, note (a footnote), image, mark (a box or circle to tick), gap (a place to write).
An element that is not known is left out, but not what stands in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lms.content.markup.printed.elements import Element, read_html
from lms.content.markup.words import CALLOUTS

Values = list[dict[str, Any]]
HEADINGS = {f"h{level}": level for level in range(1, 7)}
WRAPPED = {"strong": "b", "b": "b", "em": "i", "sub": "sub", "sup": "sup", "del": "del"}
BLOCKS = frozenset(
    [
        *HEADINGS, "p", "ul", "ol", "dl", "table", "blockquote", "pre", "hr", "div", "section", "details", "fieldset", "figure", "article", "li", "dt", "dd",
    ]
)  # fmt: skip
SKIPPED = frozenset({"summary", "svg", "script", "style", "template", "option", "datalist"})
MARKS = {"radio": "circle", "checkbox": "box"}
CONTROLS = frozenset({"input", "select", "textarea"})


@dataclass
class Reader:
    """Reads the lessons of one book. pictures: the addresses seen, in order; answers: of the self-checks, in order."""

    pictures: dict[str, None] = field(default_factory=dict)
    answers: list[Values] = field(default_factory=list)
    _answering: bool = False
    _notes: dict[str, Element] = field(default_factory=dict)

    def lesson(self, clean: str) -> Values:
        """The blocks of a lesson."""
        root = read_html(clean)
        self._notes = {
            element.attributes.get("id", ""): element for foot in root.walk() if "footnote" in foot.classes for element in foot.walk() if element.name == "li"
        }
        return self.blocks(root.children)

    def blocks(self, children: list[Element]) -> Values:
        """Elements as blocks; what stands loose between them becomes paragraphs."""
        made: Values = []
        loose: list[Element] = []
        for child in children:
            if child.name in SKIPPED or "footnote" in child.classes:
                continue
            if child.name in BLOCKS or (child.name not in INLINE and _holds_block(child)):
                self._close(loose, made)
                made += self._block(child)
            else:
                loose.append(child)
        self._close(loose, made)
        return made

    def _close(self, loose: list[Element], made: Values) -> None:
        inside = self.inline(loose)
        if any(value["k"] != "t" or value["s"].strip() for value in inside):
            made.append({"k": "p", "c": _trimmed(inside)})
        loose.clear()

    def _block(self, element: Element) -> Values:
        if element.name in HEADINGS:
            return [{"k": "h", "level": HEADINGS[element.name], "c": self.inline(element.children)}]
        reader = READERS.get(element.name)
        return reader(self, element) if reader else self.blocks(element.children)

    def inline(self, children: list[Element]) -> Values:
        """Elements inside a paragraph."""
        return [value for child in children for value in self._inline(child)]

    def _inline(self, element: Element) -> Values:
        if not element.name:
            return [{"k": "t", "s": element.text}]
        if element.name in SKIPPED:
            return []
        if element.name in WRAPPED and not _note_of(element):
            return [{"k": WRAPPED[element.name], "c": self.inline(element.children)}]
        reader = INLINE.get(element.name)
        return reader(self, element) if reader else self.inline(element.children)

    def paragraph(self, element: Element) -> Values:
        """A paragraph; a picture alone in it is a block."""
        inside = [child for child in element.children if child.name or child.text.strip()]
        if len(inside) == 1 and inside[0].name == "img":
            return self.image(inside[0])
        made: Values = []
        self._close(list(element.children), made)
        return made

    def image(self, element: Element) -> Values:
        """A picture by its address."""
        source = element.attributes.get("src", "")
        if not source:
            return []
        self.pictures[source] = None
        width = element.attributes.get("width", "")
        return [{"k": "image", "src": source, "alt": element.attributes.get("alt", ""), "width": int(width) if width.isdigit() else 0}]

    def link(self, element: Element) -> Values:
        """A link to an address; those inside the lesson are only their text, and a footnote's sign is the footnote."""
        if "footnote-backref" in element.classes:
            return []
        note = self._notes.get(element.attributes.get("href", "")[1:]) if "footnote-ref" in element.classes else None
        if note is not None:
            return [{"k": "note", "c": self.blocks(note.children)}]
        address = element.attributes.get("href", "")
        inside = self.inline(element.children)
        return [{"k": "a", "href": address, "c": inside}] if address.startswith(("https:", "http:", "mailto:", "tel:")) else inside

    def raised(self, element: Element) -> Values:
        """A raised piece; around the sign of a footnote it is nothing."""
        return self.inline(element.children)

    def items(self, element: Element) -> Values:
        """A list. done: of a task whether it is ticked, else nothing."""
        start = element.attributes.get("start", "1")
        items = [{"done": _ticked(child), "c": self.blocks(_without_box(child))} for child in element.children if child.name == "li"]
        return [{"k": "list", "ordered": element.name == "ol", "start": int(start) if start.isdigit() else 1, "items": items}] if items else []

    def definitions(self, element: Element) -> Values:
        """A list of definitions. wrong: a choice of a self-check of which the answer says why it is wrong."""
        rows: Values = []
        for child in element.children:
            if child.name == "dt":
                rows.append({"term": True, "wrong": self._answering and "is-right" not in child.classes, "line": _trimmed(self.inline(child.children))})
            elif child.name == "dd":
                rows.append({"term": False, "c": self.blocks(child.children)})
        return [{"k": "defs", "rows": rows}] if rows else []

    def table(self, element: Element) -> Values:
        """A table; every row has as many cells as the longest."""
        rows = [[cell for cell in row.children if cell.name in ("th", "td")] for row in element.walk() if row.name == "tr"]
        columns = max((len(row) for row in rows), default=0)
        made = [[self._cell(row[place] if place < len(row) else Element("td")) for place in range(columns)] for row in rows]
        heads = sum(1 for row in rows if row and all(cell.name == "th" for cell in row))
        return [{"k": "table", "columns": columns, "heads": heads, "rows": made}] if columns else []

    def _cell(self, cell: Element) -> dict[str, Any]:
        return {"head": cell.name == "th", "align": cell.attributes.get("align", ""), "c": self.blocks(cell.children)}

    def box(self, element: Element) -> Values:
        """A division: a call-out, or nothing but what is in it."""
        kind = next((kind for kind in CALLOUTS if kind in element.classes), None)
        if "admonition" not in element.classes or kind is None:
            return self._row(element) if "answer" in element.classes else self.blocks(element.children)
        title = next((child for child in element.children if "admonition-title" in child.classes), None)
        rest = [child for child in element.children if child is not title]
        return [{"k": "callout", "kind": kind, "title": self.inline(title.children) if title else [], "c": self.blocks(rest)}]

    def _row(self, element: Element) -> Values:
        """An answer of a self-check on a line of its own, with its box."""
        inside = self.inline(element.children)
        return [{"k": "p", "c": _trimmed(inside)}] if inside else []

    def section(self, element: Element) -> Values:
        """A self-check: the question here, its answer at the end of the book."""
        if "self-check" not in element.classes:
            return self.blocks(element.children)
        folded = [child for child in element.children if child.name == "details"]
        title = [child for child in element.children if "self-check-title" in child.classes]
        self._answering = True
        self.answers.append([block for answer in folded for block in self.blocks(answer.children)])
        self._answering = False
        rest = [child for child in element.children if child not in folded and child not in title]
        return [{"k": "check", "n": len(self.answers), "title": self.inline(title[0].children) if title else [], "c": self.blocks(rest)}]

    def control(self, element: Element) -> Values:
        """What can be ticked or filled in, as it stands on paper."""
        kind = element.attributes.get("type", "text") if element.name == "input" else "text"
        if kind in ("hidden", "submit", "button"):
            return []
        return [{"k": "mark", "shape": MARKS[kind], "done": "checked" in element.attributes}] if kind in MARKS else [{"k": "gap"}]

    def quote(self, element: Element) -> Values:
        """A quotation."""
        return [{"k": "quote", "c": self.blocks(element.children)}]


def _text_block(kind: str) -> Callable[[Reader, Element], Values]:
    return lambda _reader, element: [{"k": kind, "s": element.all_text().rstrip("\n")}]


READERS: Mapping[str, Callable[[Reader, Element], Values]] = {
    "p": Reader.paragraph,
    "ul": Reader.items,
    "ol": Reader.items,
    "dl": Reader.definitions,
    "table": Reader.table,
    "blockquote": Reader.quote,
    "pre": _text_block("pre"),
    "hr": lambda _reader, _element: [{"k": "rule"}],
    "div": Reader.box,
    "section": Reader.section,
}
INLINE: Mapping[str, Callable[[Reader, Element], Values]] = {
    "a": Reader.link,
    "img": Reader.image,
    "code": _text_block("code"),
    "kbd": _text_block("kbd"),
    "br": lambda _reader, _element: [{"k": "br"}],
    "sup": Reader.raised,
    "input": Reader.control,
    "select": Reader.control,
    "textarea": Reader.control,
    "span": lambda reader, element: [{"k": "gap"}] if "data-gap" in element.attributes else reader.inline(element.children),
}


def _holds_block(element: Element) -> bool:
    return any(inner.name in BLOCKS for inner in element.walk() if inner is not element)


def _note_of(element: Element) -> bool:
    return element.name == "sup" and any("footnote-ref" in inner.classes for inner in element.walk())


def _ticked(item: Element) -> bool | None:
    box = _box_of(item)
    return None if box is None else "checked" in box.attributes


def _box_of(item: Element) -> Element | None:
    """The box of a task; other boxes stand in self-checks."""
    return next((inner for inner in item.walk() if inner.name == "input"), None) if "task-list-item" in item.classes else None


def _without_box(item: Element) -> list[Element]:
    box = _box_of(item)
    return [child for child in item.children if child is not box]


def _trimmed(values: Values) -> Values:
    """Without blanks at the beginning of a paragraph."""
    if values and values[0]["k"] == "t":
        values[0]["s"] = values[0]["s"].lstrip()
    return values
