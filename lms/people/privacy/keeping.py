"""What the rooms above must keep of a person; `app.py` registers them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.platform.rules import Phrase

Keeper = Callable[[Session, int], Phrase | None]
"""Says in words what a room has to keep of a person under their name, None for nothing."""


@dataclass(frozen=True)
class RecordKeepers:
    """The rooms that have to keep records under a name."""

    keepers: tuple[Keeper, ...] = ()

    def reasons(self, session: Session, person_id: int) -> Sequence[Phrase]:
        """Why the name of a person cannot go."""
        return [words for keeper in self.keepers if (words := keeper(session, person_id)) is not None]
