"""Right numbers as they are typed: `85 ± 1 dBA`, `0,5 ± 5 % m`, with a decimal comma or dot and full-width signs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.content.source.problems import Findings, Place
from lms.platform.rules import phrase

TYPED = str.maketrans("０１２３４５６７８９．，％＋－−–／　", "0123456789.,%+---/ ")
N = r"[0-9]{1,12}(?:[.,][0-9]{1,8})?"
UNIT = r"(?:[^\W\d_]|[%‰°℃℉′″'\"€₫¥$])[^=±]{0,30}?"
NUMBER = re.compile(
    rf"(?P<value>[-+]?{N})(?P<blank>\s*)(?P<before>{UNIT})?"
    rf"\s*(?:(?P<sign>±|\+\s*/?\s*-)\s*(?P<minus>[-+]?)\s*(?P<tolerance>{N})(?P<relative>\s*%)?\s*(?P<after>{UNIT})?)?\s*$"
)
BEGINS = re.compile(rf"[-+]?{N}")
SIGN = re.compile(r"±|\+\s*/?\s*-")
NO_BLANK = re.compile(r"[%‰°℃℉'′\"″\u3040-\u9fff\uac00-\ud7a3]")
THOUSANDS = re.compile(r"[-+]?0*[1-9][0-9]{0,2}[.,][0-9]{3}$")


@dataclass(frozen=True)
class Written:
    """A right number: plain decimal texts, and whether the tolerance is in percent of the value."""

    value: str
    tolerance: str
    relative: bool
    unit: str


def looks_like_number(texts: Sequence[str]) -> bool:
    """Whether answers mean a number: one that is written as such, or any with a tolerance."""
    return any(SIGN.search(typed) and BEGINS.match(typed) for typed in map(_typed, texts)) or (len(texts) == 1 and _match(texts[0]) is not None)


def has_tolerance(text: str) -> bool:
    """Whether an answer says how far off is still right."""
    return bool(SIGN.search(_typed(text)))


def begins_with_number(text: str) -> bool:
    """Whether a text that is no number begins with one, so that it may have been meant as one: `85dBA`."""
    return bool(BEGINS.match(_typed(text)))


def read_number(text: str, place: Place, found: Findings) -> Written | None:
    """The number of an answer; what is wrong with it is noted."""
    match = _match(text)
    if match is None or (match["before"] and match["after"] and match["before"].strip() != match["after"].strip()):
        message = phrase("This number cannot be read: %(text)s", text=text[:60])
        found.error(place, "number-wrong", message, phrase("Write `= 85 ± 1 dBA`: the number, how far off is still right, the unit."))
        return None
    for part in (match["value"], match["tolerance"] or ""):
        if THOUSANDS.match(part):
            message = phrase("%(n)s could be a decimal number or thousands.", n=part)
            found.error(place, "number-ambiguous", message, phrase("Write thousands without a sign (1500), and decimals with one more digit (1.5000)."))
            return None
    value, tolerance, relative = _plain(match["value"]), _plain(match["tolerance"] or "0"), bool(match["relative"])
    unit = (match["before"] or match["after"] or "").strip()
    if relative and unit.startswith("%"):
        relative = False
    if match["minus"] == "-" or (relative and Decimal(tolerance) > 100):  # noqa: PLR2004
        message = phrase("A tolerance of %(n)s is not possible.", n=f"{match['minus']}{tolerance}{'%' if relative else ''}")
        found.error(place, "number-tolerance", message, phrase("It is 0 or more, and at most 100%."))
        return None
    return Written(value, tolerance, relative, unit)


def read_unit(text: str) -> str:
    """The unit in a translation, which may repeat the number or not."""
    match = _match(text)
    return (match["before"] or match["after"] or "").strip() if match else " ".join(text.split())[:32]


def _typed(text: str) -> str:
    return " ".join(text.translate(TYPED).split())


def _match(text: str) -> re.Match[str] | None:
    """The parts of a number; None for what is a text, as 5S, 12:30 or 2 years 6 months."""
    match = NUMBER.match(_typed(text))
    if match and match["before"] and not match["blank"] and not NO_BLANK.match(match["before"]):
        return None
    if match and any(re.search(r"\s[0-9]", match[unit] or "") for unit in ("before", "after")):
        return None
    return match


def _plain(text: str) -> str:
    """A decimal number without needless signs: '085.50' is '85.5'."""
    number = Decimal(text.replace(",", ".")).normalize() + 0
    return f"{number:f}"
