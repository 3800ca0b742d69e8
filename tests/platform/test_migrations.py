"""Migrations: from nothing they make what the models say, on both databases; a filled database is kept, a newer one refused."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, inspect, make_url, select, text
from sqlalchemy.exc import DatabaseError

import lms.app  # noqa: F401  (every room's models)
from lms.errors import Conflict
from lms.people.models import Person
from lms.platform import migrate
from lms.platform.audit import AuditEvent, record
from lms.platform.db import Base, Database
from tests.conftest import NOW
from tests.make import make_learner, make_unit


@pytest.fixture()
def empty_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """Address of a database without any table, of the same kind as the test's."""
    with bare(database_url, tmp_path, "bare") as url:
        yield url


@contextmanager
def bare(like: str, folder: Path, name: str) -> Iterator[str]:
    """A database without any table, of the same kind as another."""
    url = make_url(like)
    if url.get_backend_name() == "sqlite":
        yield f"sqlite:///{folder / name}.db"
        return
    database = f"{url.database}_{name}"
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {database}"))
    yield url.set(database=database).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {database} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture()
def empty(empty_url: str) -> Iterator[Database]:
    """That database, opened."""
    db = Database(empty_url)
    yield db
    db.dispose()


def shape_of(db: Database) -> dict[str, Any]:
    """All that the database knows of its tables, in a form that can be compared."""
    seen = inspect(db.engine)
    shape: dict[str, Any] = {}
    for table in sorted(set(seen.get_table_names()) - {"alembic_version"}):
        columns = {column["name"]: (str(column["type"]), column["nullable"], column.get("autoincrement")) for column in seen.get_columns(table)}
        shape[table] = {
            "columns": columns,
            "primary key": seen.get_pk_constraint(table),
            "pointers": sorted(
                (str(key["name"]), key["constrained_columns"], key["referred_table"], key["referred_columns"]) for key in seen.get_foreign_keys(table)
            ),
            "unique": sorted((str(one["name"]), one["column_names"]) for one in seen.get_unique_constraints(table)),
            "checks": sorted((str(one["name"]), "".join(one["sqltext"].split())) for one in seen.get_check_constraints(table)),
            "indexes": sorted(
                (str(one["name"]), one["column_names"], one["unique"], sorted((name, str(value)) for name, value in one.get("dialect_options", {}).items()))
                for one in seen.get_indexes(table)
            ),
        }
    return shape | {"triggers": triggers_of(db)}


def triggers_of(db: Database) -> list[tuple[str, ...]]:
    wanted = (
        "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"
        if db.on_sqlite
        else "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    )
    with db.reading() as session:
        return sorted(tuple(str(part) for part in row) for row in session.execute(text(wanted)))


def test_the_models_and_the_migrations_say_the_same(empty: Database, database_url: str, tmp_path: Path) -> None:
    assert migrate.upgrade(empty) == (None, migrate.newest())
    assert migrate.differences(empty) == []
    with bare(database_url, tmp_path, "models") as url:
        made = Database(url)
        Base.metadata.create_all(made.engine)
        assert shape_of(empty) == shape_of(made)
        made.dispose()


def test_every_append_only_table_is_guarded(empty: Database) -> None:
    migrate.upgrade(empty)
    meant = {table.name for table in Base.metadata.tables.values() if table.info.get("append_only")}
    assert meant
    assert {table for table, *_ in triggers_of(empty)} == meant
    with empty.writing() as session:
        record(session, now=NOW, actor_id=None, action="x", subject_kind="x", subject_id=1)
    for act in ("UPDATE audit_event SET action = 'y'", "DELETE FROM audit_event"):
        with pytest.raises(DatabaseError, match="append-only"), empty.writing() as session:
            session.execute(text(act))


def test_upgrading_again_changes_nothing(empty: Database) -> None:
    migrate.upgrade(empty)
    before = shape_of(empty)
    assert migrate.upgrade(empty) == (migrate.newest(), migrate.newest())
    assert shape_of(empty) == before
    migrate.require_current(empty)


def test_a_filled_database_keeps_its_rows(empty: Database) -> None:
    """From each revision there ever was: rows that go in there are there at the newest."""
    migrate.upgrade(empty)
    with empty.writing() as session:
        person = make_learner(session, unit=make_unit(session))
        record(session, now=NOW, actor_id=person.id, action="x", subject_kind="person", subject_id=person.id)
    with empty.migrating() as connection:
        migrate.upgrade_to(connection, "head")
    with empty.reading() as session:
        assert session.execute(select(Person.full_name)).scalar_one() == person.full_name
        assert session.execute(select(AuditEvent.at)).scalar_one() == NOW


def _fill_first(db: Database) -> None:
    """People, sittings and results as revision 0001 kept them; the result of attempt 1 has been corrected once."""
    seen = MetaData()
    seen.reflect(db.engine)
    when = {"started_at": 1000, "deadline_at": 9000, "closed_at": 5000, "grace_s": 0}
    attempt = {
        "offering": "course:x",
        "quiz": "x",
        "quiz_digest": "d",
        "seed": 1,
        "lang": "vi",
        "paper": "[]",
        "rules": "{}",
        "flags": "",
        "state": "submitted",
    }
    rows: dict[str, list[dict[str, Any]]] = {
        "person": [{"id": 1, "full_name": "A", "sort_key": "a", "search_text": "a", "lang": "vi", "demo": False, "created_at": 1}],
        "attempt": [attempt | when | {"id": n, "person_id": 1, "period": "", "n": n} for n in (1, 2)],
        "response": [{"attempt_id": 1, "item_id": "q", "letters": "ac", "seq": 1, "save_id": "s", "past_ids": "", "saved_at": 2000}],
        "late_save": [{"attempt_id": 1, "item_id": "q", "letters": "b", "seen": 1, "save_id": "t", "received_at": 9999}],
        "result": [
            {"attempt_id": a, "version": v, "points": p, "max_points": 3, "correct": 1, "item_count": 2, "critical_wrong": 0, "passed": False}
            | {"elapsed_ms": 1, "items": f'[["q","d","luật","ac","right",{p},2],["r","e","","","blank",0,1]]', "scored_at": 6000, "reason": ""}
            for a, v, p in ((1, 1, 1), (1, 2, 2), (2, 1, 2))
        ],
        "content_package": [{"digest": "d", "kind": "courses", "slug": "x", "source_rev": "", "body": "{}"}],
    }
    with db.writing() as session:
        for table, values in rows.items():
            session.execute(seen.tables[table].insert(), values)


def test_answers_and_points_of_the_first_revision_are_carried_over(empty: Database) -> None:
    with empty.migrating() as connection:
        migrate.upgrade_to(connection, "0001")
    _fill_first(empty)
    migrate.upgrade(empty)
    with empty.writing() as session:
        assert session.execute(text("SELECT answer FROM response")).scalars().all() == ["ac"]
        assert session.execute(text("SELECT answer FROM late_save")).scalars().all() == ["b"]
        results = session.execute(text("SELECT attempt_id, version, points, max_points, unmarked, items FROM result ORDER BY 1, 2")).all()
        session.execute(text("INSERT INTO content_package (digest, kind, slug, source_rev, body) VALUES ('g', 'glossary', 'x', '', '{}')"))
    assert [row[:5] for row in results] == [(1, 1, 100, 300, 0), (1, 2, 200, 300, 0), (2, 1, 200, 300, 0)]
    assert [json.loads(row.items)[0] for row in results] == [["q", "d", "luật", "ac", "right", points, 200] for points in (100, 200, 200)]
    for table in ("result", "late_save", "content_package"):
        with pytest.raises(DatabaseError, match="append-only"), empty.writing() as session:
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608


def test_two_that_upgrade_at_once_both_find_it_done(empty: Database, empty_url: str) -> None:
    failed: list[BaseException] = []

    def upgrade() -> None:
        own = Database(empty_url)
        try:
            migrate.upgrade(own)
        except BaseException as error:  # noqa: BLE001  (told below)
            failed.append(error)
        finally:
            own.dispose()

    threads = [threading.Thread(target=upgrade) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert migrate.differences(empty) == []


@pytest.mark.parametrize("act", [migrate.upgrade, migrate.require_current], ids=["upgrade", "serve"])
def test_a_newer_database_is_refused_and_left_as_it_is(empty: Database, act: Any) -> None:
    migrate.upgrade(empty)
    with empty.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = shape_of(empty)
    with pytest.raises(Conflict, match=r"9999.*newer program"):
        act(empty)
    assert shape_of(empty) == before


def test_an_older_database_is_not_served(empty: Database) -> None:
    with pytest.raises(Conflict, match="lms migrate"):
        migrate.require_current(empty)


def test_sittings_of_before_there_were_supervisors_are_kept(empty: Database) -> None:
    with empty.migrating() as connection:
        migrate.upgrade_to(connection, "0001")
    _fill_first(empty)
    migrate.upgrade(empty)
    with empty.reading() as session:
        rows = session.execute(text("SELECT id, state, extra_s, device, reopened_at FROM attempt ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [(1, "submitted", 0, None, None), (2, "submitted", 0, None, None)]
