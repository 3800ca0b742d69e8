"""Backup: one file with every row, every kept file and a manifest of digests; the keys stay out of it.

Rows are written as JSON lines table by table from one snapshot, parents before children, so that a backup taken on SQLite can
be restored on PostgreSQL and the other way round, by this program or a newer one (lms/platform/restore.py). Which tables there
are is asked of the database, not of the models: a command does not import every room.
"""

import base64
import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, MetaData, Table, select, text

from lms import __version__
from lms.errors import Conflict, Invalid
from lms.platform import migrate
from lms.platform.db import Database

FORMAT = 1
MANIFEST = "manifest.json"
VERSION_TABLE = "alembic_version"
BATCH = 500
IN_MEMORY = 8 * 1024 * 1024
CHUNK = 1024 * 1024


def tables_of(connection: Connection) -> dict[str, Table]:
    """The tables with data that the database has, by name, parents before children."""
    metadata = MetaData()
    metadata.reflect(connection)
    return {table.name: table for table in metadata.sorted_tables if table.name != VERSION_TABLE}


@dataclass
class _Archive:
    """A backup being written: the archive, and the digest of every member so far."""

    tar: tarfile.TarFile
    now: datetime
    sha256: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, body: IO[bytes]) -> None:
        """Add a member, read to its end."""
        digest, size = hashlib.sha256(), 0
        while chunk := body.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
        body.seek(0)
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, int(self.now.timestamp()), 0o600
        self.tar.addfile(member, body)
        self.sha256[name] = digest.hexdigest()


def write_backup(db: Database, *, files: Path, target: Path, now: datetime) -> Mapping[str, object]:
    """Write a backup of the database and the folder of kept files; gives its manifest.

    The file, readable by its owner only, appears under its name when it is whole and safe on the disk.
    Raises Conflict if it exists already or the database is not at this program's revision, Invalid if it cannot be written.
    """
    if target.exists():
        raise Conflict("%(file)s exists already; a backup is never overwritten.", file=str(target))
    migrate.require_current(db)
    unfinished = target.with_name(f"{target.name}.part")
    try:
        with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as tar, db.engine.connect() as connection:
                manifest = _fill(_Archive(tar, now), connection, files)
            raw.flush()
            os.fsync(raw.fileno())
        unfinished.rename(target)
    except OSError as refused:
        raise Invalid("%(file)s cannot be written: %(why)s", file=str(target), why=refused.strerror or str(refused)) from refused
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _fill(archive: _Archive, connection: Connection, files: Path) -> Mapping[str, object]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    revision = migrate.current_of(connection)
    counts: dict[str, int] = {}
    tables = tables_of(connection)
    for table in tables.values():
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as lines:
            counts[table.name] = _write_rows(connection, table, lines)
            lines.seek(0)
            archive.add(f"data/{table.name}.jsonl", lines)
    for path in sorted(files.rglob("*")) if files.exists() else []:
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as body:
                archive.add(f"files/{path.relative_to(files).as_posix()}", body)
    manifest: dict[str, object] = {
        "format": FORMAT,
        "program": __version__,
        "revision": revision,
        "made_at": archive.now.isoformat(),
        "rows": counts,
        "publication": _publication(connection, tables),
        "sha256": dict(archive.sha256),
    }
    with tempfile.TemporaryFile() as body:
        body.write(json.dumps(manifest, indent=1).encode())
        body.seek(0)
        archive.add(MANIFEST, body)
    return manifest


def _write_rows(connection: Connection, table: Table, target: IO[bytes]) -> int:
    count = 0
    for row in _rows(connection, table):
        target.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, object]]:
    wanted = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    for row in connection.execute(wanted).mappings():
        yield {column.name: _plain(row[column.name]) for column in table.columns}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _publication(connection: Connection, tables: Mapping[str, Table]) -> str | None:
    published, current = tables["publication"], tables["publication_current"]
    wanted = select(published.c.digest).join(current, current.c.publication_id == published.c.id)
    return connection.execute(wanted).scalar_one_or_none()
