"""Transactions: no update is lost, no half is seen, what is raised is undone; on both kinds of database."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import ForeignKey, String, delete, func, inspect, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.audit import AuditEvent, record
from lms.platform.db import Base, Database, driver_rows, insert_into
from tests.counting import count_queries

AT = datetime(2026, 11, 22, 2, 0, 0, 123_000, tzinfo=UTC)


class Tally(Base):
    """A table of this test alone: a number, and a pointer to another row."""

    __tablename__ = "tests_tally"

    id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime | None]
    other_id: Mapped[int | None] = mapped_column(ForeignKey("tests_tally.id"))
    name: Mapped[str] = mapped_column(String(20), default="", unique=False)


Base.metadata.remove(Tally.__table__)  # type: ignore[arg-type]  # no table of the product


@pytest.fixture()
def ground(database_url: str) -> Iterator[Database]:
    """A database with the test's own table and one row in it."""
    made = Database(database_url)
    with made.connection_writing() as connection:
        Tally.__table__.create(connection)  # type: ignore[attr-defined]
    with made.writing() as session:
        session.add(Tally(id=1))
    yield made
    made.dispose()


def test_sqlite_is_durable_and_checks_its_pointers(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with db.reading() as session:
        found = {name: session.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    db.dispose()


def test_a_pointer_to_nothing_is_refused(ground: Database) -> None:
    with pytest.raises(IntegrityError), ground.writing() as session:
        session.add(Tally(id=2, other_id=99))


def test_a_writer_of_sqlite_takes_the_lock_before_it_reads(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'x.db'}")
    seen: list[str] = []
    with db.engine.connect() as outside:
        raw = outside.connection.dbapi_connection
        assert raw is not None
    with db.writing() as session:
        inner = session.connection().connection.dbapi_connection
        assert inner is not None
        inner.set_trace_callback(seen.append)
        session.execute(text("SELECT 1"))
        assert inner.in_transaction
    with db.writing() as session:
        session.execute(text("SELECT 1"))
    assert "BEGIN IMMEDIATE" in seen
    with db.reading() as session:
        session.execute(text("SELECT 1"))
    assert [line for line in seen if line.startswith("BEGIN")][-1] == "BEGIN"
    db.dispose()


def test_two_threads_that_count_lose_nothing(ground: Database) -> None:
    def count() -> None:
        for _ in range(60):
            with ground.writing() as session:
                n = session.execute(select(Tally.n).where(Tally.id == 1).with_for_update()).scalar_one()
                session.execute(update(Tally).where(Tally.id == 1).values(n=n + 1))

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ground.reading() as session:
        assert session.execute(select(Tally.n)).scalar_one() == 120


def test_two_processes_worth_of_connections_lose_nothing_either(ground: Database) -> None:
    other = Database(ground.engine.url.render_as_string(hide_password=False))

    def count(db: Database) -> None:
        for _ in range(30):
            with db.connection_writing() as connection:
                n = connection.execute(select(Tally.n).where(Tally.id == 1).with_for_update()).scalar_one()
                connection.execute(update(Tally).where(Tally.id == 1).values(n=n + 1))

    threads = [threading.Thread(target=count, args=(db,)) for db in (ground, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.dispose()
    with ground.reading() as session:
        assert session.execute(select(Tally.n)).scalar_one() == 60


def test_a_reader_never_sees_half_a_write(ground: Database) -> None:
    half, looked = threading.Event(), threading.Event()

    def write() -> None:
        with ground.writing() as session:
            session.execute(update(Tally).values(n=1))
            half.set()
            assert looked.wait(10)
            session.add(Tally(id=2))

    thread = threading.Thread(target=write)
    thread.start()
    assert half.wait(10)
    with ground.reading() as session:
        assert session.execute(select(Tally.id, Tally.n)).all() == [(1, 0)]
    looked.set()
    thread.join()
    with ground.reading() as session:
        assert session.execute(select(Tally.id, Tally.n).order_by(Tally.id)).all() == [(1, 1), (2, 0)]


def test_returning_commits_and_raising_rolls_back(ground: Database) -> None:
    with pytest.raises(KeyError), ground.writing() as session:
        session.add(Tally(id=2))
        session.flush()
        raise KeyError
    with pytest.raises(KeyError), ground.connection_writing() as connection:
        connection.execute(update(Tally).values(n=7))
        raise KeyError
    with ground.reading() as session:
        assert session.execute(select(Tally.id, Tally.n)).all() == [(1, 0)]
    with ground.writing() as session:
        session.add(Tally(id=2))
    with ground.reading() as session:
        assert session.execute(select(func.count()).select_from(Tally)).scalar_one() == 2


def test_reading_leaves_nothing_behind(ground: Database) -> None:
    with ground.reading() as session:
        session.add(Tally(id=2))
        session.flush()
    with ground.reading() as session:
        assert session.execute(select(func.count()).select_from(Tally)).scalar_one() == 1


def test_a_transaction_inside_a_transaction_fails_at_once_on_sqlite(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(RuntimeError, match="inside"), db.writing(), db.writing():
        pass
    with db.writing() as session:
        session.execute(text("SELECT 1"))
    db.dispose()


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(AT, id="to the millisecond"),
        pytest.param(datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC), id="before 1970"),
        pytest.param(datetime(9999, 12, 30, 23, 59, 59, 999_000, tzinfo=UTC), id="the last year"),
    ],
)
def test_an_instant_is_kept_exactly(ground: Database, at: datetime) -> None:
    with ground.writing() as session:
        session.add(Tally(id=2, at=at.astimezone(timezone(timedelta(hours=7)))))
    with ground.reading() as session:
        kept = session.execute(select(Tally.at).where(Tally.id == 2)).scalar_one()
        assert session.execute(select(Tally.id).where(Tally.at == at)).scalars().all() == [2]
        assert session.execute(select(Tally.id).where(Tally.at > at)).scalars().all() == []
    assert kept == at
    assert kept is not None
    assert kept.tzinfo is UTC


def test_a_naive_instant_is_refused(ground: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), ground.writing() as session:
        session.add(Tally(id=2, at=datetime(2026, 11, 22)))  # noqa: DTZ001  (that is the point)


def test_an_insert_knows_on_conflict_on_both(ground: Database) -> None:
    for n in (5, 6):
        with ground.writing() as session:
            wanted = insert_into(session, Tally).values(id=1, n=n, name="")
            session.execute(wanted.on_conflict_do_update(index_elements=["id"], set_={"n": wanted.excluded.n}))
    with ground.reading() as session:
        assert session.execute(select(Tally.n)).scalars().all() == [6]


@pytest.mark.parametrize("act", [update(AuditEvent).values(action="forged"), delete(AuditEvent)], ids=["UPDATE", "DELETE"])
def test_the_database_refuses_to_change_what_is_append_only(ground: Database, act: object) -> None:
    with ground.writing() as session:
        record(session, now=AT, actor_id=1, action="sign_in", subject_kind="person", subject_id=1)
    with pytest.raises(DatabaseError, match="append-only"), ground.writing() as session:
        session.execute(act)  # type: ignore[call-overload]
    with ground.reading() as session:
        assert session.execute(select(AuditEvent.action)).scalars().all() == ["sign_in"]


@pytest.mark.postgres
def test_postgres_refuses_to_empty_what_is_append_only(ground: Database) -> None:
    if ground.on_sqlite:
        return
    with pytest.raises(DatabaseError, match="append-only"), ground.writing() as session:
        session.execute(text("TRUNCATE audit_event"))


def test_an_error_of_the_database_does_not_tell_the_values(ground: Database) -> None:
    with pytest.raises(IntegrityError) as refused, ground.writing() as session:
        session.add(Tally(id=1, name="Nguyễn Văn An"))
    assert "Nguyễn" not in str(refused.value)


def test_queries_are_counted_without_begin_and_pragma(ground: Database) -> None:
    with count_queries(ground) as counted, ground.reading() as session:
        session.execute(select(Tally.n))
        session.execute(select(Tally.id))
    assert len(counted) == 2


def test_while_migrating_pointers_rest_and_are_checked_at_the_end(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with db.connection_writing() as connection:
        Tally.__table__.create(connection)  # type: ignore[attr-defined]
    with db.migrating() as connection:
        connection.execute(text("INSERT INTO tests_tally (id, n, name, other_id) VALUES (1, 0, '', 2), (2, 0, '', NULL)"))
    with pytest.raises(IntegrityError, match="points to no row"), db.migrating() as connection:
        connection.execute(text("DELETE FROM tests_tally WHERE id = 2"))
    with db.reading() as session:
        assert session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        assert session.execute(select(func.count()).select_from(Tally)).scalar_one() == 2
    db.dispose()


def test_what_a_migration_raises_undoes_its_tables(ground: Database) -> None:
    with pytest.raises(KeyError), ground.migrating() as connection:
        connection.execute(text("CREATE TABLE half (id INTEGER PRIMARY KEY)"))
        raise KeyError
    assert not inspect(ground.engine).has_table("half")


def test_a_transaction_of_the_driver_commits_rolls_back_and_gives_its_connection_back(ground: Database) -> None:
    with ground.driver_writing() as transaction:
        driver_rows(transaction, "UPDATE tests_tally SET n = 7", {})
    with pytest.raises(RuntimeError), ground.driver_writing() as transaction:
        driver_rows(transaction, "UPDATE tests_tally SET n = 8", {})
        raise RuntimeError
    with pytest.raises(OperationalError), ground.driver_writing() as transaction:
        driver_rows(transaction, "UPDATE tests_tally SET n = 9", {})
        driver_rows(transaction, "SELECT nothing", {})
    with ground.driver_writing() as transaction:
        assert driver_rows(transaction, "SELECT n FROM tests_tally", {}) == [(7,)]
    assert ground.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_database_that_is_not_there_is_said_as_sqlalchemy_says_it(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path / 'no' / 'such.db'}", f"postgresql+psycopg://vean@/vean?host={tmp_path}"):
        db = Database(url)
        with pytest.raises(OperationalError), db.driver_writing():
            pass
        db.dispose()
