"""Answers of Moodle's questions: fractions, numbers with units, lists of words, and rubrics in notes for the marker."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from math import isfinite
from xml.etree.ElementTree import Element

from lms.content.interchange.model import Answer, Kind, Quantity
from lms.content.interchange.moodle.cloze import gap_of
from lms.platform.rules import Phrase, phrase

FULL = 99.0
RUBRIC = re.compile(r"[-*]\s*(?P<percent>\d{1,3})\s*%\s*[:：]?\s*(?P<text>.+)$")
Note = Callable[[Phrase], None]


def ticked(choices: Sequence[tuple[str, str, str]], *, one: bool, note: Note) -> tuple[Kind, tuple[Answer, ...]]:
    """Choices (text, fraction in percent, feedback) as answers, with percentages only where they say more than right and wrong."""
    shares = [share_of(fraction) for _, fraction, _ in choices]
    positive = [share for share in shares if share > 0]
    if one:
        full = [share >= FULL for share in shares]
        return "single", tuple(
            Answer(text, right, feedback, None if right or share == 0 else _whole(share, note))
            for (text, _, feedback), share, right in zip(choices, shares, full, strict=True)
        )
    plain = bool(positive) and max(positive) - min(positive) < 0.01 and len({share for share in shares if share <= 0}) < 2  # noqa: PLR2004
    made = []
    for (text, _, feedback), share in zip(choices, shares, strict=True):
        made.append(Answer(text, share > 0, feedback, None if plain or share == 0 else _whole(share, note)))
    return "multiple", tuple(made)


def number_of(text: str, otherwise: float = 0.0) -> float:
    """A number as Moodle writes it; what is none is `otherwise`."""
    try:
        value = float(text)
    except ValueError:
        return otherwise
    return value if isfinite(value) else otherwise


def share_of(fraction: str) -> float:
    """What an answer brings, in percent; 0 where that is no sensible number."""
    value = number_of(fraction)
    return value if -100 <= value <= 100 else 0.0  # noqa: PLR2004


def _whole(share: float, note: Note) -> int:
    if abs(share - round(share)) > 0.001:  # noqa: PLR2004
        note(phrase("Partial credit is in whole percents: %(share)s became %(whole)s.", share=share, whole=round(share)))
    return round(share)


def quantity(question: Element, hidden: dict[str, str], note: Note) -> Quantity | None:
    """The right number of a question; more than one is not carried."""
    right = [answer for answer in question.findall("answer") if share_of(answer.get("fraction", "0")) >= FULL]
    if len(question.findall("answer")) > 1:
        note(phrase("Of several numbers only the first that is wholly right is kept."))
    if any((answer.findtext("feedback/text") or "").strip() for answer in question.findall("answer")):
        note(phrase("Feedback on a typed answer is left out."))
    value, tolerance = (decimal(right[0].findtext(tag) or "0") for tag in ("text", "tolerance")) if right else (None, None)
    if value is None or tolerance is None:
        note(phrase("No right number could be read; write it in."))
        return None
    unit = " ".join((question.findtext("units/unit/unit_name") or "").split())
    if len(question.findall("units/unit")) > 1:
        note(phrase("Of several units only the first is kept."))
    return carried_number(hidden, Quantity(value, tolerance, unit=unit))


def carried_number(hidden: dict[str, str], read: Quantity) -> Quantity:
    """The number with its relative tolerance, where it was carried and nothing was changed since."""
    match = re.fullmatch(r"(-?[0-9.]{1,30})\|([0-9.]{1,30})\|([01])\|(.{0,40})", hidden.get("_number", ""))
    if not match:
        return read
    carried = Quantity(match[1], match[2], match[3] == "1", match[4])
    tolerance = decimal(carried.tolerance)
    if tolerance and carried.relative:
        tolerance = decimal(str(Decimal(tolerance) * abs(Decimal(carried.value)) / 100))
    return carried if (carried.value, tolerance) == (read.value, read.tolerance) and read.unit in ("", carried.unit) else read


def decimal(text: str) -> str | None:
    """A number as a plain decimal text; None if it is none."""
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > 20:  # noqa: PLR2004
        return None
    return f"{value.normalize() + 0:f}"


def selected_gaps(text: str, question: Element) -> str:
    """`[[1]]` in a text as gaps with the words of the list."""
    words = [" ".join((box.findtext("text") or "").split()) for tag in ("selectoption", "dragbox") for box in question.findall(tag)]

    def one(match: re.Match[str]) -> str:
        number = int(match[1]) - 1
        return gap_of([words[number]]) if 0 <= number < len(words) and words[number] else match[0]

    return re.sub(r"\\?\[\\?\[(\d{1,3})\]\]", one, text)


def essay_lines(notes: str) -> tuple[tuple[Answer, ...], str]:
    """The lines of a rubric in the notes for the marker, and what is no such line."""
    lines, rest = [], []
    for line in notes.split("\n"):
        match = RUBRIC.match(line.strip())
        if match:
            lines.append(Answer(match["text"].strip(), percent=int(match["percent"])))
        elif line.strip():
            rest.append(line.strip())
    return tuple(lines), " ".join(rest)
