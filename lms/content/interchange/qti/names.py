"""The two versions of QTI: their namespaces, and the names of 3.0 as those of 2.1 and back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from lms.platform.xml_reading import local

HTML = frozenset(
    {
        "p",
        "div",
        "span",
        "br",
        "hr",
        "img",
        "a",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "strong",
        "em",
        "b",
        "i",
        "u",
        "sub",
        "sup",
        "code",
        "pre",
    }
    | {"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "object", "picture", "math", "dl", "dt", "dd", "caption", "tfoot", "col", "colgroup"}
)


@dataclass(frozen=True)
class Version:
    """A version: namespaces of item and manifest, the type of its resources, and what the manifest says it is."""

    name: str
    item: str
    manifest: str
    resource: str
    schema: str
    schema_version: str


V2 = Version("2.1", "http://www.imsglobal.org/xsd/imsqti_v2p1", "http://www.imsglobal.org/xsd/imscp_v1p1", "imsqti_item_xmlv2p1", "QTIv2.1 Package", "1.0.0")
V3 = Version(
    "3.0", "http://www.imsglobal.org/xsd/imsqtiasi_v3p0", "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", "imsqti_item_xmlv3p0", "QTI Package", "3.0.0"
)
SPECIAL: Mapping[str, str] = {"xml:lang": "{http://www.w3.org/XML/1998/namespace}lang"}


def as_v3(root: Element) -> Element:
    """The same tree with the names of 3.0; elements of HTML keep theirs."""
    made = Element(root.tag if root.tag in HTML else "qti-" + _kebab(str(root.tag)))
    for key, value in root.attrib.items():
        made.set(key if root.tag in HTML or ":" in key or "{" in key else _kebab(key), value)
    made.text, made.tail = root.text, root.tail
    children = [as_v3(child) for child in root]
    if root.tag in ("modalFeedback", "rubricBlock"):
        inner = SubElement(made, "qti-content-body")
        inner.text, made.text = made.text, None
        inner.extend(children)
    else:
        made.extend(children)
    return made


def as_v2(root: Element) -> Element:
    """A tree of any version with the names of 2.1 and no namespaces."""
    tag = local(root)
    made = Element(_camel(tag.removeprefix("qti-")) if tag.startswith("qti-") else tag)
    for key, value in root.attrib.items():
        name = key.rpartition("}")[2]
        made.set(_camel(name) if tag.startswith("qti-") else name, value)
    made.text, made.tail = root.text, root.tail
    made.extend(as_v2(child) for child in root)
    return made


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: "-" + m[1].lower(), name)


def _camel(name: str) -> str:
    return re.sub(r"-([a-z0-9])", lambda m: m[1].upper(), name)
