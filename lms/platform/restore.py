"""Restore: a backup into a new instance, all of it or nothing.

The whole file is read and checked before anything is touched. Then, in one transaction, the empty database is brought to the
revision that the backup names, filled, and migrated to this program's revision: so a newer program restores an older backup.
"""

import base64
import hashlib
import json
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Column, Connection, Date, LargeBinary, Table, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from lms.errors import Conflict, Invalid
from lms.platform import migrate
from lms.platform.backup import BATCH, CHUNK, FORMAT, MANIFEST, tables_of
from lms.platform.db import Database


def read_backup(db: Database, *, files: Path, source: Path) -> Mapping[str, Any]:
    """Restore a backup into an empty database and an empty folder of files; gives its manifest.

    Raises Invalid if the file is damaged or no backup, Conflict if there is something already; then nothing is changed.
    """
    manifest = _checked(source)
    if not migrate.knows(manifest["revision"]):
        raise Conflict("The backup is of revision %(revision)s, which this program does not know: install the newer program.", revision=manifest["revision"])
    if files.exists() and any(files.iterdir()):
        raise Conflict("%(folder)s is not empty; restore into a new instance.", folder=str(files))
    try:
        with _kept_files(files) as unfinished, db.migrating() as connection:
            _require_empty(connection)
            migrate.upgrade_to(connection, manifest["revision"])
            _fill(connection, unfinished, source)
            _set_sequences(connection)
            migrate.upgrade_to(connection, "head")
            unfinished.rename(files)
    except (SQLAlchemyError, ValueError, KeyError, TypeError) as refused:
        raise Invalid("%(file)s cannot be restored: %(why)s", file=str(source), why=str(refused).splitlines()[0]) from refused
    return manifest


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            yield archive
    except (tarfile.TarError, OSError, EOFError, zlib.error) as broken:
        raise Invalid("%(file)s is not a whole backup: %(why)s", file=str(source), why=str(broken)) from broken


def _checked(source: Path) -> Mapping[str, Any]:
    """The manifest, once every member is known to be what the manifest says and to lie where a member may lie."""
    found: dict[str, str] = {}
    text_of_manifest = b""
    with _opened(source) as archive:
        for member in archive:
            if not member.isreg() or not _may_lie_at(member.name) or member.name in found:
                raise Invalid("%(file)s has a member that no backup has: %(name)s", file=str(source), name=member.name)
            body = archive.extractfile(member)
            assert body is not None
            if member.name == MANIFEST:
                text_of_manifest = body.read()
                continue
            digest = hashlib.sha256()
            while chunk := body.read(CHUNK):
                digest.update(chunk)
            found[member.name] = digest.hexdigest()
    manifest = _read_manifest(text_of_manifest, source)
    for name in sorted(found.keys() | manifest["sha256"].keys()):
        if found.get(name) != manifest["sha256"].get(name):
            raise Invalid("%(file)s is damaged at %(name)s; take another backup.", file=str(source), name=name)
    return manifest


def _may_lie_at(name: str) -> bool:
    path = PurePosixPath(name)
    inside = not path.is_absolute() and ".." not in path.parts and "\\" not in name
    return inside and (name == MANIFEST or (path.parts[0] == "data" and path.suffix == ".jsonl") or (path.parts[0] == "files" and len(path.parts) > 1))


def _read_manifest(body: bytes, source: Path) -> Mapping[str, Any]:
    try:
        manifest: Mapping[str, Any] = json.loads(body)
        version, _ = manifest["format"], (manifest["sha256"].items(), manifest["rows"].items(), manifest["revision"].strip(), manifest["made_at"])
    except (KeyError, ValueError, TypeError, AttributeError) as broken:
        raise Invalid("%(file)s has no manifest: it is no backup of this program.", file=str(source)) from broken
    if version != FORMAT:
        raise Invalid("%(file)s has format %(format)s, which this program does not know: install the newer program.", file=str(source), format=version)
    return manifest


@contextmanager
def _kept_files(files: Path) -> Iterator[Path]:
    """A folder beside the one of kept files; what was not renamed by the end is removed, and if the end is an error, the renamed too."""
    unfinished = files.with_name(f"{files.name}.restoring")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
    except BaseException:
        if not unfinished.exists():
            shutil.rmtree(files)
        raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _require_empty(connection: Connection) -> None:
    for name, table in tables_of(connection).items():
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise Conflict("The table %(table)s is not empty; restore into a new instance.", table=name)


def _fill(connection: Connection, unfinished: Path, source: Path) -> None:
    tables = tables_of(connection)
    with _opened(source) as archive:
        for member in archive:
            body = archive.extractfile(member)
            assert body is not None
            path = PurePosixPath(member.name)
            if path.parts[0] == "data":
                _insert(connection, tables.pop(path.stem), (json.loads(line) for line in body))
            elif path.parts[0] == "files":
                target = unfinished.joinpath(*path.parts[1:])
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as kept:
                    shutil.copyfileobj(body, kept)
    if tables:
        raise ValueError(f"nothing is said of {', '.join(sorted(tables))}")


def _insert(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    typed = ({column.name: _typed(column, row[column.name]) for column in table.columns} for row in rows)
    ordered = _parents_first(table, typed)
    while batch := list(islice(ordered, BATCH)):
        connection.execute(insert(table), batch)


def _typed(column: Column[Any], value: Any) -> object:
    if value is None:
        return None
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(column.type, LargeBinary) else value


def _parents_first(table: Table, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows in an order in which a row never comes before one of the same table that it points to."""
    own = [(key.parent.name, key.column.name) for key in table.foreign_keys if key.column.table is table]
    if not own:
        yield from rows
        return
    waiting = list(rows)
    given: set[tuple[str, Any]] = set()
    while waiting:
        ready = [row for row in waiting if all(row[name] is None or (column, row[name]) in given or row[name] == row[column] for name, column in own)]
        if not ready:
            raise ValueError(f"the rows of {table.name} form a circle")
        given |= {(column, row[column]) for row in ready for _, column in own}
        yield from ready
        done = {id(row) for row in ready}
        waiting = [row for row in waiting if id(row) not in done]


def _set_sequences(connection: Connection) -> None:
    """Let PostgreSQL's sequences go on after the highest number restored (SQLite does so by itself)."""
    if connection.dialect.name != "postgresql":
        return
    owned = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND column_default LIKE 'nextval(%'"
    tables = tables_of(connection)
    for name, column in connection.execute(text(owned)).all():
        top = connection.execute(select(func.max(tables[name].c[column]))).scalar_one()
        if top is not None:
            connection.execute(select(func.setval(func.pg_get_serial_sequence(name, column), top)))
