"""XML of strangers: no document type, no entities, limits on size, depth and number of elements."""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from lms.errors import Unreadable

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 2_000_000


class _Refused(Exception):
    pass


def read_xml(data: bytes, name: str) -> Element:
    """The root element; namespaces are written `{uri}tag`. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable("%(name)s is larger than %(mb)s MB.", name=name, mb=MAX_BYTES // 1024 // 1024)
    parser = expat.ParserCreate(namespace_separator="}")
    builder = TreeBuilder()
    depth = count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise _Refused
        builder.start(_named(tag), {_named(key): value for key, value in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_named(tag))

    def refuse(*_: object) -> None:
        raise _Refused

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse  # type: ignore[assignment]
    parser.buffer_text = True
    try:
        parser.Parse(data, True)  # noqa: FBT003  (expat takes it by position)
        return builder.close()
    except _Refused as refused:
        raise Unreadable("%(name)s declares a document type or entities, or nests without end; such files are not read.", name=name) from refused
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as wrong:
        raise Unreadable("%(name)s is not well-formed XML, or it is cut off: %(why)s", name=name, why=str(wrong)) from wrong


def _named(tag: str) -> str:
    return "{" + tag if "}" in tag else tag


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
