"""What of a bank does not come back from the file that was written of it: read again and compared, so that no loss is left to a list kept by hand."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import zip_longest

from lms.content.interchange.features import NAMES, features_of
from lms.content.interchange.model import Answer, Bank, BankItem
from lms.content.interchange.report import Losses
from lms.content.interchange.to_html import to_plain
from lms.errors import Unreadable
from lms.platform.rules import Phrase, phrase

What = Phrase | str
NONE = Answer("")
UNSAID = {"points": "1"}
"""Attributes that may be left out where they say what holds anyway."""


def note_lost(bank: Bank, data: bytes, read: Callable[[bytes, str, Losses], Bank], title: str, losses: Losses) -> None:
    """List, item by item, what is in the bank and not in the file. title: of the format."""
    try:
        back = read(data, bank.lang, Losses())
    except Unreadable:
        back = Bank(bank.lang, ())
    found = _pairs(bank, back)
    told = {str(loss.where) for loss in losses.found}
    for item in bank.each():
        mine = found.get(item.id)
        if mine is None:
            if not {item.id, item.text[:60]} & told:
                losses.add(item, phrase("The item is not in the file."))
            continue
        if lost := list(_of_item(item, mine, bank, back)):
            losses.add(item, phrase("%(format)s does not hold: %(what)s", format=title, what=lost))
    cases = {part.id: case.id for case in bank.items for part in case.parts}
    kept = {part.id: case.id for case in back.items for part in case.parts}
    for part, case in cases.items():
        if part in found and kept.get(found[part].id) != case:
            losses.add(part, phrase("%(format)s does not hold: %(what)s", format=title, what=[phrase("the case that it belongs to")]))
    if bank.title and back.title != bank.title:
        losses.add("*", phrase("%(format)s does not hold: %(what)s", format=title, what=[phrase("the title of the bank")]))


def _pairs(bank: Bank, back: Bank) -> Mapping[str, BankItem]:
    """What came back of each item: by its id, or in the order of the file where the format has no ids."""
    named = {item.id: item for item in back.each() if item.id}
    if named or not back.items:
        return named
    kinds = {item.kind for item in back.items}
    fitting = [item for item in bank.each() if item.kind in kinds and sum(answer.right for answer in item.answers) == 1]
    return {item.id: other for item, other in zip(fitting, back.items, strict=True)} if len(fitting) == len(back.items) else {}


def _of_item(item: BankItem, mine: BankItem, bank: Bank, back: Bank) -> Iterator[What]:
    if not mine.id and item.id:
        yield phrase("the id")
    if mine.kind != item.kind:
        yield phrase("the kind of question")
    yield from _of_texts(list(_texts(item, mine)), bank, back)
    yield from _of_answers(item, mine)
    if item.pairs and [_bare(left + "=" + right) for left, right in item.pairs] != [_bare(left + "=" + right) for left, right in mine.pairs]:
        yield phrase("the pairs")
    if any(item.columns) and item.columns != mine.columns:
        yield phrase("the headings of the pairs")
    if item.number is not None:
        yield from _of_number(item, mine)
    attributes = {key: value for key, value in item.attributes.items() if key != "tags" and UNSAID.get(key) != value}
    yield from (key for key, value in attributes.items() if mine.attributes.get(key) != value)
    if set(item.tags) - set(mine.tags):
        yield phrase("tags")
    yield from (f".{flag}" for flag in item.flags if flag not in mine.flags)


def _texts(item: BankItem, mine: BankItem) -> Iterator[tuple[str, str, Phrase]]:
    """Every text with what became of it, and what it is called."""
    yield item.whole, mine.whole, phrase("the words of the question")
    yield item.explanation, mine.explanation, phrase("the explanation")
    for before, after in zip_longest(item.answers, mine.answers[: len(item.answers)], fillvalue=NONE):
        yield before.text, after.text, phrase("the words of the answers")
        yield before.feedback, after.feedback, phrase("feedback on answers")


def _of_texts(texts: Iterable[tuple[str, str, Phrase]], bank: Bank, back: Bank) -> Iterator[What]:
    """Features that are fewer than they were, then texts whose words differ; each said once."""
    lost: dict[str, What] = {}
    for before, after, called in texts:
        if before == after:
            continue
        if before and not after:
            lost[str(called)] = called
            continue
        had = features_of(before, bank.lang)
        had.subtract(Counter({feature: count for feature, count in features_of(after, bank.lang).items() if feature in had}))
        gone = {name for (name, _), count in had.items() if count > 0}
        lost |= {name: NAMES[name] for name in NAMES if name in gone}
        if not gone and _bare(to_plain(before, bank.lang)) != _bare(to_plain(after, bank.lang)):
            lost[str(called)] = called
    shown = {name for before, _, _ in texts for (kind, name) in features_of(before, bank.lang) if kind == "picture"}
    if any(name in bank.pictures and back.pictures.get(name) != bank.pictures[name] for name in shown):
        lost["picture"] = NAMES["picture"]
    yield from lost.values()


def _of_answers(item: BankItem, mine: BankItem) -> Iterator[What]:
    pairs = list(zip_longest(item.answers, mine.answers[: len(item.answers)], fillvalue=NONE))
    if len(mine.answers) < len(item.answers):
        yield phrase("some of the answers")
    if item.kind in ("single", "multiple", "hotspot") and any(before.right != after.right for before, after in pairs):
        yield phrase("which answers are right")
    if any(before.percent is not None and before.percent != after.percent for before, after in pairs):
        yield phrase("partial credit")
    if any(before.fixed and not after.fixed for before, after in pairs):
        yield phrase("answers that stay last")
    if any(before.label and before.label != after.label for before, after in pairs):
        yield phrase("names of answers")
    if any(before.area and before.area != after.area for before, after in pairs):
        yield phrase("places in the picture")


def _of_number(item: BankItem, mine: BankItem) -> Iterator[What]:
    number, other = item.number, mine.number
    assert number is not None
    if other is None or other.value != number.value:
        yield phrase("the right number")
    if other is None or (other.tolerance, other.relative) != (number.tolerance, number.relative):
        yield phrase("the tolerance")
    if number.unit and (other is None or other.unit != number.unit):
        yield phrase("the unit")


def _bare(text: str) -> str:
    """Letters and digits alone."""
    return "".join(sign for sign in text if sign.isalnum())
