"""Counting queries: a page costs a constant number."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from lms.platform.db import DRIVER_LISTENERS, Database


@dataclass
class Counted:
    """The statements seen, in order, transactions' BEGIN and COMMIT left out."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def count_queries(db: Database) -> Iterator[Counted]:
    """Count the statements sent to the database inside the block."""
    counted = Counted()

    def _note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            counted.statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", _note)
    DRIVER_LISTENERS.append(counted.statements.append)
    try:
        yield counted
    finally:
        DRIVER_LISTENERS.remove(counted.statements.append)
        event.remove(db.engine, "before_cursor_execute", _note)
