"""Fit for work, as far as training goes: the answer for a gate or a supervisor."""

from collections.abc import Iterable

from lms.certification.rules.standing import IN_FORCE


def is_fit(standings: Iterable[str]) -> bool:
    """Whether every standing that is asked about is in force. Nothing asked about is nothing proved: no."""
    values = tuple(standings)
    return bool(values) and all(value in IN_FORCE for value in values)
