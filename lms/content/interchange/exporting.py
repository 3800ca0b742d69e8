"""A bank of a content tree as the model, in one of its languages: keys and attributes are always those of the source language."""

import posixpath
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from lms.content.interchange.bank_reading import read_bank
from lms.content.interchange.model import Answer, Bank, BankItem
from lms.content.interchange.pictures import names_in
from lms.content.interchange.report import Losses
from lms.content.items.heads import TRANSLATED
from lms.content.markup.words import LANGS
from lms.content.source.plain import read_lines
from lms.content.source.problems import Findings, Place
from lms.content.source.texts import read_text_file
from lms.content.source.tree import ContentTree
from lms.content.source.yamlish import Node, load
from lms.errors import NotFound
from lms.platform.rules import phrase


def _setting(tree: ContentTree, path: str, key: str) -> str:
    """A value of a settings file, or of the front matter of a text."""
    if path.endswith(".md"):
        node = read_text_file(tree, path, "vi", Findings()).front if path in tree.files else Node({}, Place(path))
    else:
        node = load(read_lines(tree.files.get(path, b""), Place(path), Findings()), Place(path), Findings())
    value = node.value.get(key) if isinstance(node.value, dict) else None
    return str(value.value) if value and isinstance(value.value, str) else ""


def source_lang_of(tree: ContentTree, quiz: str) -> str:
    """The source language of a quiz."""
    value = _setting(tree, f"quizzes/{quiz}/quiz.yml", "source_lang")
    return value if value in LANGS else "vi"


def sealed_in(tree: ContentTree, name: str, now: datetime, zone: ZoneInfo) -> str:
    """Until when a bank 'quiz/bank' is sealed, as its files say; empty if it is not. A seal that cannot be read holds."""
    quiz, _, bank = name.partition("/")
    for path in (f"quizzes/{quiz}/quiz.yml", f"quizzes/{quiz}/{bank}.{source_lang_of(tree, quiz)}.md"):
        said = _setting(tree, path, "sealed_until")
        if not said:
            continue
        try:
            until = datetime.fromisoformat(said)
        except ValueError:
            return said
        if now < (until if until.tzinfo else until.replace(tzinfo=zone)):
            return said
    return ""


def bank_of(tree: ContentTree, name: str, lang: str | None, losses: Losses) -> Bank:
    """The bank 'quiz/bank' with its pictures. Raises NotFound where there is no such bank or translation, Unreadable where it holds nothing."""
    quiz, _, bank = name.partition("/")
    source = source_lang_of(tree, quiz)
    path = f"quizzes/{quiz}/{bank}.{source}.md"
    if path not in tree.files:
        raise NotFound("There is no bank %(name)s.", name=name)
    made = read_bank(tree.files[path], source, losses, name=path)
    if lang and lang != source:
        translation = f"quizzes/{quiz}/{bank}.{lang}.md"
        if translation not in tree.files:
            raise NotFound("The bank %(name)s is not there in %(lang)s.", name=name, lang=lang)
        made = translated(made, read_bank(tree.files[translation], lang, Losses(), name=translation), losses)
    others = [one for one in LANGS if one != made.lang and f"quizzes/{quiz}/{bank}.{one}.md" in tree.files]
    if others:
        losses.add("*", phrase("The file holds one language; these stay behind: %(langs)s.", langs=others))
    if until := _setting(tree, path, "sealed_until"):
        losses.add("*", phrase("The file says nothing of the seal until %(until)s.", until=until))
    return replace(made, pictures=_pictures(made, tree, f"quizzes/{quiz}", losses))


def translated(source: Bank, other: Bank, losses: Losses) -> Bank:
    """The texts of a translation with the keys of the source; an item that it lacks stays in the source language, and is listed."""
    by_id = {item.id: item for item in other.each()}
    return Bank(other.lang, tuple(_translated(item, by_id, losses) for item in source.items), other.title or source.title)


def _translated(item: BankItem, by_id: dict[str, BankItem], losses: Losses) -> BankItem:
    parts = tuple(_translated(part, by_id, losses) for part in item.parts)
    mine = by_id.get(item.id)
    if mine is None or ((len(mine.answers), len(mine.pairs)) != (len(item.answers), len(item.pairs)) and item.kind != "short"):
        losses.add(item, phrase("The item is not translated, so it stays in the source language."))
        return replace(item, parts=parts)
    answers = mine.answers if item.kind == "short" else tuple(_answer(*both) for both in zip(item.answers, mine.answers, strict=True))
    attributes = {**item.attributes, **{key: value for key, value in mine.attributes.items() if key in TRANSLATED}}
    number = replace(item.number, unit=mine.number.unit or item.number.unit) if item.number and mine.number else item.number
    pairs = mine.pairs or item.pairs
    return replace(
        item,
        text=mine.text,
        body=mine.body,
        explanation=mine.explanation,
        answers=answers,
        pairs=pairs,
        columns=mine.columns,
        number=number,
        attributes=attributes,
        parts=parts,
    )


def _answer(source: Answer, mine: Answer) -> Answer:
    return replace(source, text=mine.text, feedback=mine.feedback)


def _pictures(bank: Bank, tree: ContentTree, folder: str, losses: Losses) -> dict[str, bytes]:
    """The pictures that the texts show."""
    found: dict[str, bytes] = {}
    for item in bank.each():
        for name in names_in("\n".join([item.whole, item.explanation, *(f"{a.text}\n{a.feedback}" for a in item.answers)])):
            path = posixpath.normpath(posixpath.join(folder, name))
            if path in tree.files and path.startswith(folder + "/"):
                found[name] = tree.files[path]
            else:
                losses.add(item, phrase("There is no picture %(name)s.", name=name[:80]))
    return found
