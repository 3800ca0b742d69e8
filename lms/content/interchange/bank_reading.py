"""A bank file as the model, by the parser that reads it for the site. What the check would call an error is listed, and the rest is read."""

from lms.content.interchange.bank_writing import KIND_FLAGS
from lms.content.interchange.model import Answer, Bank, BankItem, Quantity
from lms.content.interchange.report import Losses
from lms.content.items.drafts import CaseDraft, ChoiceDraft, ItemDraft
from lms.content.items.numbers import read_number
from lms.content.items.parser import split
from lms.content.items.regions import looks_like_region, split_region
from lms.content.source.problems import Findings, Place
from lms.content.source.texts import read_text_file
from lms.content.source.tree import ContentTree
from lms.errors import Unreadable
from lms.platform.rules import phrase

NAME = "bank.md"


def read_bank(data: bytes, lang: str, losses: Losses, *, name: str = NAME) -> Bank:
    """The bank of a file. Raises Unreadable if no item stands in it."""
    found = Findings()
    text = read_text_file(ContentTree({name: data}, ""), name, lang, found)
    parts = split(text.body, Place(name, text.body_line), found, in_bank=True)
    items: list[BankItem] = []
    cases: dict[str, int] = {}
    for part in parts:
        if isinstance(part, CaseDraft):
            cases[part.id] = len(items)
            items.append(_case(part))
        elif isinstance(part, ItemDraft):
            item = _item(part, found)
            if part.case and part.case.id in cases:
                at = cases[part.case.id]
                items[at] = _with(items[at], item)
            else:
                items.append(item)
    for problem in found.sorted():
        if problem.severity == "error":
            losses.add(f"{problem.file}:{problem.line}", problem.message)
    if not items:
        raise Unreadable("%(name)s holds no item: an item begins with `## Question {#id}`.", name=name)
    title = text.front.value.get("title") if isinstance(text.front.value, dict) else None
    return Bank(lang, tuple(items), str(title.value) if title and isinstance(title.value, str) else "")


def _with(case: BankItem, part: BankItem) -> BankItem:
    return BankItem(case.id, "case", case.text, case.body, attributes=case.attributes, flags=case.flags, parts=(*case.parts, part))


def _case(draft: CaseDraft) -> BankItem:
    flags = tuple(flag for flag in draft.flags if flag != "case")
    return BankItem(draft.id, "case", draft.text, _joined(draft.body), attributes={key: value for key, (value, _) in draft.attributes.items()}, flags=flags)


def _item(draft: ItemDraft, found: Findings) -> BankItem:
    number = None
    answers = tuple(_answer(choice, hotspot=draft.kind == "hotspot") for choice in draft.choices)
    if draft.kind == "numeric":
        written = read_number(draft.answers[0].text, draft.answers[0].place, found) if draft.answers else None
        number = Quantity(written.value, written.tolerance, written.relative, written.unit) if written else Quantity("0")
        for other in draft.answers[1:]:
            found.error(other.place, "number-wrong", phrase("Only the first number is read."))
    elif draft.kind == "short":
        answers = tuple(Answer(" ".join(line.text.split()), right=True) for line in draft.answers)
    elif draft.kind == "essay":
        answers = tuple(Answer(line.text, percent=line.percent) for line in draft.rubric)
    return BankItem(
        draft.id,
        draft.kind,
        draft.text,
        _joined(draft.body),
        answers,
        pairs=tuple((row.left, row.right) for row in draft.rows),
        columns=(draft.columns.left, draft.columns.right) if draft.columns else ("", ""),
        number=number,
        explanation=_joined(draft.explanation),
        attributes={key: value for key, (value, _) in draft.attributes.items()},
        flags=tuple(flag for flag in draft.flags if flag != KIND_FLAGS.get(draft.kind)),
    )


def _answer(choice: ChoiceDraft, *, hotspot: bool) -> Answer:
    text, area = " ".join(choice.text), ""
    if hotspot:
        name, inside = split_region(text)
        text, area = (name, inside.strip()) if inside is not None and looks_like_region(inside) else (text, "")
    return Answer(text, choice.right, _joined(choice.feedback), choice.percent, area, choice.name, choice.fixed)


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n")
