"""A bank as Moodle XML, which Moodle 3.9 and later import: Markdown texts, ids as idnumber, tags, feedback, embedded pictures."""

import base64
import re
from collections.abc import Iterator
from decimal import Decimal
from xml.etree import ElementTree as ET

from lms.content.interchange.carrying import tags_of
from lms.content.interchange.gapping import blanked, gaps_of, with_gaps
from lms.content.interchange.model import TICKED, Bank, BankItem
from lms.content.interchange.moodle.cloze import write_gap
from lms.content.interchange.moodle.markers import write_markers
from lms.content.interchange.pictures import names_in, renamed
from lms.content.interchange.report import Losses
from lms.content.interchange.texts import short_name
from lms.content.interchange.to_html import to_plain
from lms.platform.rules import phrase

TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "numeric": "numerical",
    "short": "shortanswer",
    "ordering": "ordering",
    "matching": "matching",
    "gaps": "cloze",
    "hotspot": "ddmarker",
    "essay": "essay",
    "case": "description",
}
FILES = "@@PLUGINFILE@@/"
INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_moodle(bank: Bank, losses: Losses) -> bytes:
    """The bank as one XML file."""
    root = ET.Element("quiz")
    category = ET.SubElement(root, "question", type="category")
    text_of(ET.SubElement(category, "category"), f"$course$/top/{bank.title.replace('/', '//') or 'lms'}")
    writer = _Writer(bank, losses)
    for item in bank.items:
        root.append(writer.question(item))
        if item.kind == "case":
            losses.add(item, phrase("Moodle draws the items of a case one by one, not together."))
            root.extend(writer.question(part, case=item.id) for part in item.parts)
    if any(item.kind == "multiple" and all(answer.percent is None for answer in item.answers) for item in bank.each()):
        losses.add("*", phrase("Where several answers are right, Moodle gives points for a part of them; here only all of them are right."))
    ET.indent(root, " ")
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def text_of(parent: ET.Element, text: str) -> ET.Element:
    """A `<text>` below an element."""
    element = ET.SubElement(parent, "text")
    element.text = INVALID.sub("", text)
    return element


class _Writer:
    def __init__(self, bank: Bank, losses: Losses) -> None:
        self.bank = bank
        self.losses = losses

    def question(self, item: BankItem, case: str = "") -> ET.Element:
        """One `<question>`."""
        made = ET.Element("question", type=TYPES[item.kind])
        text_of(ET.SubElement(made, "name"), short_name(to_plain(blanked(item), self.bank.lang)) or item.id)
        whole = with_gaps(item.whole, write_gap) if item.kind == "gaps" else item.whole
        self.rich(made, "questiontext", whole)
        self.rich(made, "generalfeedback", item.explanation)
        for tag, value in (("defaultgrade", str(item.points)), ("penalty", "0"), ("hidden", "0"), ("idnumber", item.id)):
            if not (item.kind in ("gaps", "case") and tag == "defaultgrade"):
                ET.SubElement(made, tag).text = value
        kind = {"single": self._ticked, "multiple": self._ticked}.get(item.kind) or getattr(self, f"_{item.kind}")
        kind(made, item)
        tags = ET.SubElement(made, "tags")
        for tag in tags_of(item, case=case):
            text_of(ET.SubElement(tags, "tag"), tag)
        return made

    def rich(self, parent: ET.Element, name: str, markdown: str, **attributes: str) -> ET.Element:
        """A text in Markdown with the pictures it shows."""
        element = ET.SubElement(parent, name, {**attributes, "format": "markdown"})
        text_of(element, renamed(markdown, lambda picture: FILES + picture if picture in self.bank.pictures else picture))
        for picture in dict.fromkeys(names_in(markdown)):
            if picture in self.bank.pictures:
                self.file(element, picture)
            else:
                self.losses.add("*", phrase("There is no picture %(name)s.", name=picture[:80]))
        return element

    def file(self, parent: ET.Element, picture: str) -> None:
        """A picture, embedded."""
        folder, _, name = picture.rpartition("/")
        file = ET.SubElement(parent, "file", name=name, path=f"/{folder}/" if folder else "/", encoding="base64")
        file.text = base64.b64encode(self.bank.pictures[picture]).decode("ascii")

    def _ticked(self, made: ET.Element, item: BankItem) -> None:
        ET.SubElement(made, "single").text = "true" if item.kind == "single" else "false"
        ET.SubElement(made, "shuffleanswers").text = "false" if any(answer.fixed for answer in item.answers) else "true"
        ET.SubElement(made, "answernumbering").text = "ABCD"
        for answer, fraction in zip(item.answers, fractions(item), strict=True):
            element = self.rich(made, "answer", answer.text, fraction=fraction)
            self.rich(element, "feedback", answer.feedback)

    def _numeric(self, made: ET.Element, item: BankItem) -> None:
        number = item.number
        assert number is not None
        answer = ET.SubElement(made, "answer", fraction="100", format="moodle_auto_format")
        text_of(answer, number.value)
        tolerance = Decimal(number.tolerance) * abs(Decimal(number.value)) / 100 if number.relative else Decimal(number.tolerance)
        ET.SubElement(answer, "tolerance").text = f"{tolerance.normalize():f}"
        if number.unit:
            unit = ET.SubElement(ET.SubElement(made, "units"), "unit")
            ET.SubElement(unit, "multiplier").text = "1"
            ET.SubElement(unit, "unit_name").text = number.unit
        for tag, value in (("unitgradingtype", "0"), ("unitpenalty", "0"), ("showunits", "0" if number.unit else "3"), ("unitsleft", "0")):
            ET.SubElement(made, tag).text = value

    def _short(self, made: ET.Element, item: BankItem) -> None:
        ET.SubElement(made, "usecase").text = "1" if "capitals" in item.flags else "0"
        for accepted in item.answers:
            text_of(ET.SubElement(made, "answer", fraction="100", format="plain_text"), accepted.text.replace("*", "\\*"))

    def _ordering(self, made: ET.Element, item: BankItem) -> None:
        grading = "ABSOLUTE_POSITION" if "partial" in item.flags else "ALL_OR_NOTHING"
        for tag, value in (("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", "0"), ("gradingtype", grading), ("showgrading", "SHOW")):
            ET.SubElement(made, tag).text = value
        for number, step in enumerate(item.answers, 1):
            self.rich(made, "answer", step.text, fraction=f"{number}.0")

    def _matching(self, made: ET.Element, item: BankItem) -> None:
        ET.SubElement(made, "shuffleanswers").text = "true"
        for left, right in item.pairs:
            element = self.rich(made, "subquestion", left)
            text_of(ET.SubElement(element, "answer"), right)

    def _gaps(self, _made: ET.Element, item: BankItem) -> None:
        if item.points != max(1, len(gaps_of(item))):
            self.losses.add(item, phrase("Moodle gives a point for each gap; the points of the whole travel as a tag."))

    def _hotspot(self, made: ET.Element, item: BankItem) -> None:
        picture = next(names_in(item.whole), "")
        data = self.bank.pictures.get(picture)
        if data is None:
            self.losses.add(item, phrase("There is no picture %(name)s.", name=picture[:80]))
            return
        self.file(made, picture)
        write_markers(made, item, picture, data, self.losses)

    def _essay(self, made: ET.Element, item: BankItem) -> None:
        for tag, value in (("responseformat", "editor"), ("responserequired", "1"), ("responsefieldlines", "15"), ("attachments", "0")):
            ET.SubElement(made, tag).text = value
        self.rich(made, "graderinfo", "\n".join(rubric_lines(item)))

    def _case(self, _made: ET.Element, _item: BankItem) -> None:
        """A description asks nothing."""


def rubric_lines(item: BankItem) -> Iterator[str]:
    """The lines of a rubric as a list that can be read back."""
    for line in item.answers:
        yield f"- {line.percent or 0}%: {line.text}"


def fractions(item: BankItem) -> list[str]:
    """What each choice brings, in percent, as Moodle writes it."""
    right = sum(answer.right for answer in item.answers) or 1
    made = []
    for answer in item.answers:
        if answer.percent is not None:
            made.append(str(answer.percent))
        elif item.kind in TICKED and answer.right:
            made.append("100" if item.kind == "single" else f"{100 / right:.5f}".rstrip("0").rstrip("."))
        else:
            made.append("0" if item.kind == "single" else "-100")
    return made
