"""Regions of a picture as they are typed behind their names: `Dây điện (10,20 30x15)`, in percent of width and height."""

import re

from lms.content.catalogue import Region
from lms.content.source.problems import Findings, Place
from lms.platform.rules import phrase

TYPED = str.maketrans("０１２３４５６７８９．％×＊хХX，；、：　", "0123456789.%xxxxx,,,, ")
N = r"([0-9]{1,3}(?:\.[0-9]{1,2})?)\s?%?"
REGION = re.compile(rf"{N}\s?[,;\s]\s?{N}\s?[,;\s]\s?{N}\s?[x*,;\s]\s?{N}$")
AT_END = re.compile(r"[(（](?P<inside>[^()（）]{0,60})[)）]\s*$")
WHOLE = 10_000


def split_region(text: str) -> tuple[str, str | None]:
    """A region's name and what stands in the brackets at its end; None where there are none."""
    match = AT_END.search(text)
    return (text[: match.start()].rstrip(), match["inside"]) if match else (text, None)


def looks_like_region(inside: str) -> bool:
    """Whether brackets at the end of a text hold a region and not a remark."""
    return REGION.match(_typed(inside)) is not None


def read_region(inside: str | None, place: Place, found: Findings) -> Region | None:
    """The rectangle; what is wrong with it is noted."""
    hint = phrase("Write it behind the name, in percent of the picture: `(10,20 30x15)` is 10 from the left, 20 from the top, 30 wide, 15 high.")
    if inside is None:
        found.error(place, "region-missing", phrase("This part of the picture has no region."), hint)
        return None
    match = REGION.match(_typed(inside))
    if match is None:
        found.error(place, "region-wrong", phrase("This region cannot be read: %(text)s", text=inside[:40]), hint)
        return None
    x, y, width, height = (round(float(n) * 100) for n in match.groups())
    if not width or not height or x + width > WHOLE or y + height > WHOLE:
        found.error(place, "region-outside", phrase("This region is empty or reaches out of the picture: %(text)s", text=inside[:40]), hint)
        return None
    return Region(x, y, width, height)


def overlap(one: Region, other: Region) -> float:
    """The share of the smaller of two regions that lies in the other, from 0 to 1."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(wide, 0) * max(high, 0) / min(one.width * one.height, other.width * other.height)


def _typed(text: str) -> str:
    return " ".join(text.translate(TYPED).split())
