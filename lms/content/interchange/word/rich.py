"""A paragraph as characters with their looks, so that runs that Word cuts in the middle of words do not matter."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from lms.content.interchange.escaping import BREAK, escape_inline, escape_start

PICTURE = "\ue100"
"""Stands for a picture in the text."""

MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class Look:
    """How a character looks; colour and highlight are empty where they are the usual ones. picture: name in the bank, and its words."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    colour: str = ""
    highlight: str = ""
    raised: str = ""
    picture: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Rich:
    """Text and the look of each of its characters."""

    text: str = ""
    looks: Sequence[Look] = field(default_factory=tuple)

    def __add__(self, other: "Rich") -> "Rich":
        return Rich(self.text + other.text, (*self.looks, *other.looks))

    def cut(self, start: int, end: int | None = None) -> "Rich":
        """A part of it, without blanks at its ends."""
        end = len(self.text) if end is None else end
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return Rich(self.text[start:end], self.looks[start:end])

    def without(self, start: int, end: int) -> "Rich":
        """It without a part."""
        return Rich(self.text[:start] + self.text[end:], (*self.looks[:start], *self.looks[end:])).cut(0)

    def lines(self) -> list["Rich"]:
        """Parts at the soft line breaks."""
        made, at = [], 0
        for line in self.text.split("\n"):
            made.append(self.cut(at, at + len(line)))
            at += len(line) + 1
        return made

    def share(self, has: Callable[[Look], bool]) -> float:
        """Which share of the letters has a look."""
        looks = [look for sign, look in zip(self.text, self.looks, strict=True) if not sign.isspace() and sign != PICTURE]
        return sum(has(look) for look in looks) / len(looks) if looks else 0.0

    @property
    def plain(self) -> str:
        """The text with hard blanks as blanks, for looking for signs; as long as the text."""
        return re.sub(r"[\xa0\u2000-\u200a\u3000\t]", " ", self.text)


def plain_rich(text: str) -> Rich:
    """Text without any look."""
    return Rich(text, (Look(),) * len(text))


def markdown(rich: Rich, *, emphasis: bool) -> str:
    """A paragraph as Markdown. emphasis: keep what is bold or slanted (or underlined: it becomes bold) where that is not nearly all of it."""
    bold = emphasis and 0 < rich.share(_strong) < MOSTLY
    italic = emphasis and 0 < rich.share(lambda look: look.italic) < MOSTLY
    lines = []
    for line in rich.lines():
        wanted = [replace(look, bold=bold and _strong(look), italic=italic and look.italic) for look in line.looks]
        pieces = [("".join(line.text[n] for n in run), look) for look, run in _runs(line.text, wanted)]
        text = "".join(_piece(text, look) for text, look in pieces)
        if text.strip():
            lines.append(text.strip() if text.lstrip().startswith(("**", "![", "*", "<")) else escape_start(text))
    return BREAK.join(lines)


def _strong(look: Look) -> bool:
    return look.bold or look.underline


def _runs(text: str, looks: Sequence[Look]) -> list[tuple[Look, list[int]]]:
    """Stretches of one look; blanks between two stretches belong to the one before."""
    kept = list(looks)
    for at in range(1, len(text)):
        if text[at].isspace():
            kept[at] = kept[at - 1]
    simple = [Look(bold=look.bold, italic=look.italic, raised=look.raised, picture=look.picture, alt=look.alt) for look in kept]
    return [(look, list(run)) for look, run in ((look, list(run)) for look, run in groupby(range(len(text)), key=lambda n: simple[n]))]


def _piece(text: str, look: Look) -> str:
    if look.picture:
        words = re.sub(r"[\[\]`*_<>\\\s]+", " ", look.alt).strip()
        return f"![{words}]({look.picture})" * text.count(PICTURE)
    inner = escape_inline(re.sub(r"\s+", " ", text.replace(PICTURE, "")))
    body = inner.strip()
    if not body:
        return inner
    if look.raised:
        made = f"<{look.raised}>{body}</{look.raised}>"
    else:
        mark = "**" * look.bold + "*" * look.italic
        made = f"{mark}{body}{mark}"
    return inner.replace(body, made, 1)
