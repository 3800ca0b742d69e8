"""A QTI package, or a single item, as a bank."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from lms.content.interchange.carrying import restore, split_tags
from lms.content.interchange.model import Bank, BankItem
from lms.content.interchange.pictures import Shelf
from lms.content.interchange.qti.item_reading import ItemReader
from lms.content.interchange.qti.names import as_v2
from lms.content.interchange.report import Losses
from lms.content.interchange.texts import split_text
from lms.errors import Unreadable
from lms.platform.rules import phrase
from lms.platform.xml_reading import local, read_xml
from lms.platform.zips import read_zip

MANIFEST = "imsmanifest.xml"


def read_qti(data: bytes, lang: str, losses: Losses, *, name: str = "QTI") -> Bank:
    """The items of a package, 2.0 to 3.0, or of one item file. Raises Unreadable."""
    shelf = Shelf(losses)
    if not data.startswith(b"PK"):
        files: Mapping[str, bytes] = {"item.xml": data}
        found: Iterator[tuple[str, list[str]]] = iter([("item.xml", [])])
        title = ""
    else:
        files = read_zip(data, name)
        path = min((path for path in files if path.rpartition("/")[2] == MANIFEST), key=len, default="")
        if not path:
            raise Unreadable("%(name)s has no imsmanifest.xml.", name=name)
        manifest = read_xml(files[path], f"{name}: {path}")
        found, title = _resources(manifest, posixpath.dirname(path)), _title(manifest)
    made: list[BankItem] = []
    cases: dict[str, int] = {}
    for path, tags in found:
        if path not in files:
            losses.add(path, phrase("The file is named in the package, but is not in it."))
            continue
        root = as_v2(read_xml(files[path], f"{name}: {path}"))
        if root.tag == "assessmentItem":
            _take(root, path, tags, files, shelf, lang, losses, made, cases)
        elif root.tag != "assessmentTest":
            losses.add(path, phrase("This file is no item and is left out: <%(tag)s>.", tag=str(root.tag)[:40]))
    if not made:
        raise Unreadable("%(name)s holds no items that could be read.", name=name)
    return Bank(lang, tuple(made), title, shelf.kept)


def _take(
    root: Element,
    path: str,
    tags: list[str],
    files: Mapping[str, bytes],
    shelf: Shelf,
    lang: str,
    losses: Losses,
    made: list[BankItem],
    cases: dict[str, int],
) -> None:
    """Read one item and put it where it belongs: in the bank, or below its case."""
    attributes, flags, hidden = split_tags(tags)
    reader = ItemReader(root, lang, losses, lambda address: _picture(address, path, files, shelf, root.get("identifier", path)))
    item = reader.item(hidden)
    if item is None:
        return
    points = BankItem("", "essay", "", attributes=attributes).points
    if reader.points != points:
        attributes["points"] = str(reader.points)
    item = restore(replace(item, attributes=attributes, flags=tuple(dict.fromkeys((*flags, *item.flags)))), hidden, losses)
    case = hidden.get("_case", "")
    if case and case not in cases and reader.case:
        head, body = split_text(reader.case, lang)
        cases[case] = len(made)
        made.append(BankItem(case, "case", head, body))
    if case in cases:
        made[cases[case]] = replace(made[cases[case]], parts=(*made[cases[case]].parts, item))
    else:
        made.append(item)


def _resources(manifest: Element, folder: str) -> Iterator[tuple[str, list[str]]]:
    """The item files of a package in the order of its manifest, with their keywords."""
    for resource in manifest.iter():
        if local(resource) != "resource" or "item" not in resource.get("type", ""):
            continue
        tags = ["".join(keyword.itertext()).strip("\n\r\t ") for keyword in resource.iter() if local(keyword) == "keyword"]
        yield posixpath.normpath(posixpath.join(folder, unquote(resource.get("href", "")))), tags


def _title(manifest: Element) -> str:
    for about in manifest:
        if local(about) == "metadata":
            return next(("".join(one.itertext()).strip() for one in about.iter() if local(one) == "title"), "")
    return ""


def _picture(address: str, item: str, files: Mapping[str, bytes], shelf: Shelf, where: str) -> str | None:
    """The name in the bank of a picture that an item shows."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(item), unquote(address)))
    return shelf.put(path, files[path], where) if path in files else None
