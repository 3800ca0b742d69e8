"""What has no place of its own in a format, packed into tags and put back: attributes, flags, and the finer points of answers."""

import json
from collections.abc import Iterable
from dataclasses import replace

from lms.content.interchange.model import TICKED, Answer, BankItem
from lms.content.interchange.report import Losses
from lms.content.interchange.tags import pack, unpack
from lms.platform.rules import phrase

OWN = "_"
"""Keys that begin so are never attributes of an item."""


def tags_of(item: BankItem, *, case: str = "", kind: str = "", number: bool = False) -> list[str]:
    """The item's own tags, then `lms:` tags for everything that a format without places for it would lose.

    kind: what the item is, where the format does not show it; number: carry the whole right number.
    """
    hidden = {"_kind": kind or item.kind} if kind or item.kind == "case" else {}
    if item.kind in TICKED and any(answer.percent is not None for answer in item.answers):
        hidden["_percents"] = ",".join("" if answer.percent is None else str(answer.percent) for answer in item.answers)
    if any(answer.label for answer in item.answers):
        hidden["_labels"] = ",".join(answer.label for answer in item.answers)
    if any(answer.fixed for answer in item.answers):
        hidden["_fixed"] = ",".join("1" if answer.fixed else "0" for answer in item.answers)
    if any(answer.area for answer in item.answers):
        hidden["_regions"] = json.dumps([[a.text, int(a.right), a.area, a.feedback] for a in item.answers], ensure_ascii=False, separators=(",", ":"))
    if any(item.columns):
        hidden["_columns"] = json.dumps(item.columns, ensure_ascii=False, separators=(",", ":"))
    if item.number and (item.number.relative or (number and item.number.unit)):
        hidden["_number"] = f"{item.number.value}|{item.number.tolerance}|{int(item.number.relative)}|{item.number.unit}"
    if case:
        hidden["_case"] = case
    attributes = {key: value for key, value in item.attributes.items() if key != "tags"}
    return [*item.tags, *pack(attributes | hidden, item.flags)]


def split_tags(tags: Iterable[str]) -> tuple[dict[str, str], tuple[str, ...], dict[str, str]]:
    """Attributes with 'tags' among them, flags, and the hidden values."""
    carried, flags, plain = unpack(tags)
    attributes = {key: value for key, value in carried.items() if not key.startswith(OWN)}
    if plain:
        attributes["tags"] = ", ".join(tag.replace(",", " ") for tag in plain)
    return attributes, tuple(flags), {key: value for key, value in carried.items() if key.startswith(OWN)}


def restore(item: BankItem, hidden: dict[str, str], losses: Losses) -> BankItem:
    """The finer points put back where they still fit; those that do not are listed."""
    answers = list(item.answers)
    for key, put in (("_percents", _percent), ("_labels", _label), ("_fixed", _fixed)):
        if key not in hidden:
            continue
        values = hidden[key].split(",")
        if len(values) == len(answers):
            answers = [put(answer, value) for answer, value in zip(answers, values, strict=True)]
        else:
            losses.add(item, phrase("The answers were changed elsewhere, so %(what)s could not be put back.", what=key.strip("_")))
    columns = _loaded(hidden.get("_columns", ""))
    if isinstance(columns, list) and len(columns) == 2 and all(isinstance(part, str) for part in columns):  # noqa: PLR2004
        item = replace(item, columns=(columns[0], columns[1]))
    return replace(item, answers=tuple(answers))


def regions_of(hidden: dict[str, str]) -> tuple[Answer, ...]:
    """The regions of a hotspot as they were carried."""
    rows = _loaded(hidden.get("_regions", ""))
    if not isinstance(rows, list):
        return ()
    good = [row for row in rows if isinstance(row, list) and len(row) == 4 and all(isinstance(row[n], str) for n in (0, 2, 3))]  # noqa: PLR2004
    return tuple(Answer(row[0], right=bool(row[1]), area=row[2], feedback=row[3]) for row in good)


def _loaded(text: str) -> object:
    try:
        return json.loads(text) if text and len(text) < 100_000 else None  # noqa: PLR2004
    except (ValueError, RecursionError):
        return None


def _percent(answer: Answer, value: str) -> Answer:
    number = value.removeprefix("-")
    return replace(answer, percent=int(value)) if number.isascii() and number.isdigit() and len(number) < 4 else replace(answer, percent=None)  # noqa: PLR2004


def _label(answer: Answer, value: str) -> Answer:
    return replace(answer, label=value)


def _fixed(answer: Answer, value: str) -> Answer:
    return replace(answer, fixed=value == "1")
