"""One QTI item (with the names of 2.1) as an item of ours."""

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from lms.content.interchange.areas import write_area
from lms.content.interchange.carrying import regions_of
from lms.content.interchange.escaping import escape, normal
from lms.content.interchange.from_html import Node, from_html
from lms.content.interchange.model import Answer, BankItem, Quantity
from lms.content.interchange.moodle.answers import carried_number, decimal, essay_lines, ticked
from lms.content.interchange.moodle.cloze import gap_of
from lms.content.interchange.report import Losses
from lms.content.interchange.texts import split_text
from lms.content.interchange.to_html import to_plain
from lms.platform.rules import Phrase, phrase

SIMPLE = {
    "choiceInteraction": "choice",
    "orderInteraction": "order",
    "matchInteraction": "match",
    "hotspotInteraction": "hotspot",
    "selectPointInteraction": "select",
    "extendedTextInteraction": "extended",
}
TYPED = ("textEntryInteraction", "inlineChoiceInteraction")
TOKEN = "xlmsgap{}x"  # noqa: S105  (it stands for a gap)


@dataclass
class ItemReader:
    """Reads one item. points: what the whole is worth; case: the text that it shares with others, where we wrote it."""

    root: Element
    lang: str
    losses: Losses
    picture: Callable[[str], str | None]
    points: int = 1
    case: str = ""
    _gaps: list[Element] = field(default_factory=list)

    def item(self, hidden: dict[str, str]) -> BankItem | None:
        """The item; None (and listed) for an interaction that has no counterpart."""
        body = self.root.find("itemBody")
        interactions = [one for one in self.root.iter() if str(one.tag).endswith("Interaction") and one.tag != "endAttemptInteraction"]
        kinds = {str(one.tag) for one in interactions}
        if body is None or not interactions or not (kinds <= set(TYPED) or (len(interactions) == 1 and kinds <= set(SIMPLE))):
            self._lose(phrase("A question of the kind “%(kind)s” has no counterpart and is left out.", kind=", ".join(sorted(kinds)) or "?"))
            return None
        self._points()
        case = next((one for one in body if one.get("class") == "lms-case"), None)
        if case is not None:
            self.case = self._rich(case)
            body.remove(case)
        if kinds <= set(TYPED):
            made = self._typed(body, interactions, hidden)
        else:
            made = getattr(self, f"_{SIMPLE[interactions[0].tag]}")(self._asked(body, interactions[0]), interactions[0], hidden)
        return made

    def _lose(self, what: Phrase) -> None:
        self.losses.add(self.root.get("identifier", "") or "?", what)

    def _made(self, kind: str, text: str, **given: object) -> BankItem:
        head, body = split_text(text, self.lang, escape(self.root.get("title", ""), inline=True))
        explanation = "\n\n".join(text for one in self.root.findall("modalFeedback") if not self._is_choice(one) and (text := self._rich(one)))
        return BankItem(self.root.get("identifier", ""), kind, head, body, explanation=explanation, **given)  # type: ignore[arg-type]

    def _is_choice(self, feedback: Element) -> bool:
        names = {one.get("identifier") for one in self.root.iter() if one.tag in ("simpleChoice", "hotspotChoice")}
        return feedback.get("identifier") in names

    def _points(self) -> None:
        for outcome in self.root.findall("outcomeDeclaration"):
            maximum = outcome.findtext("defaultValue/value") if outcome.get("identifier") == "MAXSCORE" else outcome.get("normalMaximum")
            number = decimal(maximum or "")
            if outcome.get("identifier") in ("MAXSCORE", "SCORE") and number and float(number) > 0:
                self.points = min(max(round(float(number)), 1), 100)

    def _rich(self, element: Element, *, inline: bool = False) -> str:
        made, dropped = from_html(_node(element, {}), lambda source, _alt: self.picture(source), inline=inline)
        if dropped:
            self._lose(phrase("Left out of the text: %(what)s", what=dropped))
        return normal(made)

    def _asked(self, body: Element, interaction: Element) -> str:
        """The text of the question: what stands around the interaction, and its prompt."""
        prompt = interaction.find("prompt")
        node = _node(body, {interaction: _node(prompt, {}) if prompt is not None else Node("span")})
        made, dropped = from_html(node, lambda source, _alt: self.picture(source))
        if dropped:
            self._lose(phrase("Left out of the text: %(what)s", what=dropped))
        return normal(made)

    def _declared(self, interaction: Element) -> Element:
        name = interaction.get("responseIdentifier")
        return next((one for one in self.root.findall("responseDeclaration") if one.get("identifier") == name), Element("responseDeclaration"))

    def _correct(self, interaction: Element) -> list[str]:
        return [(value.text or "").strip() for value in self._declared(interaction).findall("correctResponse/value")]

    def _mapped(self, interaction: Element) -> dict[str, float]:
        made = {}
        for entry in self._declared(interaction).findall("mapping/mapEntry"):
            number = decimal(entry.get("mappedValue", ""))
            made[entry.get("mapKey", "")] = float(number) if number else 0.0
        return made

    def _feedback(self, name: str, choice: Element) -> str:
        told = [self._rich(one) for one in self.root.findall("modalFeedback") if one.get("identifier") == name]
        told += [self._rich(one) for one in choice.iter() if one.tag in ("feedbackInline", "feedbackBlock")]
        return "\n\n".join(text for text in told if text)

    def _choice(self, text: str, interaction: Element, _hidden: dict[str, str]) -> BankItem:
        right, mapped = self._correct(interaction), self._mapped(interaction)
        one = interaction.get("maxChoices", "1") == "1" and len(right) < 2  # noqa: PLR2004
        total = max(mapped.values(), default=0) if one else sum(value for value in mapped.values() if value > 0)
        choices = []
        for choice in (one for one in interaction.iter() if one.tag == "simpleChoice"):
            name = choice.get("identifier", "")
            share = 100 * mapped.get(name, 0.0) / total if total else 0.0
            fraction = f"{share:.5g}" if total else ("100" if one else f"{100 / max(1, len(right)):.5g}") if name in right else "0"
            choices.append((self._rich(_bare(choice), inline=True), fraction, self._feedback(name, choice)))
        kind, answers = ticked(choices, one=one, note=self._lose)
        fixed = [choice.get("fixed") == "true" for choice in interaction.iter() if choice.tag == "simpleChoice"]
        answers = tuple(Answer(a.text, a.right, a.feedback, a.percent, fixed=f) for a, f in zip(answers, fixed, strict=True))
        return self._made(kind, text, answers=answers)

    def _order(self, text: str, interaction: Element, _hidden: dict[str, str]) -> BankItem:
        steps = {choice.get("identifier", ""): self._rich(_bare(choice), inline=True) for choice in interaction.iter() if choice.tag == "simpleChoice"}
        right = [name for name in self._correct(interaction) if name in steps]
        if len(right) != len(steps):
            self._lose(phrase("The right order is not said for every step; look at it."))
            right += [name for name in steps if name not in right]
        return self._made("ordering", text, answers=tuple(Answer(steps[name]) for name in right))

    def _match(self, text: str, interaction: Element, _hidden: dict[str, str]) -> BankItem:
        sets = [one for one in interaction if one.tag == "simpleMatchSet"]
        left, right = ({one.get("identifier", ""): self._rich(_bare(one), inline=True) for one in side} for side in (*sets, Element("x"), Element("x"))[:2])
        pairs: list[tuple[str, str]] = []
        used = set()
        for value in self._correct(interaction):
            a, _, b = value.partition(" ")
            if a in right and b in left:
                a, b = b, a
            if a in left and b in right and a not in used:
                pairs.append((left[a], right[b]))
                used |= {a, b}
            elif a in used:
                self._lose(phrase("Something that matches several others is kept with the first of them only."))
        if any(name not in used for name in left):
            self._lose(phrase("Something on the left that matches nothing is left out."))
        pairs += [("", words) for name, words in right.items() if name not in used]
        return self._made("matching", text, pairs=tuple(pairs))

    def _extended(self, text: str, _interaction: Element, _hidden: dict[str, str]) -> BankItem:
        notes = "\n".join(self._rich(one) for one in self.root.iter() if one.tag == "rubricBlock")
        lines, rest = essay_lines(notes)
        if rest:
            self._lose(phrase("Notes for the marker that are no lines of a rubric are left out: %(text)s", text=rest[:80]))
        return self._made("essay", text, answers=lines)

    def _hotspot(self, text: str, interaction: Element, hidden: dict[str, str]) -> BankItem | None:
        shapes = [(one.get("identifier", ""), one, one.get("hotspotLabel", "")) for one in interaction.iter() if one.tag == "hotspotChoice"]
        right = set(self._correct(interaction)) | {name for name, value in self._mapped(interaction).items() if value > 0}
        return self._spots(text, interaction, [(name in right, shape, label, self._feedback(name, shape)) for name, shape, label in shapes], hidden)

    def _select(self, text: str, interaction: Element, hidden: dict[str, str]) -> BankItem | None:
        entries = self._declared(interaction).findall("areaMapping/areaMapEntry")
        return self._spots(text, interaction, [((decimal(e.get("mappedValue", "")) or "0") > "0", e, "", "") for e in entries], hidden)

    def _spots(self, text: str, interaction: Element, shapes: list[tuple[bool, Element, str, str]], hidden: dict[str, str]) -> BankItem | None:
        picture = next((one for one in interaction.iter() if one.tag in ("object", "img")), Element("none"))
        name = self.picture(picture.get("data") or picture.get("src") or "")
        size = [float(decimal(picture.get(side, "").removesuffix("px")) or 0) for side in ("width", "height")]
        if name is None or not all(size):
            self._lose(phrase("The picture of the question is missing, so it is left out."))
            return None
        answers = []
        carried = regions_of(hidden)
        for number, (right, shape, label, told) in enumerate(shapes):
            area = write_area(_box(shape.get("shape", "rect"), shape.get("coords", ""), size[0], size[1]))
            words = escape(label, inline=True) or str(number + 1)
            kept = carried[number] if number < len(carried) and len(carried) == len(shapes) else None
            same = kept is not None and kept.right == right and to_plain(kept.text, self.lang) == label
            answers.append(Answer(kept.text if kept and same else words, right, told, area=kept.area if kept and same else area))
        if f"]({name})" not in text:
            text = f"{text}\n\n![{' '.join(to_plain(text, self.lang).split())[:80].strip('[]')}]({name})"
        return self._made("hotspot", text, answers=tuple(answers))

    def _typed(self, body: Element, interactions: list[Element], hidden: dict[str, str]) -> BankItem:
        alone = len(interactions) == 1 and interactions[0].tag == "textEntryInteraction" and self._stands_alone(body, interactions[0])
        if alone:
            return self._one_typed(body, interactions[0], hidden)
        tokens: dict[Element, Node] = {}
        gaps = []
        for number, interaction in enumerate(interactions):
            tokens[interaction] = Node("span", {}, [TOKEN.format(number)])
            gaps.append(gap_of(self._accepted(interaction)))
        made, dropped = from_html(_node(body, tokens), lambda source, _alt: self.picture(source))
        if dropped:
            self._lose(phrase("Left out of the text: %(what)s", what=dropped))
        made = normal(made)
        for number, gap in enumerate(gaps):
            made = made.replace(TOKEN.format(number), gap if gap != "[[]]" else "[[?]]")
        return self._made("gaps", made)

    def _stands_alone(self, body: Element, interaction: Element) -> bool:
        """Whether a field to type in has a paragraph of its own, but for a unit behind it."""
        parent = next((one for one in body.iter() if interaction in list(one)), body)
        return parent is body or (len(parent) == 1 and not (parent.text or "").strip() and len((interaction.tail or "").split()) < 2)  # noqa: PLR2004

    def _one_typed(self, body: Element, interaction: Element, hidden: dict[str, str]) -> BankItem:
        unit, interaction.tail = (interaction.tail or "").strip(), None
        made, _ = from_html(_node(body, {interaction: Node("span")}), lambda source, _alt: self.picture(source))
        text = normal(made)
        if self._declared(interaction).get("baseType") in ("float", "integer"):
            value = decimal(next(iter(self._correct(interaction)), ""))
            test = next((one for one in self.root.iter() if one.tag == "equal"), Element("equal"))
            tolerance = decimal((test.get("tolerance") or "0").split()[0]) or "0"
            number = Quantity(value or "0", tolerance, test.get("toleranceMode") == "relative" and tolerance != "0", unit)
            if value is None:
                self._lose(phrase("No right number could be read; write it in."))
            carried = carried_number(hidden, Quantity(number.value, tolerance, unit=unit)) if not number.relative else number
            return self._made("numeric", text, number=carried)
        answers = tuple(Answer(accepted, right=True) for accepted in self._accepted(interaction))
        return self._made("short", text, answers=answers, flags=("capitals",) if self._counts_case(interaction) else ())

    def _counts_case(self, interaction: Element) -> bool:
        entries = self._declared(interaction).findall("mapping/mapEntry")
        return bool(entries) and all(entry.get("caseSensitive", "true") == "true" for entry in entries)

    def _accepted(self, interaction: Element) -> list[str]:
        if interaction.tag == "inlineChoiceInteraction":
            self._lose(phrase("The wrong words offered in a gap are left out: here the answer is typed."))
            right = self._correct(interaction)
            return [" ".join("".join(one.itertext()).split()) for one in interaction if one.get("identifier") in right]
        mapped = self._mapped(interaction)
        most = max(mapped.values(), default=0)
        for text, value in mapped.items():
            if 0 < value < most:
                self._lose(phrase("A typed answer that is partly right or wrong is left out: %(text)s", text=text[:60]))
        both = [*self._correct(interaction), *(text for text, value in mapped.items() if value == most and value > 0)]
        return list(dict.fromkeys(" ".join(normal(text).split()) for text in both if text.strip()))


def _bare(choice: Element) -> Element:
    """A choice without the feedback in it."""
    made = Element(choice.tag)
    made.text = choice.text
    for child in choice:
        if child.tag in ("feedbackInline", "feedbackBlock"):
            if len(made):
                made[-1].tail = (made[-1].tail or "") + (child.tail or "")
            else:
                made.text = (made.text or "") + (child.tail or "")
        else:
            made.append(child)
    return made


def _node(element: Element, instead: dict[Element, Node]) -> Node:
    """An element as the HTML reader knows them, some of its children exchanged; what only a marker sees is left out."""
    if element in instead:
        return instead[element]
    made = Node(str(element.tag).lower(), {key.lower(): value for key, value in element.attrib.items()})
    if element.tag in ("prompt", "modalFeedback", "simpleChoice", "simpleAssociableChoice", "rubricBlock", "contentBody"):
        made.tag = "div"
    if element.tag == "object" and element.get("type", "").startswith("image/"):
        return Node("img", {"src": element.get("data", ""), "alt": " ".join("".join(element.itertext()).split())})
    if element.text:
        made.children.append(element.text)
    for child in element:
        if isinstance(child.tag, str) and child.tag not in (
            "rubricBlock",
            "feedbackBlock",
            "feedbackInline",
            "templateBlock",
            "stylesheet",
            "endAttemptInteraction",
        ):
            made.children.append(_node(child, instead))
        if child.tail:
            made.children.append(child.tail)
    return made


def _box(shape: str, coords: str, width: float, height: float) -> tuple[float, float, float, float]:
    """The rectangle round a shape, in percent of the picture."""
    numbers = [float(decimal(part.replace("%", "")) or 0) for part in coords.split(",") if part.strip()]
    if shape == "default" or len(numbers) < 3:  # noqa: PLR2004
        return 0.0, 0.0, 100.0, 100.0
    if shape in ("circle", "ellipse"):
        rx, ry = numbers[2], numbers[3] if shape == "ellipse" and len(numbers) > 3 else numbers[2]  # noqa: PLR2004
        xs, ys = [numbers[0] - rx, numbers[0] + rx], [numbers[1] - ry, numbers[1] + ry]
    else:
        xs, ys = numbers[0::2], numbers[1::2]
    x, y = max(0.0, min(xs)), max(0.0, min(ys))
    return 100 * x / width, 100 * y / height, 100 * (max(xs) - x) / width, 100 * (max(ys) - y) / height
