"""What the desk asks of the rooms above before results are corrected: whether they are final, and which ranks would move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.orm import Session

from lms.content.catalogue import Catalogue
from lms.platform.rules import Phrase


class SettledResults(Protocol):
    """A room whose results may become final; from then on they are not changed at the desk."""

    def refuses(self, session: Session, catalogue: Catalogue, offering: str) -> Phrase | None:
        """Why no result of this test may be changed at the desk any more; None where it may. Asked where the change is made, too."""
        ...


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction would make of one attempt. valid: whether it has a full result."""

    correct: int
    item_count: int
    valid: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A person whose place in a ranking would be another; None: without a place."""

    name: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Moves:
    """How a ranking would move. moved: how many places change, of so many; first: those of them that are best afterwards."""

    offering: str
    moved: int
    of: int
    first: tuple[Move, ...]


class RankedResults(Protocol):
    """A room that ranks attempts."""

    def moves(self, session: Session, catalogue: Catalogue, offering: str, changed: Mapping[int, Corrected]) -> Moves | None:
        """How the ranking of a test would move if these attempts were corrected; None where the test is not ranked."""
        ...


@dataclass
class ResultRooms:
    """The rooms that answer; lms/app.py fills it."""

    settled: Sequence[SettledResults] = field(default=())
    ranked: Sequence[RankedResults] = field(default=())

    def refuses(self, session: Session, catalogue: Catalogue, offering: str) -> Phrase | None:
        """The first refusal, if there is one."""
        return next((why for room in self.settled if (why := room.refuses(session, catalogue, offering))), None)

    def moves(self, session: Session, catalogue: Catalogue, changed: Mapping[str, Mapping[int, Corrected]]) -> list[Moves]:
        """How the rankings of these tests would move."""
        asked = (room.moves(session, catalogue, offering, those) for room in self.ranked for offering, those in sorted(changed.items()))
        return [moves for moves in asked if moves is not None]
