"""Scoring: whole numbers only (hundredths of a point), from the stored paper, the stored keys and the stored answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.assessment.rules.answers.judging import FULL, Key, Verdict, judge
from lms.assessment.rules.sections import SectionScore, SectionTerms, by_section, is_enough

Marks = tuple[int, int, int] | tuple[int, int, int, int]
"""What a right, wrong and blank item brings, times the item's own points: in whole points, or with a fourth number n in n-ths of a point.

A right item brings whole points in either case, so that a part of it is a whole number of hundredths.
"""
__all__ = ["ItemScore", "Keyed", "Marks", "Score", "TopicScore", "Verdict", "by_topic", "points_to_pass", "score_item", "score_marked", "total"]


@dataclass(frozen=True, slots=True)
class Keyed:
    """An item of a paper as scoring sees it. points: whole points; rubric: what each criterion of an essay brings, in percent, together 100."""

    item_id: str
    digest: str
    topic: str
    key: Key
    points: int
    critical: bool
    rubric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What one item brought, of at most how much, in hundredths of a point."""

    item: Keyed
    answer: str
    verdict: Verdict
    points: int
    max_points: int

    @property
    def item_id(self) -> str:
        """The id of the item."""
        return self.item.item_id


@dataclass(frozen=True, slots=True)
class Score:
    """What a paper brought, in hundredths of a point. correct: items that are fully right; unmarked: essays that wait for a person.

    item_count: items that count; one that a correction dropped does not.

    critical_wrong: critical items that are not fully right, blank ones included, unmarked ones not yet.
    """

    points: int
    max_points: int
    correct: int
    item_count: int
    critical_wrong: int
    unmarked: int
    passed: bool | None
    sections: tuple[SectionScore, ...] = ()

    @property
    def failed_sections(self) -> tuple[SectionScore, ...]:
        """The sections that did not reach their own pass mark."""
        return tuple(section for section in self.sections if section.passed is False)


def in_hundredths(marks: Marks) -> tuple[int, int, int]:
    """Marks as whole hundredths of a point."""
    per = marks[3] if len(marks) > 3 else 1  # noqa: PLR2004
    return marks[0] * FULL // per, marks[1] * FULL // per, marks[2] * FULL // per


def score_item(item: Keyed, answer: str, marks: Marks) -> ItemScore:
    """The verdict and the points of a stored answer."""
    verdict, percent = judge(item.key, answer)
    return _scored(item, answer, verdict, percent, marks)


def score_marked(item: Keyed, answer: str, given: Sequence[int], marks: Marks) -> ItemScore:
    """An essay as a person marked it: given is a whole percent for each criterion of the rubric; the sum is rounded down to a whole percent."""
    percent = sum(weight * mark for weight, mark in zip(item.rubric, given, strict=True)) // FULL
    return _scored(item, answer, "right" if percent == FULL else "part" if percent > 0 else "wrong", percent, marks)


def _scored(item: Keyed, answer: str, verdict: Verdict, percent: int, marks: Marks) -> ItemScore:
    """Right, wrong and blank bring what the marks say, a part its share of what right brings, times the item's points.

    A choice that costs takes its share of what right brings, and at least what wrong costs.
    """
    right, wrong, blank = in_hundredths(marks)
    part = right * percent // FULL
    brought = {"right": right, "part": part, "wrong": min(wrong, part), "blank": blank, "unmarked": 0}
    return ItemScore(item, answer, verdict, brought[verdict] * item.points, right * item.points)


def total(scored: Sequence[ItemScore], pass_percent: int | None, sections: Sequence[SectionTerms] = (), *, below_zero: bool = False) -> Score:
    """Sum the points of a paper, never below zero unless the policy says so; a critical item that is not right fails it whatever the sum.

    Passed where points * 100 >= pass_percent * max points and every section reaches its own mark; None where the offering has no pass mark,
    and as long as essays wait to be marked. An empty paper is failed. The sum is that of the items, not of the sections as shown.
    """
    points = sum(item.points for item in scored)
    points = points if below_zero else max(0, points)
    max_points = sum(item.max_points for item in scored)
    critical_wrong = sum(item.item.critical and item.verdict not in ("right", "unmarked", "void") for item in scored)
    unmarked = sum(item.verdict == "unmarked" for item in scored)
    parts = tuple(by_section(scored, sections, below_zero=below_zero))
    enough = pass_percent is not None and is_enough(points, pass_percent, max_points) and all(part.passed is not False for part in parts)
    return Score(
        points=points,
        max_points=max_points,
        correct=sum(item.verdict == "right" for item in scored),
        item_count=sum(item.verdict != "void" for item in scored),
        critical_wrong=critical_wrong,
        unmarked=unmarked,
        passed=None if pass_percent is None or unmarked else enough and not critical_wrong,
        sections=parts,
    )


def points_to_pass(pass_percent: int, max_points: int) -> int:
    """The least number of hundredths of a point that passes, rounded up."""
    return -(-pass_percent * max_points // 100)


@dataclass(frozen=True, slots=True)
class TopicScore:
    """How many items of a topic were right."""

    topic: str
    correct: int
    items: int


def by_topic(rows: Sequence[tuple[str, Verdict]]) -> list[TopicScore]:
    """The items by topic, topics in the order in which the paper first has them; dropped ones are left out."""
    found: dict[str, list[bool]] = {}
    for topic, verdict in rows:
        if verdict == "void":
            continue
        found.setdefault(topic, []).append(verdict == "right")
    return [TopicScore(topic, sum(rights), len(rights)) for topic, rights in found.items()]
