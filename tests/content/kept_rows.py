"""The rows that a publication writes, kept: the second test of a process that wants the same content has them inserted.

Publishing itself has its own tests; hundreds of others only need what it leaves behind.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, Table, func, insert, literal, select, text, union_all
from sqlalchemy.orm import Session

from lms.content.events import Published
from lms.content.service.loading import CatalogueHolder
from lms.platform.db import Base, Database
from lms.platform.events import KEY, Events

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
BATCH = 500


def count_rows(db: Database) -> dict[str, int]:
    """How many rows each table has."""
    counts = [select(literal(table.name), select(func.count()).select_from(table).scalar_subquery()) for table in Base.metadata.sorted_tables]
    with db.reading() as session:
        return {name: n for name, n in session.execute(union_all(*counts))}  # noqa: C416  (a row is no pair to dict())


def read_new(db: Database, before: Mapping[str, int]) -> Rows | None:
    """The rows of every table that was empty before; None where another table has changed in number too."""
    after = count_rows(db)
    grown = {name for name, n in after.items() if n != before[name]}
    if any(before[name] for name in grown):
        return None
    tables = [table for table in Base.metadata.sorted_tables if table.name in grown]
    with db.reading() as session:
        return {table.name: [dict(row) for row in session.execute(select(table)).mappings()] for table in tables}


def insert_kept(db: Database, kept: Rows) -> None:
    """Put kept rows into tables that are empty; what holds a catalogue in memory looks again."""
    with db.writing() as session:
        for name, rows in kept.items():
            table = Base.metadata.tables[name]
            for start in range(0, len(rows), BATCH):
                session.execute(insert(table), rows[start : start + BATCH])
            if not db.on_sqlite:
                _count_on(session, table)
    events = db.info.get(KEY)
    for handler in events._handlers[Published] if isinstance(events, Events) else ():
        if isinstance(holder := getattr(handler, "__self__", None), CatalogueHolder):
            holder.forget()


def _count_on(session: Session, table: Table) -> None:
    """Let PostgreSQL's sequence go on after the ids that were given."""
    for column in table.primary_key.columns:
        if column is table.autoincrement_column and isinstance(column.type, Integer):
            highest = select(func.max(column)).scalar_subquery()
            session.execute(select(func.setval(func.pg_get_serial_sequence(text(f"'{table.name}'"), text(f"'{column.name}'")), highest)))
