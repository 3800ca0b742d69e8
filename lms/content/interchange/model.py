"""The neutral model of a bank: what every format is read into and written from. Texts are Markdown; one bank is in one language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["single", "multiple", "numeric", "short", "ordering", "matching", "gaps", "hotspot", "essay", "case"]
TICKED = ("single", "multiple")


@dataclass(frozen=True, slots=True)
class Answer:
    """A choice to tick, a step of an ordering (in the right order), a region of a picture, an accepted text, or a line of a rubric.

    percent: what ticking it brings, or a criterion's share; None where nothing is said. area: of a region, as the bank writes it.
    label: an explicit id of the choice. fixed: stays last when choices are shuffled.
    """

    text: str
    right: bool = False
    feedback: str = ""
    percent: int | None = None
    area: str = ""
    label: str = ""
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Quantity:
    """A right number as decimal texts; a relative tolerance is in percent of the value."""

    value: str
    tolerance: str = "0"
    relative: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class BankItem:
    """One question. text: the line of its header; body: what stands below it, gaps as `[[right|also right]]`.

    pairs: of a matching, left and right; an empty left side is a right side that is nobody's; columns: the heads of the two. parts: the items of a case.
    attributes: points, difficulty, topic, tags, basis, source and the like, as written; flags: critical, partial, void, accept and the like.
    """

    id: str
    kind: Kind
    text: str
    body: str = ""
    answers: tuple[Answer, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, str] = ("", "")
    number: Quantity | None = None
    explanation: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    parts: tuple["BankItem", ...] = ()

    @property
    def whole(self) -> str:
        """Header and body as one text."""
        return f"{self.text}\n\n{self.body}".strip()

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags alone."""
        return tuple(tag.strip() for tag in re.split("[,，、;]", self.attributes.get("tags", "")) if tag.strip())

    @property
    def points(self) -> int:
        """Whole points, 1 where nothing sensible is written."""
        written = self.attributes.get("points", "1")
        return int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 1  # noqa: PLR2004  (up to 100)


@dataclass(frozen=True, slots=True)
class Bank:
    """Items of one file, and the pictures that they show by the names in their texts ('img/lock.svg')."""

    lang: str
    items: tuple[BankItem, ...]
    title: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    def each(self) -> Iterator[BankItem]:
        """Every item, those of cases behind their case."""
        for item in self.items:
            yield item
            yield from item.parts
