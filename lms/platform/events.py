"""Events: how a lower room tells the higher ones, within the same transaction, without importing them.

A room declares its events as frozen dataclasses and calls `announce`; `lms/app.py` subscribes the handlers of higher rooms.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

KEY = "events"
E = TypeVar("E")


class Events:
    """Who listens to what. A handler gets the session of the cause, so both are stored or neither."""

    def __init__(self) -> None:
        self._handlers: defaultdict[type, list[Callable[[Session, Any], None]]] = defaultdict(list)

    def subscribe(self, kind: type[E], handler: Callable[[Session, E], None]) -> None:
        """Call the handler at every event of this kind."""
        self._handlers[kind].append(handler)

    def announce(self, session: Session, event: object) -> None:
        """Call the handlers of the event, in the order of their subscription."""
        for handler in self._handlers[type(event)]:
            handler(session, event)


def announce(session: Session, event: object) -> None:
    """Tell the rooms above, if the session belongs to a site (`session.info['events']`)."""
    events = session.info.get(KEY)
    if isinstance(events, Events):
        events.announce(session, event)
