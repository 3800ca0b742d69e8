"""Backup and restore: one file with every row, every kept file and a manifest of digests; the keys stay out of it.

Rows are written as JSON lines table by table from one snapshot, so that a backup taken on SQLite can be restored
on PostgreSQL and the other way round.
"""

import base64
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Date, LargeBinary, Table, func, insert, select, text

from lms import __version__
from lms.clock import from_ms, to_ms
from lms.errors import Conflict, Invalid
from lms.platform import migrate
from lms.platform.db import Base, Database, Instant

MANIFEST = "manifest.json"
BATCH = 500


def write_backup(db: Database, *, files: Path, target: Path, now: datetime) -> Mapping[str, object]:
    """Write a backup of the database and the folder of kept files; gives its manifest.

    The file appears under its name only when it is whole. Raises Conflict if it exists already.
    """
    if target.exists():
        raise Conflict("%(file)s exists already; a backup is never overwritten.", file=str(target))
    unfinished = target.with_name(target.name + ".part")
    members: dict[str, str] = {}
    counts: dict[str, int] = {}
    with tarfile.open(unfinished, "w:gz", compresslevel=6) as archive, db.engine.connect() as connection:
        _one_snapshot(connection)
        for table in Base.metadata.sorted_tables:
            lines = [json.dumps(row, ensure_ascii=False) for row in _rows(connection, table)]
            counts[table.name] = len(lines)
            _add(archive, f"data/{table.name}.jsonl", "\n".join(lines).encode(), members, now)
        for path in sorted(files.rglob("*")) if files.exists() else []:
            if path.is_file():
                _add(archive, f"files/{path.relative_to(files).as_posix()}", path.read_bytes(), members, now)
        manifest = {
            "format": 1,
            "program": __version__,
            "revision": migrate.current(db),
            "made_at": now.isoformat(),
            "rows": counts,
            "publication": _publication(connection),
            "sha256": members,
        }
        _add(archive, MANIFEST, json.dumps(manifest, indent=1).encode(), {}, now)
    unfinished.rename(target)
    return manifest


def read_backup(db: Database, *, files: Path, source: Path) -> Mapping[str, Any]:
    """Restore a backup into an empty database at the same revision and an empty folder of files; gives its manifest.

    Raises Invalid if the file is damaged or no backup, Conflict if there is something already; then nothing is changed.
    """
    try:
        with tarfile.open(source, "r:gz") as archive:
            contents = {member.name: _content(archive, member) for member in archive.getmembers() if member.isfile()}
    except (tarfile.TarError, OSError, EOFError) as broken:
        raise Invalid("%(file)s is not a whole backup: %(why)s", file=str(source), why=str(broken)) from broken
    manifest = _checked_manifest(contents, source)
    if manifest["revision"] != migrate.current(db):
        raise Conflict("The backup is of revision %(theirs)s and the database of %(ours)s: restore with the program that made it, then migrate.",
                       theirs=manifest["revision"], ours=migrate.current(db))  # fmt: skip
    kept = [name for name in contents if name.startswith("files/")]
    if files.exists() and any(files.iterdir()):
        raise Conflict("%(folder)s is not empty; restore into a new instance.", folder=str(files))
    with db.connection_writing() as connection:
        for table in Base.metadata.sorted_tables:
            if connection.execute(select(func.count()).select_from(table)).scalar_one():
                raise Conflict("The table %(table)s is not empty; restore into a new instance.", table=table.name)
        for table in Base.metadata.sorted_tables:
            lines = contents.get(f"data/{table.name}.jsonl", b"").decode().splitlines()
            _insert(connection, table, [json.loads(line) for line in lines])
        _set_sequences(connection)
    for name in kept:
        path = (files / name.removeprefix("files/")).resolve()
        if not path.is_relative_to(files.resolve()):
            raise Invalid("%(file)s names a file outside the instance: %(name)s", file=str(source), name=name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[name])
    return manifest


def _one_snapshot(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, object]]:
    wanted = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=BATCH).execute(wanted).mappings():
        yield {column.name: _plain(row[column.name]) for column in table.columns}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return to_ms(value)
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _typed(column: Column[Any], value: Any) -> object:
    if value is None:
        return None
    if isinstance(column.type, Instant):
        return from_ms(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(column.type, LargeBinary) else value


def _insert(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    typed = [{column.name: _typed(column, row[column.name]) for column in table.columns} for row in rows]
    ordered = list(_parents_first(table, typed))
    for start in range(0, len(ordered), BATCH):
        connection.execute(insert(table), ordered[start : start + BATCH])


def _parents_first(table: Table, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    own = next((key.parent.name for key in table.foreign_keys if key.column.table is table), None)
    if own is None:
        yield from rows
        return
    given: set[Any] = {None}
    waiting = rows
    while waiting:
        ready = [row for row in waiting if row[own] in given]
        if not ready:
            raise Invalid("The rows of %(table)s form a circle.", table=table.name)
        given |= {row["id"] for row in ready}
        waiting = [row for row in waiting if row["id"] not in given]
        yield from ready


def _set_sequences(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            top = connection.execute(select(func.max(column))).scalar_one()
            if top is not None:
                connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :top)"), {"table": table.name, "column": column.name, "top": top})


def _publication(connection: Connection) -> str | None:
    published = Base.metadata.tables.get("publication")
    current = Base.metadata.tables.get("publication_current")
    if published is None or current is None:
        return None
    wanted = select(published.c.digest).join(current, current.c.publication_id == published.c.id)
    return connection.execute(wanted).scalar_one_or_none()


def _add(archive: tarfile.TarFile, name: str, body: bytes, members: dict[str, str], now: datetime) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = len(body), int(now.timestamp()), 0o600
    archive.addfile(member, io.BytesIO(body))
    members[name] = hashlib.sha256(body).hexdigest()


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    found = archive.extractfile(member)
    return found.read() if found else b""


def _checked_manifest(contents: Mapping[str, bytes], source: Path) -> Mapping[str, Any]:
    try:
        manifest: Mapping[str, Any] = json.loads(contents[MANIFEST])
        wanted = manifest["sha256"]
    except (KeyError, ValueError, TypeError) as broken:
        raise Invalid("%(file)s has no manifest: it is no backup of this program.", file=str(source)) from broken
    for name, digest in wanted.items():
        if name not in contents or hashlib.sha256(contents[name]).hexdigest() != digest:
            raise Invalid("%(file)s is damaged at %(name)s; take another backup.", file=str(source), name=name)
    return manifest
