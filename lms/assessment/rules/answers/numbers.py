"""Numbers as people type them, read exactly: decimal comma or dot, marks between thousands, full-width digits, with or without the unit."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

SIGNS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "。": ".", "٫": ".", "’": "'", "ʼ": "'"})
WHOLE = re.compile(r"[0-9]+")
POINT = re.compile(r"([0-9]*)[.,]([0-9]*)")
GROUPED = re.compile(r"([0-9]{1,3}(?:([.,' ])[0-9]{3})(?:\2[0-9]{3})*)(?:([.,])([0-9]*))?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A right number: value and tolerance as plain decimal texts, the tolerance in the same unit or in percent of the value; units in any language."""

    value: str
    tolerance: str = "0"
    relative: bool = False
    units: tuple[str, ...] = ()


def is_near(wanted: Wanted, text: str) -> bool:
    """Whether some plausible reading of the text is the value within its tolerance, both ends included."""
    value, tolerance = Fraction(wanted.value), Fraction(wanted.tolerance or "0")
    most = abs(value) * tolerance / 100 if wanted.relative else tolerance
    return any(abs(reading - value) <= most for reading in readings(text, wanted.units))


def readings(text: str, units: Collection[str] = ()) -> set[Fraction]:
    """Every number that a text may mean: `1,234` is 1.234 and 1234, `0,5` only a half, `1.234,5` only 1234.5; none where it is no number."""
    bare = _without_unit(_plain(text), units)
    sign, digits = (-1, bare[1:]) if bare.startswith("-") else (1, bare.removeprefix("+"))
    return {sign * number for number in _unsigned(digits.strip())}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text.translate(SIGNS)).translate(SIGNS).split())


def _without_unit(text: str, units: Collection[str]) -> str:
    for unit in sorted((_plain(unit).casefold() for unit in units), key=len, reverse=True):
        if unit and text.casefold().endswith(unit):
            return text[: len(text) - len(unit)].rstrip()
    return text


def _unsigned(digits: str) -> set[Fraction]:
    found = set()
    if WHOLE.fullmatch(digits):
        found.add(Fraction(digits))
    if (point := POINT.fullmatch(digits)) and (point[1] or point[2]):
        found.add(Fraction(f"{point[1] or 0}.{point[2] or 0}"))
    grouped = GROUPED.fullmatch(digits)
    if grouped and grouped[2] != grouped[3] and not digits.startswith("0"):
        whole = re.sub("[^0-9]", "", grouped[1])
        found.add(Fraction(f"{whole}.{grouped[4] or 0}"))
    return found
