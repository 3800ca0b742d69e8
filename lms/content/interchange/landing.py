"""An imported bank as it will stand in the content folder: ids, pictures, the text of the file, and what the check says of it."""

import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from lms.content.interchange.bank_writing import write_bank, write_items
from lms.content.interchange.model import Answer, Bank, BankItem
from lms.content.interchange.pictures import renamed
from lms.content.interchange.report import Losses
from lms.content.interchange.texts import TODO
from lms.content.items.heads import ATTRIBUTES
from lms.content.items.identity import ID
from lms.content.items.kinds.registry import FLAGS
from lms.platform.rules import phrase

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
HEADER_ID = re.compile(r"^#{2,3}(?!#).*[{｛]\s*[#＃](?P<id>[^\s.#={}｛｝]+)", re.MULTILINE)
CASE_FLAGS = frozenset({"void"})


@dataclass(frozen=True)
class Landed:
    """What is to be written: the whole text of the bank file, and pictures by their names beside it. bank: as it will be read."""

    bank: Bank
    text: str
    pictures: Mapping[str, bytes]


def new_id(taken: Collection[str]) -> str:
    """A random id of eight letters that nobody has."""
    while True:
        made = secrets.choice(LETTERS[:26]) + "".join(secrets.choice(LETTERS) for _ in range(7))
        if made not in taken:
            return made


def ids_in(text: str) -> set[str]:
    """The ids that stand in a bank file or lesson."""
    return {match["id"] for match in HEADER_ID.finditer(text)}


def land(bank: Bank, losses: Losses, *, before: str = "", taken: Collection[str] = (), there: Mapping[str, bytes] | None = None) -> Landed:
    """The bank made ready. before: the text that the file has, which stays as it is; taken: ids of the tree; there: pictures in the folder."""
    there = there or {}
    used = {*taken, *ids_in(before)}
    pictures, names = _settle(bank, there)
    items = tuple(_ready(item, bank.lang, names, there, used, losses) for item in bank.items)
    made = replace(bank, items=items, pictures=pictures)
    text = f"{before.rstrip()}\n\n{write_items(items)}" if before.strip() else write_bank(made)
    return Landed(made, text, {name: data for name, data in pictures.items() if name not in there})


def _settle(bank: Bank, there: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Pictures under names that take no other picture's place, and the new names by the old."""
    pictures: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for old, data in bank.pictures.items():
        name, number = old, 2
        while {**there, **pictures}.get(name, data) != data:
            stem, _, ending = old.rpartition(".")
            name, number = f"{stem}-{number}.{ending}", number + 1
        pictures[name], names[old] = data, name
    return pictures, names


def _ready(item: BankItem, lang: str, names: Mapping[str, str], there: Mapping[str, bytes], used: set[str], losses: Losses) -> BankItem:
    """An item with a free id, pictures that are there, and only attributes and marks that mean something here."""
    id_ = item.id
    if not ID.fullmatch(id_) or id_ in used:
        id_ = new_id(used)
        if item.id:
            why = phrase("it is taken") if ID.fullmatch(item.id) else phrase("it has not the form of an id")
            losses.add(item, phrase("The id %(old)s became %(new)s: %(why)s.", old=item.id[:40], new=id_, why=why))
    used.add(id_)

    def picture(name: str) -> str:
        if name in names or name in there:
            return names.get(name, name)
        losses.add(replace(item, id=id_), phrase("There is no picture %(name)s.", name=name[:80]))
        return ""

    item = _kept(replace(item, id=id_), losses)
    answers = tuple(replace(answer, text=renamed(answer.text, picture), feedback=renamed(answer.feedback, picture)) for answer in item.answers)
    item = replace(item, text=renamed(item.text, picture), body=renamed(item.body, picture), explanation=renamed(item.explanation, picture), answers=answers)
    parts = tuple(_ready(part, lang, names, there, used, losses) for part in item.parts)
    return _with_todo(replace(item, parts=parts), lang, losses)


def _kept(item: BankItem, losses: Losses) -> BankItem:
    """The item with those attributes and marks that are known and fit."""
    attributes = {key: value for key, value in item.attributes.items() if key in ATTRIBUTES and value.strip()}
    for key, limit in (("points", 100), ("difficulty", 3)):
        value = attributes.get(key, "1")
        if not (value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= limit):
            del attributes[key]
    known = CASE_FLAGS if item.kind == "case" else {flag for flag, kinds in FLAGS.items() if item.kind in kinds}
    flags = tuple(flag for flag in item.flags if flag in known)
    lost = [key for key in item.attributes if key not in attributes] + [f".{flag}" for flag in item.flags if flag not in flags]
    if lost:
        losses.add(item, phrase("These attributes mean nothing here and are left out: %(names)s", names=[name[:30] for name in lost]))
    return replace(item, attributes=attributes, flags=flags)


def _with_todo(item: BankItem, lang: str, losses: Losses) -> BankItem:
    """An item whose right answer is not known says so where its author sees it."""
    unknown = {
        "single": not any(answer.right for answer in item.answers),
        "multiple": not any(answer.right for answer in item.answers),
        "hotspot": not any(answer.right for answer in item.answers),
        "short": not item.answers,
        "numeric": item.number is None,
        "essay": sum(answer.percent or 0 for answer in item.answers) != 100,  # noqa: PLR2004
    }
    if not unknown.get(item.kind):
        return item
    if item.kind == "essay" and not item.answers:
        losses.add(item, phrase("There is no rubric; the item is written with one line of 100 percent to be made better."))
        return replace(item, answers=(Answer(f"{TODO[lang]}: …", percent=100),))
    losses.add(item, phrase("No right answer was found; the item is written with a note to be seen to."))
    note = {"vi": "chưa rõ đáp án đúng", "zh": "正确答案不明", "en": "the right answer is not known"}[lang]
    return replace(item, explanation=f"**{TODO[lang]}: {note}.**\n\n{item.explanation}".strip())
