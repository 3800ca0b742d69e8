"""Packages that may not change at present. The rooms above know why: an open contest, an exam. lms/app.py registers who is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from lms.content.catalogue import Contest

KEY = "frozen"


class FrozenPackages(Protocol):
    """A room that keeps packages as they are for a while."""

    def frozen(self, session: Session, contests: Iterable[Contest], now: datetime) -> Mapping[str, datetime]:
        """Packages ('contests/x') that may not change now, and until when. contests: those that are published."""
        ...


@dataclass(frozen=True)
class FrozenByAll:
    """Several rooms as one; the later of two instants holds."""

    rooms: tuple[FrozenPackages, ...]

    def frozen(self, session: Session, contests: Iterable[Contest], now: datetime) -> Mapping[str, datetime]:
        """What any of the rooms keeps."""
        known, found = tuple(contests), dict[str, datetime]()
        for room in self.rooms:
            for name, until in room.frozen(session, known, now).items():
                found[name] = max(until, found.get(name, until))
        return found


def list_frozen(session: Session, contests: Iterable[Contest], now: datetime) -> Mapping[str, datetime]:
    """What may not change now on the site that the session belongs to (`session.info['frozen']`); nothing on a database of no site."""
    rooms = session.info.get(KEY)
    return rooms.frozen(session, contests, now) if isinstance(rooms, FrozenByAll) else {}
