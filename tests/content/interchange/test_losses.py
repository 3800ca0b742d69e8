"""Every loss of an export is named at its item: what was in the bank and does not come back from the file is in the report."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from lms.content.interchange.bank_reading import read_bank
from lms.content.interchange.exporting import bank_of
from lms.content.interchange.formats import FORMATS, write_any
from lms.content.interchange.model import Bank, BankItem
from lms.content.interchange.report import Losses
from lms.content.source.tree import ContentTree
from tests.content.every_kind import KINDS, PACKAGE, VI
from tests.content.interchange.banks import banks
from tests.content.interchange.test_round_trips import EVERY, FEW, NO_ESSAY
from tests.content.trees import FILES

FULL = (Path(__file__).parent / "full.vi.md").read_bytes()
PICTURES = {"img/khoa.svg": FILES["quizzes/de-mau/img/khoa.svg"]}
WRITTEN = sorted(name for name, one in FORMATS.items() if one.write)
GONE = re.compile("left out|not in the file")
SIGNS = {
    "call-outs": r"^\s*> \[!\w+\]",
    "footnotes": r"\[\^\w+\](?!:)",
    "tables": r"^\|[-:|\s]+\|$",
    "pictures": r"!\[[^\]]*\]\([^)]+\)",
    "definition lists": r"^: +\S",
    "code": r"`[^`\n]+`",
    "links": r"(?<!!)\[[^\]^]+\]\(https?:",
    "bold": r"\*\*[^*\n]+\*\*",
    "raised and lowered signs, keys": r"<(?:sub|sup|kbd)>",
    "text struck out": r"~~[^~\n]+~~",
}


def full() -> Bank:
    bank = read_bank(FULL, "vi", Losses())
    return replace(bank, pictures=PICTURES)


def features(bank: Bank, ids: list[str] | None = None) -> Iterator[tuple[str, str]]:
    """What is in each item, read from its text and fields. ids: those of the items where the file has none."""
    for at, item in enumerate(bank.each()):
        yield from ((item.id or (ids or [""] * 99)[at], name) for name in _of_item(item))
    yield from ((part.id, "the case that it belongs to") for case in bank.items for part in case.parts)


def _of_item(item: BankItem) -> Iterator[str]:
    if item.id:
        yield "the id"
    texts = "\n".join([item.whole, item.explanation, *(f"{one.text}\n{one.feedback}" for one in item.answers)])
    yield from (name for name, sign in SIGNS.items() if re.search(sign, texts, re.MULTILINE))
    yield from (name for name, there in (("the explanation", item.explanation), ("tags", item.attributes.get("tags"))) if there)
    yield from (key for key, value in item.attributes.items() if key != "tags" and (key, value) != ("points", "1"))
    yield from (f".{flag}" for flag in item.flags)
    for name, values in (
        ("feedback on answers", [one.feedback for one in item.answers]),
        ("partial credit", [one.percent for one in item.answers]),
        ("answers that stay last", [one.fixed for one in item.answers]),
        ("names of answers", [one.label for one in item.answers]),
        ("places in the picture", [one.area for one in item.answers]),
        ("the pairs", item.pairs),
        ("the headings of the pairs", [name for name in item.columns if name]),
        ("the unit", [item.number and item.number.unit]),
        ("the tolerance", [item.number and item.number.tolerance]),
    ):
        if any(values):
            yield name


def told(losses: Losses, where: str, what: str) -> bool:
    return any(str(loss.where) == where and (what in str(loss.what) or GONE.search(str(loss.what))) for loss in losses.found)


def test_the_bank_has_every_feature() -> None:
    there = {name for _, name in features(full())}
    assert there >= set(SIGNS) | {"basis", "source", "difficulty", "topic", "points", ".critical", ".partial", ".text", "tags", "the unit"}
    assert there >= {
        "feedback on answers",
        "partial credit",
        "answers that stay last",
        "names of answers",
        "places in the picture",
        "the headings of the pairs",
    }


@pytest.mark.parametrize("form", WRITTEN)
def test_what_does_not_come_back_is_in_the_report(form: str) -> None:
    bank, losses = full(), Losses()
    data = write_any(bank, form, losses)
    back = FORMATS[form].read(data, "vi", Losses())
    ids = [item.id for item in bank.each() if item.kind == "single"] if form == "aiken" else None
    lost = set(features(bank)) - set(features(back, ids))
    assert [one for one in sorted(lost) if not told(losses, *one)] == []
    names = {item.id for item in bank.each()} | {"*"}
    assert {str(loss.where) for loss in losses.found} <= names, "each loss names its item"


@pytest.mark.parametrize("form", ["qti2", "qti3"])
def test_qti_names_what_it_flattens_item_by_item(form: str) -> None:
    losses = Losses()
    write_any(full(), form, losses)
    assert told(losses, "fuaaaaa2", "call-outs")
    assert told(losses, "fuaaaaa2", "footnotes")
    assert not told(losses, "fuaaaaa3", "footnotes")


@pytest.mark.parametrize(("form", "lost"), [("moodle", {"fuaaaaa7"}), ("markdown", {"fuaaaaa2", "fubaaaa2"})])
def test_what_comes_back_is_not_in_the_report(form: str, lost: set[str]) -> None:
    """Moodle has no feedback on the steps of an ordering, a bare Markdown file no pictures; nothing else is lost."""
    losses = Losses()
    write_any(full(), form, losses)
    assert {str(loss.where) for loss in losses.found if "does not hold" in str(loss.what)} - {"*"} == lost


@pytest.mark.parametrize("form", sorted(set(WRITTEN) - {"aiken"}))
def test_what_comes_back_the_same_is_not_called_lost(form: str) -> None:
    @FEW
    @given(banks(EVERY if form != "gift" else NO_ESSAY))
    def nothing(bank: Bank) -> None:
        losses = Losses()
        write_any(bank, form, losses)
        assert [str(loss.what) for loss in losses.found if "does not hold" in str(loss.what) or "not in the file" in str(loss.what)] == []

    nothing()


def test_a_translation_and_a_seal_stay_behind_and_are_named() -> None:
    losses = Losses()
    bank_of(ContentTree(KINDS, "x"), "moi-loai/moi-loai", "vi", losses)
    assert [str(loss.what) for loss in losses.found] == ["The file holds one language; these stay behind: zh."]
    sealed = KINDS | {VI: "---\ntitle: Mọi loại\nsealed_until: 2027-01-01T00:00\n---\n\n".encode() + KINDS[VI]}
    losses = Losses()
    bank_of(ContentTree({path: data for path, data in sealed.items() if ".zh." not in path}, "x"), PACKAGE.rpartition("/")[2] + "/moi-loai", "vi", losses)
    assert [str(loss.what) for loss in losses.found] == ["The file says nothing of the seal until 2027-01-01T00:00."]
