"""What rests on content, asked of the rooms above it. lms/app.py registers who answers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from lms.content.catalogue import Course, Item

EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Open:
    """Attempts in progress at an offering whose papers hold a changed item; examples: ids of some."""

    offering: str
    attempts: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flips:
    """Scored attempts at an offering, judged again by the new keys.

    judged: whose papers hold an item that would be judged otherwise; to_fail, to_pass: whose outcome would turn, with ids of some;
    unclear: who could not be judged again by a program (an essay, a choice that is gone, an item of another kind).
    """

    offering: str
    judged: int
    to_fail: int
    to_pass: int
    unclear: int
    fail_examples: tuple[int, ...]
    pass_examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sittings:
    """failing: the ids of all attempts that passed and would fail."""

    open: tuple[Open, ...] = ()
    flips: tuple[Flips, ...] = ()
    failing: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Resting:
    """Certification of a scheme that rests on attempts which would fail. people: different ones.

    periods: confirmed with such an attempt as evidence and not revoked; in_force: of these, not over yet; alone: of these in force,
    without another passed test; documents: numbered papers of the periods; waiting: people whose proof no period has used yet.
    """

    scheme: str
    people: int
    periods: int
    in_force: int
    alone: int
    documents: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Learners:
    """People who would be sent back to learn: finished: who have done every lesson of the course as published; begun: some."""

    course: str
    finished: int
    begun: int


class SittingsOf(Protocol):
    """The room of attempts."""

    def __call__(self, session: Session, *, seen: Mapping[str, str], scored: Mapping[str, Item], former: Mapping[str, Item]) -> Sittings:
        """What rests on items.

        seen: ids, with the new digest, of items that a sitting would show or judge otherwise; scored: the new revisions, by id, of those that
        would be judged otherwise; former: the earlier revisions of these by digest.
        """
        ...


class RestingOf(Protocol):
    """The room of certification."""

    def __call__(self, session: Session, *, attempt_ids: Collection[int], today: date) -> tuple[Resting, ...]:
        """What rests on passed attempts, by scheme."""
        ...


class LearnersOf(Protocol):
    """The room of learning."""

    def __call__(self, session: Session, *, courses: Collection[Course]) -> tuple[Learners, ...]:
        """Who has learned these courses as they are published."""
        ...


@dataclass(frozen=True)
class ImpactRooms:
    """The rooms that answer."""

    sittings: SittingsOf
    resting: RestingOf
    learners: LearnersOf
