"""Moodle XML as a bank: what Moodle exports, also from other programs that write it, with a list of what does not come along."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from lms.content.interchange.carrying import restore, split_tags
from lms.content.interchange.escaping import escape, normal, tame
from lms.content.interchange.from_html import from_html
from lms.content.interchange.gathering import gather_cases
from lms.content.interchange.model import Answer, Bank, BankItem, Quantity
from lms.content.interchange.moodle.answers import essay_lines, number_of, quantity, selected_gaps, share_of, ticked
from lms.content.interchange.moodle.cloze import read_gaps
from lms.content.interchange.moodle.markers import read_markers
from lms.content.interchange.pictures import Shelf, renamed
from lms.content.interchange.report import Losses
from lms.content.interchange.texts import TRUE_FALSE, split_text
from lms.content.interchange.to_html import to_plain
from lms.errors import Unreadable
from lms.platform.rules import phrase
from lms.platform.xml_reading import local, read_xml

FILES = "@@PLUGINFILE@@/"
FEEDBACKS = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
USUAL = re.compile(
    r"\W*(?:your answer is (?:partially )?(?:correct|incorrect)|câu trả lời của bạn.{0,20}|回答(?:正确|错误|不正确|部分正确))?\W*", re.IGNORECASE
)
KINDS = frozenset(
    ["multichoice", "truefalse", "numerical", "shortanswer", "matching", "ordering", "cloze", "gapselect", "ddwtos", "ddmarker", "essay", "description"]
)
MAX_QUESTIONS = 20_000


def read_moodle(data: bytes, lang: str, losses: Losses, *, name: str = "Moodle XML") -> Bank:
    """The questions of a file. Raises Unreadable if it is not Moodle XML."""
    root = read_xml(data, name)
    if local(root) != "quiz":
        raise Unreadable("%(name)s is XML, but not Moodle's: its root is <%(tag)s>, not <quiz>.", name=name, tag=local(root)[:40])
    questions = [child for child in root if local(child) == "question"]
    if len(questions) > MAX_QUESTIONS:
        raise Unreadable("%(name)s holds more than %(n)s questions.", name=name, n=MAX_QUESTIONS)
    reader = _Reader(lang, losses, Shelf(losses))
    made: list[tuple[BankItem, str]] = []
    titles: list[str] = []
    used: list[str] = []
    for number, question in enumerate(questions, 1):
        if question.get("type") == "category":
            name = _text(question.find("category")).rpartition("/")[2].strip()
            titles += [""] if name in ("lms", "top") else [name]
        elif item := reader.question(question, number):
            made.append(item)
            used += [title for title in titles[-1:] if title and title not in used]
    if len(used) > 1:
        losses.add("*", phrase("The categories are one bank now; these names are left out: %(names)s", names=used[1:]))
    return Bank(lang, gather_cases(made, losses), next((title for title in (*used, *titles) if title), ""), reader.shelf.kept)


def _text(element: Element | None) -> str:
    return (element.findtext("text") or "") if element is not None else ""


@dataclass
class _Reader:
    lang: str
    losses: Losses
    shelf: Shelf
    files: dict[str, str] = field(default_factory=dict)
    where: str = ""

    def question(self, question: Element, number: int) -> tuple[BankItem, str] | None:
        """One question, and the id of the case it belongs to; None (and a loss) for a kind that we do not have."""
        kind = question.get("type", "")
        name = " ".join(_text(question.find("name")).split())
        self.where = (question.findtext("idnumber") or "").strip() or name[:60] or str(number)
        read: Callable[[Element, dict[str, str]], BankItem | None] | None = getattr(self, f"_{kind}") if kind in KINDS else None
        if read is None:
            self.losses.add(self.where, phrase("A question of the kind “%(kind)s” has no counterpart and is left out.", kind=kind[:40]))
            return None
        self.files = self._pictures(question)
        attributes, flags, hidden = split_tags([_text(tag) for tag in question.findall("tags/tag")])
        item = read(question, hidden)
        if item is None:
            return None
        text, body = split_text(item.text, self.lang, escape(name, inline=True))
        item = replace(item, id=(question.findtext("idnumber") or "").strip(), text=text, body=body, flags=tuple(dict.fromkeys((*flags, *item.flags))))
        item = replace(item, explanation=self.rich(question.find("generalfeedback")), attributes=self._points(question, attributes, item.kind))
        self._check_rest(question)
        return restore(item, hidden, self.losses), hidden.get("_case", "")

    def _points(self, question: Element, attributes: dict[str, str], kind: str) -> dict[str, str]:
        grade = number_of(question.findtext("defaultgrade") or "1", 1.0)
        points = min(max(round(grade), 1), 100)
        if kind in ("gaps", "case") or points == BankItem("", "essay", "", attributes=attributes).points:
            return attributes
        if points != grade:
            self.losses.add(self.where, phrase("Points are whole numbers from 1 to 100: %(grade)s became %(points)s.", grade=grade, points=points))
        return {**attributes, "points": str(points)}

    def _check_rest(self, question: Element) -> None:
        if any(_text(hint).strip() for hint in question.findall("hint")):
            self.losses.add(self.where, phrase("Hints for further tries are left out."))
        if any(not USUAL.fullmatch(to_plain(self.rich(question.find(tag)))) for tag in FEEDBACKS if question.find(tag) is not None):
            self.losses.add(self.where, phrase("The feedback on right and wrong answers as a whole is left out; that on each answer is kept."))

    def _pictures(self, question: Element) -> dict[str, str]:
        """The pictures of a question: from their address in its texts to their name in the bank."""
        names: dict[str, str] = {}
        for file in question.iter("file"):
            address = f"{file.get('path', '/').strip('/')}/{file.get('name', '')}".lstrip("/")
            try:
                data = base64.b64decode("".join((file.text or "").split()), validate=True)
            except (binascii.Error, ValueError):
                self.losses.add(self.where, phrase("The picture %(name)s is left out: it is damaged.", name=address[:60]))
                continue
            if address not in names and (name := self.shelf.put(address, data, self.where)):
                names[address] = name
        return names

    def picture(self, source: str, _alt: str) -> str | None:
        """The name in the bank of a picture that a text shows."""
        if source.startswith("data:image/"):
            head, _, body = source.partition(",")
            try:
                data = base64.b64decode(body, validate=True) if head.endswith(";base64") else b""
            except (binascii.Error, ValueError):
                return None
            return self.shelf.put("picture", data, self.where)
        address = unquote(source.removeprefix(FILES).split("?")[0]).lstrip("/")
        return self.files.get(address) if source.startswith(FILES) else None

    def rich(self, element: Element | None, *, inline: bool = False, form: str = "") -> str:
        """A text of any of Moodle's formats as Markdown of ours."""
        text = normal(_text(element))
        form = (element.get("format") if element is not None else "") or form or "html"
        if not text.strip():
            return ""
        if form == "markdown":
            return tame(renamed(text, self._markdown_picture), inline=inline).strip()
        if form == "plain_text" or (form == "moodle_auto_format" and "<" not in text):
            return escape(text, inline=inline)
        made, dropped = from_html(text, self.picture, inline=inline)
        if dropped:
            self.losses.add(self.where, phrase("Left out of the text: %(what)s", what=dropped))
        return made

    def _markdown_picture(self, source: str) -> str:
        name = self.picture(source, "") or ""
        if not name:
            self.losses.add(self.where, phrase("Left out of the text: %(what)s", what=source[:60]))
        return name

    def _base(self, question: Element) -> str:
        return self.rich(question.find("questiontext"))

    def _multichoice(self, question: Element, _hidden: dict[str, str]) -> BankItem:
        one = (question.findtext("single") or "true").strip() in ("true", "1")
        choices = [(self.rich(a, inline=True), a.get("fraction", "0"), self.rich(a.find("feedback"))) for a in question.findall("answer")]
        kind, answers = ticked(choices, one=one, note=lambda what: self.losses.add(self.where, what))
        return BankItem("", kind, self._base(question), answers=answers)

    def _truefalse(self, question: Element, _hidden: dict[str, str]) -> BankItem:
        right = {a.findtext("text", "").strip().lower(): a for a in question.findall("answer")}
        words = TRUE_FALSE[self.lang]
        answers = tuple(
            Answer(
                word, (a.get("fraction", "0") if (a := right.get(key)) is not None else "0") == "100", self.rich(a.find("feedback")) if a is not None else ""
            )
            for word, key in zip(words, ("true", "false"), strict=True)
        )
        return BankItem("", "single", self._base(question), answers=answers)

    def _numerical(self, question: Element, hidden: dict[str, str]) -> BankItem | None:
        number = quantity(question, hidden, lambda what: self.losses.add(self.where, what))
        return BankItem("", "numeric", self._base(question), number=number or Quantity("0"))

    def _shortanswer(self, question: Element, _hidden: dict[str, str]) -> BankItem:
        answers = []
        for answer in question.findall("answer"):
            text = _text(answer)
            if _text(answer.find("feedback")).strip():
                self.losses.add(self.where, phrase("Feedback on a typed answer is left out."))
            if re.search(r"(?<!\\)\*", text) and text.strip() != "*":
                self.losses.add(self.where, phrase("A typed answer with a * for anything is taken as it stands: %(text)s", text=text[:60]))
            if share_of(answer.get("fraction", "0")) >= 100:  # noqa: PLR2004
                answers.append(Answer(" ".join(normal(text).replace("\\*", "*").split()), right=True))
            elif text.strip() != "*":
                self.losses.add(self.where, phrase("A typed answer that is partly right or wrong is left out: %(text)s", text=text[:60]))
        flags = ("capitals",) if question.findtext("usecase", "0").strip() == "1" else ()
        return BankItem("", "short", self._base(question), answers=tuple(answers), flags=flags)

    def _matching(self, question: Element, _hidden: dict[str, str]) -> BankItem:
        form = question.find("questiontext")
        pairs = []
        for sub in question.findall("subquestion"):
            left = self.rich(sub, inline=True, form=form.get("format", "") if form is not None else "")
            pairs.append((left, " ".join(normal(_text(sub.find("answer"))).split())))
        return BankItem("", "matching", self._base(question), pairs=tuple(pair for pair in pairs if pair[1]))

    def _ordering(self, question: Element, _hidden: dict[str, str]) -> BankItem:
        steps = sorted(question.findall("answer"), key=lambda step: number_of(step.get("fraction", "0")))
        return BankItem("", "ordering", self._base(question), answers=tuple(Answer(self.rich(step, inline=True)) for step in steps))

    def _cloze(self, question: Element, _hidden: dict[str, str]) -> BankItem:
        lost = {
            "options": phrase("The wrong words offered in a gap are left out: here the answer is typed."),
            "feedback": phrase("Feedback on a typed answer is left out."),
            "number": phrase("A number in a gap is compared as text: its tolerance is left out."),
        }
        return BankItem("", "gaps", read_gaps(self._base(question), lambda what: self.losses.add(self.where, lost[what])))

    def _gapselect(self, question: Element, _hidden: dict[str, str]) -> BankItem:
        self.losses.add(self.where, phrase("The wrong words offered in a gap are left out: here the answer is typed."))
        return BankItem("", "gaps", selected_gaps(self._base(question), question))

    def _ddwtos(self, question: Element, hidden: dict[str, str]) -> BankItem:
        return self._gapselect(question, hidden)

    def _ddmarker(self, question: Element, hidden: dict[str, str]) -> BankItem | None:
        file = question.find("file")
        name = self.files.get(f"{file.get('path', '/').strip('/')}/{file.get('name', '')}".lstrip("/")) if file is not None else None
        if name is None:
            self.losses.add(self.where, phrase("The picture of the question is missing, so it is left out."))
            return None
        text = self._base(question)
        text = text if f"]({name})" in text else f"{text}\n\n![{text.split(chr(10))[0][:80].strip('[]')}]({name})"
        return BankItem("", "hotspot", text, answers=read_markers(question, name, self.shelf.kept[name], hidden))

    def _essay(self, question: Element, _hidden: dict[str, str]) -> BankItem:
        lines, rest = essay_lines(self.rich(question.find("graderinfo")))
        if begun := to_plain(self.rich(question.find("responsetemplate"))):
            self.losses.add(self.where, phrase("The text that an essay begins with is left out: %(text)s", text=begun[:80]))
        if rest:
            self.losses.add(self.where, phrase("Notes for the marker that are no lines of a rubric are left out: %(text)s", text=rest[:80]))
        return BankItem("", "essay", self._base(question), answers=lines)

    def _description(self, question: Element, hidden: dict[str, str]) -> BankItem | None:
        if hidden.get("_kind") != "case":
            self.losses.add(self.where, phrase("A text without a question is left out: %(text)s", text=to_plain(self._base(question))[:80]))
            return None
        return BankItem("", "case", self._base(question))
