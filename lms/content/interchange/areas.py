"""Regions of a picture as our banks write them, in percent of its width and height: `10,20 30x15`."""

from lms.content.items.regions import read_region
from lms.content.source.problems import Findings, Place

Area = tuple[float, float, float, float]
"""x, y, width, height in percent, from the upper left corner."""


def read_area(text: str) -> Area | None:
    """The rectangle of a region; None if it is not one."""
    region = read_region(text, Place(""), Findings()) if text else None
    return (region.x / 100, region.y / 100, region.width / 100, region.height / 100) if region else None


def write_area(area: Area) -> str:
    """A rectangle inside the picture, to a hundredth of a percent."""
    x, y = (min(max(part, 0.0), 99.0) for part in area[:2])
    w, h = max(min(area[2], 100 - x), 0.01), max(min(area[3], 100 - y), 0.01)
    return f"{_short(x)},{_short(y)} {_short(w)}x{_short(h)}"


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
