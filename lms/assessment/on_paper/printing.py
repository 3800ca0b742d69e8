"""Papers as PDF: booklets with pictures, sheets of answers with circles and a QR code, the answer key."""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

from lms.assessment.on_paper.labels import HOW, words_in
from lms.assessment.on_paper.rules.marks import Spot, write_mark
from lms.assessment.on_paper.service.variants import spot_of
from lms.assessment.service.papers import Placed
from lms.content.catalogue import Choice, Item, Words
from lms.content.markup.printed import BLOCKS
from lms.content.markup.printed.tree import Reader, Values
from lms.content.markup.words import CALLOUTS
from lms.content.speaking import say_in
from lms.platform.documents.pdf import render_folder
from lms.platform.documents.qr import qr_svg
from lms.platform.rules import phrase
from lms.web.assets import find_asset

TYPST = Path(__file__).parent / "typst"
STATIC = "/static/"
Read = Callable[[list[str]], Mapping[str, bytes]]
"""Gives the bytes of published pictures by their digests."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the head of every page, in the language of the papers. critical: whether there are critical questions."""

    lang: str
    site: str
    title: str
    place: str
    minutes: str
    date: str
    critical: bool


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant to print. url: where its sheets are entered, for the QR code."""

    code: int
    placed: tuple[Placed, ...]
    url: str


def booklets_pdf(head: Head, variants: Sequence[Variant], read: Read) -> bytes:
    """The questions of the variants, each beginning with page 1."""
    reader = Reader()
    made = [{"code": str(variant.code), "total": len(variant.placed), "items": _questions(variant, reader, head.lang)} for variant in variants]
    return _print("booklet.typ", head, {"variants": made}, list(reader.pictures), read)


def sheets_pdf(head: Head, variants: Sequence[Variant]) -> bytes:
    """One sheet of answers for each variant; copy it as often as it is needed."""
    made = [
        {"code": str(variant.code), "url": variant.url, "qr": qr_svg(variant.url), "total": len(variant.placed), "items": [_asked(p) for p in variant.placed]}
        for variant in variants
    ]
    return _print("sheet.typ", head, {"variants": made}, [], lambda _digests: {})


def keys_pdf(head: Head, variants: Sequence[Variant]) -> bytes:
    """What is right, variant by variant. For examiners only."""
    made = [{"code": str(variant.code), "keys": [key_text(placed, head.lang) for placed in variant.placed]} for variant in variants]
    return _print("keys.typ", head, {"variants": made}, [], lambda _digests: {})


def papers_zip(head: Head, variants: Sequence[Variant], read: Read) -> bytes:
    """Booklet and sheet of every variant as files of their own; never a key."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for variant in variants:
            package.writestr(f"{variant.code}-paper.pdf", booklets_pdf(head, [variant], read))
            package.writestr(f"{variant.code}-answers.pdf", sheets_pdf(head, [variant]))
    return out.getvalue()


def _questions(variant: Variant, reader: Reader, lang: str) -> list[dict[str, object]]:
    made, before = [], ""
    for placed in variant.placed:
        item = placed.item
        case = item.case if item.case and item.case.id != before else None
        before = item.case.id if item.case else ""
        made.append(_question(placed, reader, lang) | {"case": _blocks(reader, case.prompt, lang) if case else []})
    return made


def _question(placed: Placed, reader: Reader, lang: str) -> dict[str, object]:
    item = placed.item
    picture = _in(item.picture, lang)
    if picture:
        reader.pictures[picture] = None
    by_letter = {choice.letter: choice for choice in item.choices}
    shown = [by_letter[letter] for letter in placed.letters]
    targets = {choice.letter: choice for choice in item.targets}
    return {
        "n": placed.n,
        "kind": item.kind,
        "critical": item.critical,
        "points": item.points,
        "how": say_in(lang, HOW[item.kind]),
        "body": _blocks(reader, item.prompt, lang),
        "options": [] if item.kind == "matching" else [_option(choice, reader, lang) for choice in shown],
        "rows": [_option(choice, reader, lang) for choice in shown] if item.kind == "matching" else [],
        "targets": [_option(targets[letter], reader, lang) for letter in placed.targets],
        "unit": _in(item.number.unit, lang) if item.number else "",
        "picture": picture,
        "alt": _in(item.picture_alt, lang),
        "regions": [[c.region.x, c.region.y, c.region.width, c.region.height] for c in shown if c.region],
    }


def _option(choice: Choice, reader: Reader, lang: str) -> Values:
    return _blocks(reader, choice.html, lang)


def _blocks(reader: Reader, html: Words, lang: str) -> Values:
    return reader.lesson(_in(html, lang))


def _asked(placed: Placed) -> dict[str, object]:
    spot = spot_of(placed)
    circles = spot.kind in ("single", "multiple", "hotspot")
    boxes = len(spot.letters) if spot.kind in ("ordering", "matching") else spot.gaps
    letters = list(ascii_uppercase[: len(spot.letters)]) if circles else []
    return {"n": spot.n, "kind": spot.kind, "letters": letters, "boxes": boxes}


def key_text(placed: Placed, lang: str) -> str:
    """What is right, as it would stand on a sheet."""
    item, spot = placed.item, spot_of(placed)
    words = words_in(lang)
    if item.accept:
        return words["any"]
    if item.kind == "essay":
        return words["rubric"]
    if item.kind == "numeric" and item.number:
        number = item.number
        off = f" ± {number.tolerance}{' %' if number.relative else ''}" if number.tolerance.strip("0.") else ""
        return f"{number.value}{off} {_in(number.unit, lang)}".strip()
    if item.blanks:
        return " | ".join(" / ".join(blank.accepted.get(lang) or next(iter(blank.accepted.values()), ())) for blank in item.blanks)
    return write_mark(_right(item, spot), spot)


def _right(item: Item, spot: Spot) -> str:
    if spot.kind == "ordering":
        return item.order
    if spot.kind == "matching":
        return " ".join(f"{left}:{right}" for left, right in sorted(item.pairs.items()))
    return "".join(sorted(item.key))


def _print(template: str, head: Head, data: Mapping[str, object], pictures: Sequence[str], read: Read) -> bytes:
    """Everything in a folder of its own, which is all that typst can see."""
    with tempfile.TemporaryDirectory(prefix="vean-paper-") as name:
        folder = Path(name)
        names = _pictures(folder, pictures, read)
        for sign in CALLOUTS:
            asset = find_asset(f"img/sign-{sign}.svg")
            (folder / f"sign-{sign}.svg").write_bytes(asset.body if asset else b"")
        values = {name: getattr(head, name) for name in head.__slots__} | {"words": words_in(head.lang), "pictures": names}
        values["questions"] = say_in(head.lang, phrase("%(n)s questions", n="{n}"))
        (folder / "data.json").write_text(json.dumps(values | dict(data), ensure_ascii=False), "utf-8")
        (folder / BLOCKS.name).write_bytes(BLOCKS.read_bytes())
        (folder / "frame.typ").write_bytes((TYPST / "frame.typ").read_bytes())
        main = folder / template
        main.write_bytes((TYPST / template).read_bytes())
        return render_folder(main)


def _pictures(folder: Path, pictures: Sequence[str], read: Read) -> dict[str, str]:
    """The pictures written into the folder, file names by address; one that is nowhere is left out."""
    digests = {picture: picture.rpartition("/")[2].partition(".")[0] for picture in pictures}
    found = read(sorted(set(digests.values())))
    names = {}
    for picture, digest in digests.items():
        asset = find_asset(picture.removeprefix(STATIC).partition("?")[0]) if picture.startswith(STATIC) else None
        body = found.get(digest) or (asset.body if asset else None)
        if body is not None:
            names[picture] = picture.rpartition("/")[2].partition("?")[0]
            (folder / names[picture]).write_bytes(body)
    return names


def _in(words: Words, lang: str) -> str:
    return words.get(lang) or words.get("vi") or next(iter(words.values()), "")
