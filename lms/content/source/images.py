"""Pictures: their kind and size read from the bytes; SVG is refused unless it is nothing but a drawing."""

import re
import struct
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from lms.platform.rules import Phrase, phrase

MAX_SVG_BYTES = 512 * 1024
LARGE_BYTES = 300 * 1024
HUGE_BYTES = 2 * 1024 * 1024
HUGE_PIXELS = 6000
MAX_SVG_DEPTH = 40
MEDIA = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}

SVG_TAGS = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "title",
        "desc",
        "defs",
        "use",
        "symbol",
        "marker",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "pattern",
    ]
)
SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
OUTSIDE = re.compile(r"url\s*\(\s*['\"]?\s*(?!#)|javascript:|data:|@import|expression\s*\(|\\", re.IGNORECASE)
NUMBER = re.compile(r"\s*([0-9.]+)(px)?\s*$")
BLOCKED = re.compile(rb"<!DOCTYPE|<!ENTITY|<\?xml-stylesheet", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of a picture: media type, and width and height in pixels where they can be read."""

    media_type: str
    width: int | None
    height: int | None


def read_picture(name: str, data: bytes) -> tuple[Picture | None, Phrase | None]:
    """The picture, or why it is refused."""
    ending = name[name.rfind(".") :].lower()
    media_type = MEDIA.get(ending)
    if media_type is None:
        return None, phrase("Pictures end in .svg, .png, .jpg, .gif or .webp; this one in %(ending)s.", ending=ending[:12])
    if ending == ".svg":
        return _read_svg(data)
    size = _raster_size(media_type, data)
    if size is None:
        return None, phrase("The file is not a picture of the kind its name says (%(kind)s).", kind=media_type)
    return Picture(media_type, *size), None


def _read_svg(data: bytes) -> tuple[Picture | None, Phrase | None]:
    if len(data) > MAX_SVG_BYTES:
        return None, phrase("The drawing has %(kb)s KB; a drawing may have 512.", kb=len(data) // 1024)
    if BLOCKED.search(data) or b"\0" in data:
        return None, phrase("The drawing declares a document type, entities or a style sheet.")
    try:
        root = ET.fromstring(data)  # noqa: S314  (no entities: refused above; size and depth are limited)
    except (ET.ParseError, ValueError, LookupError) as wrong:
        return None, phrase("The drawing is not well-formed XML: %(why)s", why=str(wrong))
    refused = _refusal(root)
    if refused is not None:
        return None, refused
    return Picture("image/svg+xml", *_svg_size(root)), None


def _refusal(root: ET.Element) -> Phrase | None:
    """Why a drawing is more than a drawing; None if it is not."""
    if root.tag != f"{SVG}svg":
        return phrase("The root of a drawing is <svg xmlns=…>.")
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        tag = str(element.tag)
        if depth > MAX_SVG_DEPTH:
            return phrase("The drawing nests deeper than %(n)s levels.", n=MAX_SVG_DEPTH)
        if not tag.startswith(SVG) or tag.removeprefix(SVG) not in SVG_TAGS:
            return phrase("The drawing holds <%(tag)s>, which is not allowed.", tag=tag.rpartition("}")[2][:40])
        for name, value in element.attrib.items():
            plain = name.rpartition("}")[2].lower()
            if (
                plain.startswith("on")
                or (plain in {"href", "src"} and (name not in {"href", XLINK_HREF} or not value.startswith("#")))
                or OUTSIDE.search(value)
            ):
                return phrase("The drawing's attribute %(name)s is not allowed here: it could run or load something.", name=plain[:40])
        waiting += [(child, depth + 1) for child in element]
    return None


def _svg_size(root: ET.Element) -> tuple[int | None, int | None]:
    width, height = (NUMBER.match(root.get(side, "")) for side in ("width", "height"))
    box = root.get("viewBox", "").replace(",", " ").split()
    try:
        if width and height:
            return round(float(width[1])), round(float(height[1]))
        return (round(float(box[2])), round(float(box[3]))) if len(box) == 4 else (None, None)  # noqa: PLR2004
    except ValueError:
        return None, None


def _raster_size(media_type: str, data: bytes) -> tuple[int, int] | None:
    try:
        if media_type == "image/png" and data[:8] == b"\x89PNG\r\n\x1a\n":
            return struct.unpack(">II", data[16:24])
        if media_type == "image/gif" and data[:6] in (b"GIF87a", b"GIF89a"):
            return struct.unpack("<HH", data[6:10])
        if media_type == "image/webp" and data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp_size(data)
        if media_type == "image/jpeg" and data[:2] == b"\xff\xd8":
            return _jpeg_size(data)
    except struct.error:
        return None
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    kind = data[12:16]
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:  # noqa: PLR2004
            return None
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # noqa: PLR2004
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    return None
