"""A hotspot as Moodle's question with markers to be put on a picture: every right region is a place for one of them."""

from xml.etree import ElementTree as ET

from lms.content.interchange.areas import Area, read_area, write_area
from lms.content.interchange.carrying import regions_of
from lms.content.interchange.model import Answer, BankItem
from lms.content.interchange.report import Losses
from lms.content.source.images import read_picture
from lms.platform.rules import phrase

WIDEST, HIGHEST = 600, 400
"""Moodle shrinks a background to this, and its places are in pixels of what is left."""

MARK = "✗"


def _shown_size(name: str, data: bytes) -> tuple[float, float]:
    """Width and height in pixels as Moodle shows the picture."""
    picture, _ = read_picture(name, data)
    width, height = (picture.width or WIDEST, picture.height or HIGHEST) if picture else (WIDEST, HIGHEST)
    scale = min(1.0, WIDEST / width, HIGHEST / height)
    return width * scale, height * scale


def write_markers(made: ET.Element, item: BankItem, name: str, data: bytes, losses: Losses) -> None:
    """Drags and drops of a hotspot."""
    width, height = _shown_size(name, data)
    right = [(answer, area) for answer in item.answers if answer.right and (area := read_area(answer.area))]
    if name.endswith(".svg"):
        losses.add(item, phrase("Moodle may not show a drawing (SVG) below markers; make it a PNG there."))
    losses.add(item, phrase("Moodle knows no regions that are wrong and no feedback on regions; they travel as tags."))
    ET.SubElement(made, "shuffleanswers").text = "0"
    ET.SubElement(made, "showmisplaced").text = "1"
    drag = ET.SubElement(made, "drag")
    ET.SubElement(drag, "no").text = "1"
    ET.SubElement(drag, "text").text = MARK
    ET.SubElement(drag, "noofdrags").text = str(max(1, len(right)))
    for number, (_, area) in enumerate(right, 1):
        drop = ET.SubElement(made, "drop")
        for tag, value in (("no", str(number)), ("shape", "rectangle"), ("coords", _coords(area, width, height)), ("choice", "1")):
            ET.SubElement(drop, tag).text = value


def _coords(area: Area, width: float, height: float) -> str:
    x, y, w, h = (round(part * side / 100) for part, side in zip(area, (width, height, width, height), strict=True))
    return f"{x},{y};{w},{h}"


def read_markers(question: ET.Element, name: str, data: bytes, hidden: dict[str, str]) -> tuple[Answer, ...]:
    """The regions of a question with markers; those that were carried as tags where they still fit."""
    width, height = _shown_size(name, data)
    drops = [drop for drop in question.findall("drop") if drop.findtext("choice", "0") != "0"]
    carried = regions_of(hidden)
    if carried and [_coords(area, width, height) for a in carried if a.right and (area := read_area(a.area))] == [d.findtext("coords", "") for d in drops]:
        return carried
    labels = {drag.findtext("no", ""): drag.findtext("text", "").strip() for drag in question.findall("drag")}
    made = []
    for number, drop in enumerate(drops, 1):
        box = _box(drop.findtext("shape", ""), drop.findtext("coords", ""))
        if box is None:
            continue
        x, y, w, h = (100 * part / side for part, side in zip(box, (width, height, width, height), strict=True))
        label = labels.get(drop.findtext("choice", ""), "")
        text = f"{label} {number}" if label in ("", MARK) or list(labels.values()).count(label) < 1 or len(drops) > len(labels) else label
        made.append(Answer(text.strip(), right=True, area=write_area((x, y, w, h))))
    return tuple(made)


def _box(shape: str, coords: str) -> tuple[float, float, float, float] | None:
    """The rectangle round a shape, in pixels."""
    try:
        points = [tuple(float(part) for part in point.split(",")) for point in coords.split(";")]
        if shape == "rectangle":
            (x, y), (w, h) = points
            return x, y, w, h
        if shape == "circle":
            (x, y), (r,) = points
            return x - r, y - r, 2 * r, 2 * r
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    except (ValueError, IndexError):
        return None
