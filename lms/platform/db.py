"""The database: one engine, short transactions, SQLite and PostgreSQL alike.

On SQLite every connection is in WAL mode with synchronous FULL, a reader begins with BEGIN and a writer with
BEGIN IMMEDIATE, one writer of a process at a time (its lock is ours: SQLite's busy handler sleeps).
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, Dialect, Engine, MetaData, PoolProxiedConnection, Table, create_engine, event, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.dialects.sqlite import insert as lite_insert
from sqlalchemy.exc import DisconnectionError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.schema import DDL
from sqlalchemy.types import TypeDecorator

REST_S = 5
"""A connection to PostgreSQL that nobody used for longer than this is asked before it is used."""

DRIVER_LISTENERS: list[Callable[[str], None]] = []
"""Who wants to hear of statements that go past SQLAlchemy's events, as `before_cursor_execute` tells of the others."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MIGRATION_LOCK = 0x5645414E
"""Key of PostgreSQL's advisory lock that lets one process at a time migrate or restore."""


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC, kept as whole milliseconds since 1970: exact, and the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Refuse a naive instant; keep milliseconds."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return (value - EPOCH) // timedelta(milliseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back the aware instant."""
        return None if value is None else EPOCH + timedelta(milliseconds=value)


class Base(DeclarativeBase):
    """The base of every table; names of constraints are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant}  # noqa: RUF012  (SQLAlchemy reads it from the class)


class Database:
    """The engine of a site and its transactions."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.on_sqlite = url.startswith("sqlite")
        options: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 8, "pool_timeout": 30, "hide_parameters": True}
        if self.on_sqlite:
            options["connect_args"] = {"timeout": 30, "check_same_thread": False, "isolation_level": None}
        else:
            options["pool_use_lifo"] = True
        self.engine: Engine = create_engine(url, **options)
        self._write_engine = self.engine.execution_options(lms_writes=True)
        self._ask_engine = self.engine.execution_options(**{"lms_asks": True} if self.on_sqlite else {"isolation_level": "AUTOCOMMIT"})
        self._writer = _OneWriter() if self.on_sqlite else nullcontext()
        self.info: dict[str, Any] = {}
        if self.on_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            event.listen(self.engine, "checkin", _note_rest)
            event.listen(self.engine, "checkout", _ask_after_rest)

    def asking(self) -> Connection:
        """A connection for questions alone, to be closed by whoever asked. Each statement sees its own state, and no transaction is paid for.

        On PostgreSQL that is so anyway (READ COMMITTED); where several statements must see one state, use `reading()`.
        """
        return self._ask_engine.connect()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and leaves nothing behind."""
        with Session(self.engine, expire_on_commit=False, info=self.info) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction: returning commits, raising rolls back."""
        with self._writer, Session(self._write_engine, expire_on_commit=False, info=self.info) as session, session.begin():
            yield session

    @contextmanager
    def connection_writing(self) -> Iterator[Connection]:
        """A transaction without the ORM, for the paths where every millisecond counts."""
        with self._writer, self._write_engine.begin() as connection:
            yield connection

    @contextmanager
    def driver_writing(self) -> Iterator["DriverTransaction"]:
        """A transaction of statements for the driver alone (`first_row`, `driver_rows`): on the hottest path SQLAlchemy's own is a sixth of the work.

        Raises OperationalError, as SQLAlchemy would, where the transaction cannot begin or be committed; a connection that failed is not used again.
        """
        with self._writer:
            try:
                raw = self.engine.raw_connection()
            except self.engine.dialect.loaded_dbapi.Error as refused:
                raise OperationalError(None, None, refused) from refused
            transaction = DriverTransaction(raw, self.engine.dialect)
            try:
                if self.on_sqlite:
                    transaction.send(lambda: raw.cursor().execute("BEGIN IMMEDIATE"))
                yield transaction
                transaction.send(raw.commit)
            except BaseException:
                with suppress(Exception):
                    raw.rollback()
                if transaction.failed:
                    raw.invalidate()
                raise
            finally:
                raw.close()

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A transaction that changes tables, one at a time over all processes.

        On SQLite foreign keys rest meanwhile, for a table is changed by making it anew; before the commit every one of them is checked.
        Raises IntegrityError if a row then points nowhere.
        """
        with self._writer, self._write_engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            if isinstance(raw, sqlite3.Connection):
                raw.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    if self.on_sqlite:
                        yield connection
                        _check_foreign_keys(connection)
                    else:
                        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
                        yield connection
            finally:
                if isinstance(raw, sqlite3.Connection):
                    raw.execute("PRAGMA foreign_keys=ON")

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


class DriverTransaction:
    """A transaction on the driver's connection. failed: the driver refused something, so that nothing is known of the connection."""

    def __init__(self, connection: PoolProxiedConnection, dialect: Dialect) -> None:
        self.connection = connection
        self.dialect = dialect
        self.failed = False

    def send(self, act: Callable[[], object]) -> None:
        """Do something with the driver. Raises OperationalError whatever the driver says."""
        try:
            act()
        except self.dialect.loaded_dbapi.Error as refused:
            self.failed = True
            raise OperationalError(None, None, refused) from refused


class _OneWriter:
    """The lock of a process's only writer; a second transaction inside the first is a mistake of ours and fails at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner: int | None = None

    def __enter__(self) -> None:
        if self._owner == threading.get_ident():
            raise RuntimeError("a writing transaction inside a writing transaction")
        self._lock.acquire()
        self._owner = threading.get_ident()

    def __exit__(self, *_raised: object) -> None:
        self._owner = None
        self._lock.release()


def _check_foreign_keys(connection: Connection) -> None:
    astray = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if astray is not None:
        raise IntegrityError("PRAGMA foreign_key_check", None, sqlite3.IntegrityError(f"a row of {astray[0]} points to no row of {astray[2]}"))


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("lms_asks"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("lms_writes") else "BEGIN")


def _note_rest(_connection: object, record: Any) -> None:
    record.info["rests_since"] = time.monotonic()


def _ask_after_rest(connection: Any, record: Any, _proxy: object) -> None:
    """A connection that has rested is asked whether its server still is there; a busy one is trusted, for the question is a round trip."""
    if time.monotonic() - record.info.get("rests_since", time.monotonic()) < REST_S:
        return
    try:
        connection.execute("")
        connection.rollback()
    except Exception as gone:
        raise DisconnectionError from gone


def plain(asker: Session | Connection) -> Connection:
    """The connection of a session, or the connection itself: for statements that need no ORM."""
    return asker.connection() if isinstance(asker, Session) else asker


def first_row(connection: Connection | DriverTransaction, statement: str, values: Mapping[str, object]) -> tuple[Any, ...] | None:
    """Send one statement as the driver takes it and give its first row."""
    return next(iter(driver_rows(connection, statement, values)), None)


DIALECTS = {"sqlite": sqlite.dialect(paramstyle="named"), "postgresql": psycopg.dialect()}  # type: ignore[no-untyped-call]


def driver_text(statement: Any) -> dict[str, str]:
    """A statement of named parameters as each kind of driver takes it, compiled once."""
    return {name: str(statement.compile(dialect=dialect)) for name, dialect in DIALECTS.items()}


def driver_rows(connection: Connection | DriverTransaction, statement: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """Send one statement as the driver takes it and give its rows as the driver does: SQLAlchemy's result costs a third of a save.

    Dates are texts on SQLite. Raises OperationalError, as SQLAlchemy would, whatever the driver says.
    """
    for listener in DRIVER_LISTENERS:
        listener(statement)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement, values)
        rows = list(cursor.fetchall()) if cursor.description else []
    except connection.dialect.loaded_dbapi.Error as failed:
        if isinstance(connection, DriverTransaction):
            connection.failed = True
        raise OperationalError(None, None, failed) from failed
    finally:
        cursor.close()
    return rows


def insert_into(session: Session, table: type[Base]) -> Any:
    """An INSERT that knows ON CONFLICT, of whichever database the session is on."""
    return (lite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert)(table)


def append_only(table: Table) -> Table:
    """Let the database itself refuse to change or delete a row of this table."""
    table.info["append_only"] = True
    for statement, dialect in append_only_ddl(table.name):
        event.listen(table, "after_create", DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
    return table


def append_only_ddl(name: str) -> list[tuple[str, str]]:
    """The triggers of an append-only table, as (statement, dialect)."""
    said = f"{name} is append-only"
    lite = [
        (f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} BEGIN SELECT RAISE(ABORT, '{said}'); END", "sqlite") for verb in ("UPDATE", "DELETE")
    ]
    function = (
        f"CREATE OR REPLACE FUNCTION {name}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{said}'; END $$",
        "postgresql",
    )
    trigger = (
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION {name}_refuse()",
        "postgresql",
    )
    return [*lite, function, trigger]
