"""One item as a QTI 2.1 element."""

from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement, fromstring

from lms.content.interchange.areas import read_area
from lms.content.interchange.gapping import blanked, gaps_of, with_gaps
from lms.content.interchange.model import Answer, BankItem
from lms.content.interchange.moodle.writing import INVALID, fractions, rubric_lines
from lms.content.interchange.pictures import names_in
from lms.content.interchange.report import Losses
from lms.content.interchange.texts import short_name
from lms.content.interchange.to_html import to_plain, to_xhtml
from lms.content.source.images import read_picture
from lms.platform.rules import phrase

RESPONSE = "RESPONSE"
TOKEN = "\ue020{}\ue021"  # noqa: S105  (it stands for a gap)


class ItemWriter:
    """Writes the items of a bank; `place` gives the address of a picture from an item's file."""

    def __init__(self, lang: str, pictures: Mapping[str, bytes], place: Callable[[str], str], losses: Losses) -> None:
        self.lang, self.pictures, self.place, self.losses = lang, pictures, place, losses

    def item(self, item: BankItem, case: BankItem | None = None) -> Element | None:
        """The whole element; None where the item cannot be written."""
        title = short_name(to_plain(blanked(item), self.lang)) or item.id
        root = Element("assessmentItem", identifier=item.id, title=INVALID.sub("", title), adaptive="false", timeDependent="false")
        root.set("xml:lang", {"zh": "zh-Hans"}.get(self.lang, self.lang))
        body = Element("itemBody")
        if case:
            self._blocks(SubElement(body, "div", {"class": "lms-case"}), case.whole)
        declarations: list[Element] = []
        write = {"single": self._choice, "multiple": self._choice}.get(item.kind) or getattr(self, f"_{item.kind}")
        if write(item, body, declarations) is False:
            return None
        root.extend(declarations)
        self._outcomes(root, item)
        root.append(body)
        self._processing(root, item, declarations)
        for name, outcome, text in self._feedbacks(item):
            feedback = SubElement(root, "modalFeedback", outcomeIdentifier=outcome, identifier=name, showHide="show")
            self._blocks(feedback, text)
        return root

    def _fill(self, parent: Element, markdown: str, *, inline: bool) -> None:
        """Put a text into an element."""
        made = fromstring(f"<x>{INVALID.sub('', to_xhtml(markdown, self.lang, self._picture, inline=inline))}</x>")  # noqa: S314  (our own XHTML)
        parent.text = made.text
        parent.extend(made)

    def _picture(self, name: str) -> str:
        return self.place(name) if name in self.pictures else ""

    def _blocks(self, parent: Element, markdown: str) -> None:
        self._fill(parent, markdown, inline=False)

    def _declare(self, declarations: list[Element], kind: str, base: str, right: list[str], name: str = RESPONSE) -> Element:
        made = Element("responseDeclaration", identifier=name, cardinality=kind, baseType=base)
        if right:
            correct = SubElement(made, "correctResponse")
            for value in right:
                SubElement(correct, "value").text = INVALID.sub("", value)
        declarations.append(made)
        return made

    def _choice(self, item: BankItem, body: Element, declarations: list[Element]) -> None:
        self._blocks(body, item.whole)
        single = item.kind == "single"
        made = self._declare(declarations, "single" if single else "multiple", "identifier", [n for n, answer in _named(item.answers) if answer.right])
        if any(answer.percent is not None for answer in item.answers):
            mapping = SubElement(made, "mapping", defaultValue="0", lowerBound="0", upperBound=str(item.points))
            for (name, _), share in zip(_named(item.answers), fractions(item), strict=True):
                SubElement(mapping, "mapEntry", mapKey=name, mappedValue=f"{float(share) * item.points / 100:.5g}")
        interaction = SubElement(body, "choiceInteraction", responseIdentifier=RESPONSE, shuffle="true", maxChoices="1" if single else "0")
        for name, answer in _named(item.answers):
            choice = SubElement(interaction, "simpleChoice", {"identifier": name} | ({"fixed": "true"} if answer.fixed else {}))
            self._fill(choice, answer.text, inline=True)

    def _ordering(self, item: BankItem, body: Element, declarations: list[Element]) -> None:
        self._blocks(body, item.whole)
        self._declare(declarations, "ordered", "identifier", [name for name, _ in _named(item.answers)])
        interaction = SubElement(body, "orderInteraction", responseIdentifier=RESPONSE, shuffle="true")
        for name, answer in sorted(_named(item.answers), key=lambda one: one[1].text):
            self._fill(SubElement(interaction, "simpleChoice", identifier=name), answer.text, inline=True)

    def _matching(self, item: BankItem, body: Element, declarations: list[Element]) -> None:
        self._blocks(body, item.whole)
        targets = list(dict.fromkeys(right for _, right in item.pairs))
        pairs = [(n, left, targets.index(right)) for n, (left, right) in enumerate(item.pairs, 1) if left]
        self._declare(declarations, "multiple", "directedPair", [f"l{n} r{at + 1}" for n, _, at in pairs])
        interaction = SubElement(body, "matchInteraction", responseIdentifier=RESPONSE, shuffle="true", maxAssociations=str(len(pairs)))
        lefts, rights = SubElement(interaction, "simpleMatchSet"), SubElement(interaction, "simpleMatchSet")
        for n, left, _ in pairs:
            self._fill(SubElement(lefts, "simpleAssociableChoice", identifier=f"l{n}", matchMax="1"), left, inline=True)
        for n, right in enumerate(targets, 1):
            self._fill(SubElement(rights, "simpleAssociableChoice", identifier=f"r{n}", matchMax=str(len(pairs))), right, inline=True)

    def _typed(self, declarations: list[Element], accepted: list[str], item: BankItem, name: str) -> None:
        made = self._declare(declarations, "single", "string", accepted[:1], name)
        mapping = SubElement(made, "mapping", defaultValue="0")
        for text in accepted:
            SubElement(mapping, "mapEntry", mapKey=INVALID.sub("", text), mappedValue="1", caseSensitive="true" if "capitals" in item.flags else "false")

    def _short(self, item: BankItem, body: Element, declarations: list[Element]) -> None:
        self._blocks(body, item.whole)
        self._typed(declarations, [answer.text for answer in item.answers], item, RESPONSE)
        SubElement(SubElement(body, "p"), "textEntryInteraction", responseIdentifier=RESPONSE, expectedLength="30")

    def _gaps(self, item: BankItem, body: Element, declarations: list[Element]) -> None:
        gaps = gaps_of(item)
        for number, accepted in enumerate(gaps, 1):
            self._typed(declarations, accepted, item, f"{RESPONSE}{number}")
        tokens = iter(range(len(gaps), 0, -1))
        lines = [with_gaps(line, lambda _: TOKEN.format(next(tokens))) for line in reversed(item.whole.split("\n"))]
        self._blocks(body, "\n".join(reversed(lines)))
        for element in list(body.iter()):
            _put_gaps(element)

    def _numeric(self, item: BankItem, body: Element, declarations: list[Element]) -> None:
        assert item.number is not None
        self._blocks(body, item.whole)
        self._declare(declarations, "single", "float", [item.number.value])
        entry = SubElement(SubElement(body, "p"), "textEntryInteraction", responseIdentifier=RESPONSE, expectedLength="12")
        entry.tail = f" {item.number.unit}" if item.number.unit else None

    def _hotspot(self, item: BankItem, body: Element, declarations: list[Element]) -> bool | None:
        name = next(names_in(item.whole), "")
        picture = read_picture(name, self.pictures[name])[0] if name in self.pictures else None
        if picture is None or not picture.width or not picture.height:
            self.losses.add(item, phrase("There is no picture whose size is known, so the item is left out."))
            return False
        self._blocks(body, item.whole)
        right = [n for n, answer in _named(item.answers) if answer.right]
        self._declare(declarations, "multiple", "identifier", right)
        interaction = SubElement(body, "hotspotInteraction", responseIdentifier=RESPONSE, maxChoices="0")
        SubElement(interaction, "object", data=self.place(name), type=picture.media_type, width=str(picture.width), height=str(picture.height))
        for choice, answer in _named(item.answers):
            area = read_area(answer.area) or (0.0, 0.0, 1.0, 1.0)
            x, y, w, h = (part * side / 100 for part, side in zip(area, (picture.width, picture.height) * 2, strict=True))
            coords = ",".join(str(round(part)) for part in (x, y, x + w, y + h))
            SubElement(interaction, "hotspotChoice", identifier=choice, shape="rect", coords=coords, hotspotLabel=to_plain(answer.text, self.lang))
        return None

    def _essay(self, item: BankItem, body: Element, declarations: list[Element]) -> None:
        self._blocks(body, item.whole)
        self._declare(declarations, "single", "string", [])
        SubElement(body, "extendedTextInteraction", responseIdentifier=RESPONSE, expectedLines="10")
        if item.answers:
            self._blocks(SubElement(body, "rubricBlock", view="scorer", use="scoring"), "\n".join(rubric_lines(item)))

    def _outcomes(self, root: Element, item: BankItem) -> None:
        for name, value in (("SCORE", "0"), ("MAXSCORE", str(item.points))):
            outcome = SubElement(root, "outcomeDeclaration", identifier=name, cardinality="single", baseType="float")
            SubElement(SubElement(outcome, "defaultValue"), "value").text = value
        names = {outcome for _, outcome, _ in self._feedbacks(item)}
        if "FEEDBACK" in names:
            SubElement(root, "outcomeDeclaration", identifier="FEEDBACK", cardinality="multiple", baseType="identifier")
        if "EXPLAINED" in names:
            outcome = SubElement(root, "outcomeDeclaration", identifier="EXPLAINED", cardinality="single", baseType="identifier")
            SubElement(SubElement(outcome, "defaultValue"), "value").text = "explanation"

    def _feedbacks(self, item: BankItem) -> Iterator[tuple[str, str, str]]:
        yield from ((name, "FEEDBACK", answer.feedback) for name, answer in _named(item.answers) if answer.feedback)
        if item.explanation:
            yield "explanation", "EXPLAINED", item.explanation

    def _processing(self, root: Element, item: BankItem, declarations: list[Element]) -> None:
        """How the answer becomes points: by the correct response, or by the mapping where there are shares."""
        processing = SubElement(root, "responseProcessing")
        if item.kind == "essay":
            return
        mapped = [one for one in declarations if one.find("mapping") is not None]
        if mapped and item.kind in ("single", "multiple"):
            SubElement(SubElement(processing, "setOutcomeValue", identifier="SCORE"), "mapResponse", identifier=RESPONSE)
        else:
            condition = SubElement(SubElement(processing, "responseCondition"), "responseIf")
            tests = SubElement(condition, "and") if len(declarations) > 1 else condition
            for declaration in declarations:
                _test(tests, declaration, item)
            SubElement(SubElement(condition, "setOutcomeValue", identifier="SCORE"), "baseValue", baseType="float").text = str(item.points)
        if any(answer.feedback for answer in item.answers):
            SubElement(SubElement(processing, "setOutcomeValue", identifier="FEEDBACK"), "variable", identifier=RESPONSE)


def _test(parent: Element, declaration: Element, item: BankItem) -> None:
    """Whether one response is right."""
    name = declaration.get("identifier", "")
    if item.number:
        relative = item.number.relative
        test = SubElement(parent, "equal", toleranceMode="relative" if relative else "absolute", tolerance=f"{item.number.tolerance} {item.number.tolerance}")
    elif declaration.find("mapping") is not None:
        test = SubElement(parent, "gt")
        SubElement(test, "mapResponse", identifier=name)
        SubElement(test, "baseValue", baseType="float").text = "0"
        return
    else:
        test = SubElement(parent, "match")
    SubElement(test, "variable", identifier=name)
    SubElement(test, "correct", identifier=name)


def _named(answers: tuple[Answer, ...]) -> Iterator[tuple[str, Answer]]:
    for number, answer in enumerate(answers):
        yield f"c{number + 1}", answer


def _put_gaps(element: Element) -> None:
    """Exchange the tokens of gaps in the texts of an element for interactions."""
    pieces: list[Element] = []
    element.text, first = _cut(element.text)
    pieces += first
    for child in list(element):
        child.tail, more = _cut(child.tail)
        pieces += [child, *more]
    if len(pieces) != len(element):
        element[:] = pieces


def _cut(text: str | None) -> tuple[str | None, list[Element]]:
    head, *parts = (text or "").split(TOKEN[0])
    made = []
    for part in parts:
        number, _, tail = part.partition(TOKEN[-1])
        entry = Element("textEntryInteraction", responseIdentifier=f"{RESPONSE}{number}", expectedLength="15")
        entry.tail = tail
        made.append(entry)
    return (head or None), made
