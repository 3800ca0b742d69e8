"""Marks of two people on one essay: when they agree, and what comes of them."""

from collections.abc import Sequence

TOLERANCE = 10
"""Two markers agree where their marks of an essay differ by at most so many percent of its points (a rule of the site)."""
HUNDRED = 100


def agree(rubric: Sequence[int], one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two markings of an essay lie within the tolerance, that included. rubric: percent of the points of each criterion."""
    first, second = (sum(weight * mark for weight, mark in zip(rubric, marks, strict=True)) for marks in (one, other))
    return abs(first - second) <= TOLERANCE * HUNDRED


def mean(one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    """The mean of two markings by criterion, rounded down to a whole percent, so that only what both found complete is complete."""
    return tuple((first + second) // 2 for first, second in zip(one, other, strict=True))
