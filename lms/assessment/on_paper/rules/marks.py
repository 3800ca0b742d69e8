"""What people write on a sheet of answers: letters by place (the first choice shown is A, whatever its letter in the bank), or words."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from lms.assessment.rules.answers.canonical import Asked, Refused, canonical, dump_gaps
from lms.assessment.rules.answers.parts import gaps_of, pairs_of
from lms.assessment.rules.answers.texts import clean
from lms.platform.rules import phrase

LETTERED = frozenset({"single", "multiple", "hotspot", "ordering", "matching"})
BLANK = frozenset("-–—._0*")
BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class Spot:
    """One question of a variant in its place n. letters, targets: those of the bank in the order shown; gaps: how many texts it takes."""

    n: int
    item_id: str
    kind: str
    letters: str
    targets: str = ""
    gaps: int = 0

    @property
    def lettered(self) -> bool:
        """Whether it is answered by letters; else by words."""
        return self.kind in LETTERED


def split_row(row: str) -> list[str]:
    """A row of answers as one text for each question: `ABD-A(AC)D`, or with commas `A,B,D,-,A,AC,D`. Blanks between letters mean nothing.

    Raises Refused where brackets do not close.
    """
    text = "".join(unicodedata.normalize("NFKC", row).upper().split())
    if "," in text or ";" in text:
        return [part.strip("()") for part in text.replace(";", ",").split(",")]
    parts: list[str] = []
    inside: str | None = None
    for sign in text:
        if sign == "(" and inside is None:
            inside = ""
        elif sign == ")" and inside is not None:
            parts.append(inside)
            inside = None
        elif sign in "()":
            raise Refused(phrase("A bracket in the row of answers does not close."))
        elif inside is not None:
            inside += sign
        else:
            parts.append(sign)
    if inside is not None:
        raise Refused(phrase("A bracket in the row of answers does not close."))
    return parts


def read_row(row: str, spots: Sequence[Spot]) -> dict[str, str]:
    """The answers of a row to the questions that are answered by letters, by item. Raises Refused, naming the question."""
    asked = [spot for spot in spots if spot.lettered]
    parts = split_row(row)
    if len(parts) != len(asked):
        raise Refused(phrase("The row has %(given)s answers; this variant asks for %(wanted)s. Write - for an empty one.", given=len(parts), wanted=len(asked)))
    return {spot.item_id: read_mark(part, spot) for part, spot in zip(parts, asked, strict=True)}


def read_mark(mark: str, spot: Spot) -> str:
    """The canonical answer of what stands on the sheet for one question, '' where nothing does. Raises Refused, naming the question."""
    asked = Asked(spot.kind, "".join(sorted(spot.letters)), "".join(sorted(spot.targets)), spot.gaps)
    try:
        return canonical(asked, _lettered(mark, spot) if spot.lettered else _words(mark, spot))
    except Refused as refused:
        raise Refused(phrase("Question %(n)s: %(why)s", n=spot.n, why=refused.words)) from refused


def _lettered(mark: str, spot: Spot) -> str:
    text = "".join(unicodedata.normalize("NFKC", mark).upper().split()).strip("()")
    if not text or (set(text) <= BLANK and spot.kind != "matching"):
        return ""
    if spot.kind == "matching":
        return _pairs(text, spot)
    letters = [_letter(sign, spot.letters) for sign in text]
    if spot.kind == "ordering" and sorted(letters) != sorted(spot.letters):
        raise Refused(phrase("write each of the letters A to %(last)s once, in order.", last=ascii_uppercase[len(spot.letters) - 1]))
    return "".join(letters)


def _pairs(text: str, spot: Spot) -> str:
    rows = sorted(spot.letters, key=spot.letters.index)
    if set(text) <= BLANK:
        return ""
    if len(text) != len(rows):
        raise Refused(phrase("write one letter for each of the %(rows)s rows, - for an empty one.", rows=len(rows)))
    return " ".join(f"{left}:{_letter(sign, spot.targets)}" for left, sign in zip(rows, text, strict=True) if sign not in BLANK)


def _letter(sign: str, shown: str) -> str:
    place = ascii_uppercase.find(sign)
    if not 0 <= place < len(shown):
        raise Refused(phrase("there is no answer %(sign)s.", sign=sign))
    return shown[place]


def _words(mark: str, spot: Spot) -> str:
    if spot.kind != "gaps":
        return "" if mark.strip() in BLANK - {"0"} else mark
    texts = ["" if clean(text) in BLANK - {"0"} else clean(text) for text in mark.split(BETWEEN)]
    if not any(texts):
        return ""
    if len(texts) != spot.gaps:
        raise Refused(phrase("write %(gaps)s texts with | between them.", gaps=spot.gaps))
    return dump_gaps(texts)


def write_mark(answer: str, spot: Spot) -> str:
    """A canonical answer as it stands on a sheet; reading it gives the answer again."""
    if not answer:
        return "-" * len(spot.letters) if spot.kind == "matching" else "-"
    if spot.kind == "matching":
        given = pairs_of(answer)
        return "".join(ascii_uppercase[spot.targets.index(given[left])] if left in given else "-" for left in spot.letters)
    if spot.kind == "ordering":
        return "".join(ascii_uppercase[spot.letters.index(letter)] for letter in answer)
    if spot.lettered:
        return "".join(sorted(ascii_uppercase[spot.letters.index(letter)] for letter in answer))
    return f" {BETWEEN} ".join(text or "-" for text in gaps_of(answer)) if spot.kind == "gaps" else answer


def write_row(answers: dict[str, str], spots: Sequence[Spot]) -> str:
    """The row of letters of a sheet: what `read_row` reads."""
    marks = [write_mark(answers.get(spot.item_id, ""), spot) for spot in spots if spot.lettered]
    return "".join(mark if len(mark) == 1 else f"({mark})" for mark in marks)
