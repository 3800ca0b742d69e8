"""Items whose keys nobody may see at present, whatever the review of an attempt allows. The rooms above know why: a round that draws them is open."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from lms.content.catalogue import Catalogue


class GuardedItems(Protocol):
    """A room that draws items which others must not learn yet."""

    def guarded_until(self, session: Session, catalogue: Catalogue, item_ids: Collection[str], now: datetime) -> datetime | None:
        """Until when the keys of these items stay back, because one of them may be drawn; None if none is."""
        ...

    def guarded_ids(self, session: Session, catalogue: Catalogue, item_ids: Collection[str], now: datetime) -> frozenset[str]:
        """Which of these items they are, so that practice and mock exams can be drawn around them."""
        ...


@dataclass(frozen=True)
class GuardedByAll:
    """Several rooms as one; the latest of their instants holds."""

    rooms: tuple[GuardedItems, ...]

    def guarded_until(self, session: Session, catalogue: Catalogue, item_ids: Collection[str], now: datetime) -> datetime | None:
        """What any of the rooms keeps back."""
        found = [room.guarded_until(session, catalogue, item_ids, now) for room in self.rooms]
        return max((until for until in found if until is not None), default=None)

    def guarded_ids(self, session: Session, catalogue: Catalogue, item_ids: Collection[str], now: datetime) -> frozenset[str]:
        """The items that any of the rooms keeps back."""
        return frozenset(id_ for room in self.rooms for id_ in room.guarded_ids(session, catalogue, item_ids, now))
