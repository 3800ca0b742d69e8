"""A bank as a QTI package: manifest, items and pictures."""

import io
import zipfile
from functools import partial
from xml.etree import ElementTree as ET

from lms.content.interchange.carrying import tags_of
from lms.content.interchange.model import Bank, BankItem
from lms.content.interchange.pictures import names_in
from lms.content.interchange.qti.item_writing import ItemWriter
from lms.content.interchange.qti.names import V2, V3, Version, as_v3
from lms.content.interchange.report import Losses
from lms.platform.rules import phrase

LOM = "http://ltsc.ieee.org/xsd/LOM"
WHEN = (1980, 1, 1, 0, 0, 0)


def write_qti(bank: Bank, losses: Losses, *, version: Version) -> bytes:
    """The zip of a package; the same bank gives the same bytes."""
    writer = ItemWriter(bank.lang, bank.pictures, lambda name: f"../{name}", losses)
    manifest, resources = _manifest(bank, version)
    files: dict[str, bytes] = {}
    for item, case in _each(bank, losses):
        made = writer.item(item, case)
        if made is None:
            continue
        root = as_v3(made) if version is V3 else made
        root.set("xmlns", version.item)
        path = f"items/{item.id}.xml"
        files[path] = _bytes(root)
        whole = case.whole if case else ""
        names = names_in("\n".join([whole, item.whole, item.explanation, *(f"{a.text}\n{a.feedback}" for a in item.answers)]))
        shown = [name for name in dict.fromkeys(names) if name in bank.pictures]
        files |= {name: bank.pictures[name] for name in shown}
        _resource(resources, item, path, shown, version, bank.lang, case)
    return _zip({"imsmanifest.xml": _bytes(manifest), **files})


def _each(bank: Bank, losses: Losses) -> list[tuple[BankItem, BankItem | None]]:
    """Items, those of a case with it."""
    made: list[tuple[BankItem, BankItem | None]] = []
    for item in bank.items:
        if item.kind != "case":
            made.append((item, None))
            continue
        losses.add(item, phrase("QTI repeats the text of a case in each of its items, and they are drawn one by one."))
        if item.attributes or item.flags:
            losses.add(item, phrase("Attributes of a case are left out."))
        made += [(part, item) for part in item.parts]
    return made


def _manifest(bank: Bank, version: Version) -> tuple[ET.Element, ET.Element]:
    root = ET.Element("manifest", {"xmlns": version.manifest, "xmlns:imsmd": LOM, "identifier": "MANIFEST-LMS"})
    about = ET.SubElement(root, "metadata")
    ET.SubElement(about, "schema").text = version.schema
    ET.SubElement(about, "schemaversion").text = version.schema_version
    if bank.title:
        title = ET.SubElement(ET.SubElement(ET.SubElement(about, "imsmd:lom"), "imsmd:general"), "imsmd:title")
        ET.SubElement(title, "imsmd:string", language=bank.lang).text = bank.title
    ET.SubElement(root, "organizations")
    return root, ET.SubElement(root, "resources")


def _resource(parent: ET.Element, item: BankItem, path: str, shown: list[str], version: Version, lang: str, case: BankItem | None) -> None:
    resource = ET.SubElement(parent, "resource", identifier=f"RES-{item.id}", type=version.resource, href=path)
    general = ET.SubElement(ET.SubElement(ET.SubElement(resource, "metadata"), "imsmd:lom"), "imsmd:general")
    for tag in tags_of(item, case=case.id if case else "", number=True):
        ET.SubElement(ET.SubElement(general, "imsmd:keyword"), "imsmd:string", language=lang).text = tag
    for name in (path, *shown):
        ET.SubElement(resource, "file", href=name)


def _bytes(root: ET.Element) -> bytes:
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(zipfile.ZipInfo(name, WHEN), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


write_qti2 = partial(write_qti, version=V2)
write_qti3 = partial(write_qti, version=V3)
