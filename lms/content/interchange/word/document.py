"""The paragraphs and tables of a document, each paragraph with its number as a reader would count them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from lms.content.interchange.pictures import Shelf
from lms.content.interchange.report import Losses
from lms.content.interchange.word.numbering import Label, Numbering, read_numbering
from lms.content.interchange.word.package import Package, W, is_on, val
from lms.content.interchange.word.rich import PICTURE, Look, Rich
from lms.platform.rules import Phrase, phrase
from lms.platform.xml_reading import local

SYMBOLS = {
    "F0FC": "✓",
    "F0FE": "☑",
    "F0A8": "☐",
    "F06F": "☐",
    "F0FB": "✗",
    "F052": "☑",
    "F0A3": "☐",
    "F053": "☒",
    "F0FD": "☒",
    "F050": "✓",
    "F0D0": "°",
    "F0B0": "°",
}
DARK = 0x50
MAX_BLANKS = 20
LONG = re.compile(rf"[^\S\n]{{{MAX_BLANKS},}}")
"""More blanks than that in a row tell nothing, and cost time."""

MAX_STYLES = 20


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its number from 1, its text, the label that Word shows before it, and whether it is a heading."""

    number: int
    rich: Rich
    label: Label | None = None
    heading: bool = False

    @property
    def where(self) -> Phrase:
        """Its place, for people."""
        return phrase("paragraph %(n)s", n=self.number)

    @property
    def shown(self) -> str:
        """Label and text, for a report."""
        return f"{self.label.text} {self.rich.text}".strip() if self.label else self.rich.text.strip()


@dataclass(frozen=True)
class Table:
    """Rows of cells, each with its paragraphs."""

    rows: tuple[tuple[tuple[Paragraph, ...], ...], ...]


Block = Paragraph | Table


@dataclass
class Reader:
    """Reads the blocks of a document in their order."""

    package: Package
    shelf: Shelf
    losses: Losses
    count: int = 0
    numbering: Numbering = field(init=False)
    _styles: dict[str, Element] = field(init=False)

    def __post_init__(self) -> None:
        self.numbering = read_numbering(self.package.numbering)
        styles = self.package.styles
        self._styles = {val(one, "styleId"): one for one in styles.findall(f"{W}style")} if styles is not None else {}

    def blocks(self) -> Iterator[Block]:
        """Everything in the body."""
        body = self.package.document.find(f"{W}body")
        yield from self._blocks(body if body is not None else Element("none"))

    def _blocks(self, parent: Element) -> Iterator[Block]:
        for child in parent:
            tag = local(child)
            if tag == "p":
                yield self._paragraph(child)
            elif tag == "tbl":
                yield self._table(child)
            elif tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"):
                yield from self._blocks(child)

    def _table(self, element: Element) -> Table:
        return Table(tuple(tuple(tuple(self._paragraphs(cell)) for cell in _below(row, "tc")) for row in _below(element, "tr")))

    def _paragraphs(self, cell: Element) -> Iterator[Paragraph]:
        """The paragraphs of a cell, those of a table inside it too."""
        for block in self._blocks(cell):
            if isinstance(block, Paragraph):
                yield block
            else:
                yield from (paragraph for row in block.rows for inner in row for paragraph in inner)

    def _paragraph(self, element: Element) -> Paragraph:
        self.count += 1
        properties = element.find(f"{W}pPr")
        style = self._chain(val(properties.find(f"{W}pStyle") if properties is not None else None) or self._usual())
        base = Look()
        for one in style:
            base = _looked(base, one.find(f"{W}rPr"))
        made = Rich(*self._joined(element, base))
        label = self._label(properties, style)
        names = " ".join(val(one.find(f"{W}name")).lower() for one in style)
        return Paragraph(self.count, made, label if made.text.strip() else None, "heading" in names or "title" in names)

    def _usual(self) -> str:
        return next((id_ for id_, one in self._styles.items() if val(one, "type") == "paragraph" and val(one, "default") == "1"), "")

    def _chain(self, id_: str) -> list[Element]:
        """A style and those it is based on, the base first."""
        made: list[Element] = []
        while id_ in self._styles and len(made) < MAX_STYLES and self._styles[id_] not in made:
            made.insert(0, self._styles[id_])
            id_ = val(self._styles[id_].find(f"{W}basedOn"))
        return made

    def _label(self, properties: Element | None, style: list[Element]) -> Label | None:
        places = [properties, *(one.find(f"{W}pPr") for one in reversed(style))]
        for place in places:
            number = place.find(f"{W}numPr") if place is not None else None
            if number is not None and (id_ := val(number.find(f"{W}numId"))):
                level = val(number.find(f"{W}ilvl"))
                return self.numbering.next(id_, int(level) if level.isdecimal() and len(level) == 1 else 0)
        return None

    def _joined(self, element: Element, base: Look) -> tuple[str, tuple[Look, ...]]:
        text, looks = "", []
        for piece, look in self._pieces(element, base):
            if piece.isspace() and not text[-MAX_BLANKS:].strip(" \t\xa0") and len(text) > MAX_BLANKS:
                continue
            piece = LONG.sub(" " * MAX_BLANKS, piece)  # noqa: PLW2901
            text += piece
            looks += [look] * len(piece)
        return text, tuple(looks)

    def _pieces(self, element: Element, base: Look) -> Iterator[tuple[str, Look]]:
        for child in element:
            tag = local(child)
            if tag == "r":
                yield from self._run(child, base)
            elif tag in ("oMath", "oMathPara"):
                self.losses.add(phrase("paragraph %(n)s", n=self.count), phrase("A formula is taken as plain text; look at it."))
                yield "".join(one.text or "" for one in child.iter() if local(one) == "t"), base
            elif tag not in ("pPr", "del", "moveFrom", "rPr", "sdtPr", "bookmarkStart", "bookmarkEnd", "proofErr", "instrText"):
                yield from self._pieces(child, base)

    def _run(self, run: Element, base: Look) -> Iterator[tuple[str, Look]]:
        properties = run.find(f"{W}rPr")
        look = base
        for one in self._chain(val(properties.find(f"{W}rStyle") if properties is not None else None)):
            look = _looked(look, one.find(f"{W}rPr"))
        look = _looked(look, properties)
        if properties is not None and is_on(properties.find(f"{W}vanish")):
            return
        for child in run:
            yield from self._inside(child, look)

    def _inside(self, child: Element, look: Look) -> Iterator[tuple[str, Look]]:
        tag = local(child)
        if tag == "t":
            yield (child.text or "").replace("\n", " ").replace(PICTURE, ""), look
        elif tag in ("tab", "ptab"):
            yield "\t", look
        elif tag in ("br", "cr"):
            yield "\n", look
        elif tag == "noBreakHyphen":
            yield "-", look
        elif tag == "sym":
            yield SYMBOLS.get(val(child, "char").upper(), ""), look
        elif tag in ("drawing", "pict", "object"):
            yield from self._pictures(child)
        elif text := self.package.notes.get((tag, val(child, "id"))):
            self.losses.add(phrase("paragraph %(n)s", n=self.count), phrase("A footnote or comment is left out: %(text)s", text=text[:200]))
        elif tag == "AlternateContent":
            chosen = next((one for one in child if local(one) == "Choice"), None)
            for one in chosen if chosen is not None else ():
                yield from self._inside(one, look)

    def _pictures(self, element: Element) -> Iterator[tuple[str, Look]]:
        where = phrase("paragraph %(n)s", n=self.count)
        alt = next((one.get("descr") or "" for one in element.iter() if local(one) == "docPr"), "")
        if any(local(one) == "txbxContent" for one in element.iter()):
            words = "".join(one.text or "" for one in element.iter(f"{W}t"))
            self.losses.add(where, phrase("The text of a text box is left out: %(text)s", text=words[:80]))
        for one in element.iter():
            if local(one) not in ("blip", "imagedata"):
                continue
            id_ = next((value for key, value in one.attrib.items() if key.rpartition("}")[2] in ("embed", "id", "link")), "")
            path = self.package.targets.get(id_, "")
            if path not in self.package.files:
                self.losses.add(where, phrase("A picture is not in the file itself, so it is left out."))
                continue
            name = self.shelf.put(path.rpartition("/")[2], self.package.files[path], where)
            if name:
                yield PICTURE, Look(picture=name, alt=one.get("title", "") or alt)


def _below(element: Element, tag: str) -> Iterator[Element]:
    """Rows or cells, through what Word puts between."""
    for child in element:
        if local(child) == tag:
            yield child
        elif local(child) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _below(child, tag)


def _looked(look: Look, properties: Element | None) -> Look:
    """A look with what the properties of a run or style add."""
    if properties is None:
        return look
    bold, italic, strike = (is_on(properties.find(W + tag)) for tag in ("b", "i", "strike"))
    under = properties.find(f"{W}u")
    raised = val(properties.find(f"{W}vertAlign"))
    return Look(
        bold=look.bold if bold is None else bold,
        italic=look.italic if italic is None else italic,
        underline=look.underline if under is None else val(under) not in ("none", ""),
        strike=look.strike if strike is None else strike,
        colour=_colour(properties, look.colour),
        highlight=_highlight(properties, look.highlight),
        raised={"superscript": "sup", "subscript": "sub"}.get(raised, "") if raised else _lifted(properties) or look.raised,
    )


def _colour(properties: Element, inherited: str) -> str:
    element = properties.find(f"{W}color")
    if element is None:
        return inherited
    value = val(element).lower()
    try:
        parts = [int(value[at : at + 2], 16) for at in (0, 2, 4)]
    except ValueError:
        return ""
    return "" if max(parts) <= DARK else value


def _highlight(properties: Element, inherited: str) -> str:
    mark, shade = properties.find(f"{W}highlight"), properties.find(f"{W}shd")
    if mark is not None:
        return "" if val(mark) in ("none", "white", "") else val(mark)
    if shade is not None:
        return "" if val(shade, "fill").lower() in ("auto", "ffffff", "") else val(shade, "fill").lower()
    return inherited


def _lifted(properties: Element) -> str:
    """Raised or lowered by half points, which is how LibreOffice writes it."""
    by = val(properties.find(f"{W}position"))
    return "" if not by.lstrip("-").isdecimal() or int(by) == 0 else "sub" if by.startswith("-") else "sup"
