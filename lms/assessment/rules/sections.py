"""Sections of a paper: what each brought, and whether it passed. An item belongs to its section by its id, wherever a correction leaves it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lms.assessment.rules.answers.judging import Verdict


@dataclass(frozen=True, slots=True)
class SectionTerms:
    """A section of one paper. items: ids in the order of the paper; pass_percent: its own pass mark, None where it has none.

    sequential: its questions are asked one after the other, where sections are closed one by one.
    """

    id: str
    title: dict[str, str]
    items: tuple[str, ...]
    pass_percent: int | None = None
    sequential: bool = False


@dataclass(frozen=True, slots=True)
class SectionScore:
    """What a section brought, in hundredths of a point. passed: None where it has no pass mark, and as long as an essay in it waits."""

    section: SectionTerms
    points: int
    max_points: int
    correct: int
    item_count: int
    passed: bool | None


class Row(Protocol):
    """An item of a result."""

    @property
    def item_id(self) -> str:
        """Its id."""
        ...

    @property
    def verdict(self) -> Verdict:
        """Its verdict."""
        ...

    @property
    def points(self) -> int:
        """What it brought, in hundredths of a point."""
        ...

    @property
    def max_points(self) -> int:
        """At most how much, in hundredths of a point."""
        ...


@dataclass
class _Sum:
    rows: list[Row] = field(default_factory=list)


def is_enough(points: int, percent: int, max_points: int) -> bool:
    """Whether points reach a pass mark, which is included: points * 100 >= percent * max points. Of nothing nothing is enough."""
    return max_points > 0 and points * 100 >= percent * max_points


def by_section(rows: Iterable[Row], sections: Sequence[SectionTerms], *, below_zero: bool = False) -> list[SectionScore]:
    """The sections of a paper, each with the sum of its items, never below zero unless the policy says so.

    What a correction has dropped is not counted, and a section that it has left without items fails nobody.
    """
    sums = {section.id: _Sum() for section in sections}
    owner = {item: section.id for section in sections for item in section.items}
    for row in rows:
        if row.item_id in owner and row.verdict != "void":
            sums[owner[row.item_id]].rows.append(row)
    return [_score(section, sums[section.id].rows, below_zero=below_zero) for section in sections]


def _score(section: SectionTerms, rows: Sequence[Row], *, below_zero: bool) -> SectionScore:
    points, max_points = sum(row.points for row in rows), sum(row.max_points for row in rows)
    points = points if below_zero else max(0, points)
    waits = any(row.verdict == "unmarked" for row in rows)
    passed = None if section.pass_percent is None or waits else not rows or is_enough(points, section.pass_percent, max_points)
    return SectionScore(section, points, max_points, sum(row.verdict == "right" for row in rows), len(rows), passed)
