"""Scoring: whole numbers only, from the stored paper, the stored keys and the stored answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["right", "wrong", "blank"]
Marks = tuple[int, int, int]
"""What a right, wrong and blank item brings, times the item's own points."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """An item of a paper as scoring sees it."""

    item_id: str
    digest: str
    topic: str
    key: frozenset[str]
    points: int
    critical: bool


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What one item brought, of at most how much."""

    item: Keyed
    letters: str
    verdict: Verdict
    points: int
    max_points: int


@dataclass(frozen=True, slots=True)
class Score:
    """What a paper brought. critical_wrong: critical items that are not right, blank ones included."""

    points: int
    max_points: int
    correct: int
    item_count: int
    critical_wrong: int
    passed: bool | None


def judge(key: frozenset[str], letters: str) -> Verdict:
    """Right only where exactly the right choices are ticked: all or nothing, so that ticking all earns nothing."""
    if not letters:
        return "blank"
    return "right" if frozenset(letters) == key else "wrong"


def score_item(item: Keyed, letters: str, marks: Marks) -> ItemScore:
    """Right, wrong and blank bring what the marks say, times the item's points."""
    verdict = judge(item.key, letters)
    right, wrong, blank = marks
    mark = {"right": right, "wrong": wrong, "blank": blank}[verdict]
    return ItemScore(item, letters, verdict, mark * item.points, right * item.points)


def total(scored: Sequence[ItemScore], pass_percent: int | None) -> Score:
    """Sum the points of a paper, never below zero; a critical item that is not right fails it whatever the sum.

    Passed where points * 100 >= pass_percent * max points; None where the offering has no pass mark. An empty paper is failed.
    """
    points = max(0, sum(item.points for item in scored))
    max_points = sum(item.max_points for item in scored)
    critical_wrong = sum(item.item.critical and item.verdict != "right" for item in scored)
    enough = pass_percent is not None and max_points > 0 and points * 100 >= pass_percent * max_points
    return Score(
        points=points,
        max_points=max_points,
        correct=sum(item.verdict == "right" for item in scored),
        item_count=len(scored),
        critical_wrong=critical_wrong,
        passed=None if pass_percent is None else enough and not critical_wrong,
    )


def points_to_pass(pass_percent: int, max_points: int) -> int:
    """The least number of points that passes, rounded up."""
    return -(-pass_percent * max_points // 100)


@dataclass(frozen=True, slots=True)
class TopicScore:
    """How many items of a topic were right."""

    topic: str
    correct: int
    items: int


def by_topic(rows: Sequence[tuple[str, Verdict]]) -> list[TopicScore]:
    """The items by topic, topics in the order in which the paper first has them."""
    found: dict[str, list[bool]] = {}
    for topic, verdict in rows:
        found.setdefault(topic, []).append(verdict == "right")
    return [TopicScore(topic, sum(rights), len(rights)) for topic, rights in found.items()]
