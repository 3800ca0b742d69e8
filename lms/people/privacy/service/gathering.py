"""All rows that speak of a person, of every table, as they lie in the database; without what proves who one is."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import RowMapping, Table, select
from sqlalchemy.orm import Session

from lms.platform.db import Base

SECRET = frozenset(
    {"secret_hash", "secret", "public_key", "credential", "digest", "identity_digest", "national_id_digest", "seed", "claim", "browser_secret", "browser_key"}
)
"""Columns that would help somebody else to sign in, to guess a national id, or to see a paper before it is drawn."""
OWN = frozenset({"person_id", "id"})


def gather(session: Session, *, person_id: int) -> dict[str, list[dict[str, object]]]:
    """The rows of a person by table: their own row, and every row whose `person_id` they are. Decisions that they took about others are not theirs."""
    found: dict[str, list[dict[str, object]]] = {}
    for table in Base.metadata.sorted_tables:
        column = _owner_of(table)
        if column is None:
            continue
        kept = [one for one in table.columns if one.name not in SECRET]
        rows = session.execute(select(*kept).where(table.columns[column] == person_id).limit(100_000)).mappings()
        if listed := [dict(_plain(row)) for row in rows]:
            found[table.name] = listed
    return found


def _owner_of(table: Table) -> str | None:
    """The column that says whose a row is."""
    if table.name == "person":
        return "id"
    column = table.columns.get("person_id")
    mine = column is not None and any(key.column.table.name == "person" for key in column.foreign_keys)
    return "person_id" if mine else None


def _plain(row: RowMapping) -> Iterator[tuple[str, object]]:
    for name, value in row.items():
        yield name, value.isoformat() if isinstance(value, date | datetime) else value
