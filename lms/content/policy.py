"""How a quiz is sat beyond its blueprint: sections, navigation, marks, review by part, what comes before another try, rehearsal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Navigation = Literal["free", "sequential", "sections"]
ReviewPart = Literal["score", "own", "right", "explanation"]
Marks = tuple[int, int, int] | tuple[int, int, int, int]
"""What a right, wrong and blank item brings, times its own points: in whole points, or with a fourth number n in n-ths of a point."""
WHOLE_POINTS: Marks = (1, 0, 0)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of every paper of a quiz: the next `lines` lines of its draw. pass_percent: its own pass mark; failing it fails the test.

    sequential: its questions are asked one after the other, where the quiz's navigation is by sections.
    """

    id: str
    title: Mapping[str, str]
    lines: int
    pass_percent: int | None = None
    sequential: bool = False


@dataclass(frozen=True, slots=True)
class Retake:
    """What comes before another try. A wait of hours, or of days on the wall clock of the site's zone, after every try from the `after`-th on.

    lessons_first: whether, after a failed try, the lessons have to be read again: all, or those on the topics that went wrong.
    """

    wait_hours: int = 0
    wait_days: int = 0
    after: int = 1
    lessons_first: Literal["no", "yes", "failed_topics"] = "no"

    @property
    def waits(self) -> bool:
        """Whether there is a wait at all."""
        return bool(self.wait_hours or self.wait_days)


@dataclass(frozen=True, slots=True)
class Policy:
    """How a quiz is sat beyond its blueprint. What is said here for nothing changes no digest.

    navigation: free, sequential (a question once left is closed) or sections (a section once left is closed). places: for each line of the draw
    whether its items stay first or last in their section ('' neither); empty where no line says so. marks: see `Marks`; below_zero: whether a
    sum may be less than nothing. show: what a review shows. rehearsal: whether its banks may be practised and its blueprint sat as a mock exam.
    """

    navigation: Navigation = "free"
    sections: tuple[Section, ...] = ()
    places: tuple[Literal["", "first", "last"], ...] = ()
    marks: Marks = WHOLE_POINTS
    below_zero: bool = False
    show: tuple[ReviewPart, ...] = ("score", "own", "right", "explanation")
    retake: Retake = Retake()
    rehearsal: tuple[Literal["practice", "mock"], ...] = ()
