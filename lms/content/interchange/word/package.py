"""The parts of a .docx: document, numbering, styles, and pictures by their relations."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from lms.errors import Unreadable
from lms.platform.xml_reading import local, read_xml
from lms.platform.zips import read_zip

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
NOTES = ("footnote", "endnote", "comment")


@dataclass(frozen=True)
class Package:
    """What a document is made of. targets: relation -> path in the package, empty for what lies outside."""

    document: Element
    numbering: Element | None
    styles: Element | None
    targets: Mapping[str, str]
    files: Mapping[str, bytes]
    notes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The words of footnotes, endnotes and comments, by the element that points to them and its id."""


def open_docx(data: bytes, name: str) -> Package:
    """Open a document. Raises Unreadable."""
    files = read_zip(data, name)
    main = _main(files, name)
    folder = posixpath.dirname(main)
    targets = _targets(files, main, name)

    def part(path: str) -> Element | None:
        return _plain(read_xml(files[path], f"{name}: {path}")) if path in files else None

    document = part(main)
    if document is None or local(document) != "document":
        raise Unreadable("%(name)s is no Word document.", name=name)
    notes = {(f"{kind}Reference", id_): text for kind in NOTES for id_, text in _notes(part(posixpath.join(folder, f"{kind}s.xml")))}
    return Package(document, part(posixpath.join(folder, "numbering.xml")), part(posixpath.join(folder, "styles.xml")), targets, files, notes)


def _notes(root: Element | None) -> Iterator[tuple[str, str]]:
    for note in root if root is not None else ():
        yield val(note, "id"), " ".join("".join(one.text or "" for one in note.iter(f"{W}t")).split())


def _main(files: Mapping[str, bytes], name: str) -> str:
    """The path of the document itself."""
    for path in ("word/document.xml", "word/document2.xml"):
        if path in files:
            return path
    raise Unreadable("%(name)s is no Word document.", name=name)


def _targets(files: Mapping[str, bytes], main: str, name: str) -> dict[str, str]:
    folder, file = posixpath.split(main)
    path = f"{folder}/_rels/{file}.rels"
    if path not in files:
        return {}
    made = {}
    for relation in read_xml(files[path], f"{name}: {path}"):
        target = relation.get("Target", "")
        inside = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))
        outside = relation.get("TargetMode") == "External" or inside.startswith("..")
        made[relation.get("Id", "")] = "" if outside else inside
    return made


def _plain(root: Element) -> Element:
    """The strict form of the format, with the names of the usual one."""
    if str(root.tag).startswith(STRICT):
        for element in root.iter():
            element.tag = str(element.tag).replace(STRICT, W)
            for key in [key for key in element.attrib if key.startswith(STRICT)]:
                element.attrib[key.replace(STRICT, W)] = element.attrib.pop(key)
    return root


def val(element: Element | None, name: str = "val") -> str:
    """An attribute of a WordprocessingML element, '' where there is none."""
    return element.get(W + name, "") if element is not None else ""


def is_on(element: Element | None) -> bool | None:
    """A switch: on, off, or not said."""
    return None if element is None else val(element).lower() not in ("0", "false", "off", "none")
