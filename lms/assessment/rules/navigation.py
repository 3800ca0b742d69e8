"""Moving about in a paper: it is cut into steps, and a step once left is closed. A paper of free navigation is one step."""

from collections.abc import Iterable, Sequence
from typing import Literal

from lms.assessment.rules.sections import SectionTerms

Navigation = Literal["free", "sequential", "sections"]


def steps_of(navigation: Navigation, items: Sequence[str], sections: Sequence[SectionTerms]) -> dict[str, int]:
    """The step of each item, counted from 0, in the order of the paper.

    free: all in one. sequential: each item is a step. sections: each section is one, and in a sequential section each item.
    """
    groups: list[Sequence[str]]
    if navigation == "sections":
        groups = [group for section in sections for group in ([[item] for item in section.items] if section.sequential else [section.items])]
    elif navigation == "sequential":
        groups = [[item] for item in items]
    else:
        groups = [items]
    return _numbered(groups)


def _numbered(groups: Iterable[Sequence[str]]) -> dict[str, int]:
    return {item: step for step, group in enumerate(groups) for item in group}
