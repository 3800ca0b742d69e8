"""Sites for tests: a real database (SQLite and PostgreSQL), the sample content, a clock that is moved by hand."""

import os
import shutil
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text

from lms.app import create_app, make_site
from lms.clock import MovableClock
from lms.platform import migrate
from lms.platform.db import Base, Database
from lms.platform.site import Site
from lms.settings import load_settings
from tests.made_once import share
from tests.postgres import Emptied

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what has nothing to do with the kind of database."""
KEYS = {"secret_key": "test-secret-key", "identity_key": "test-identity-key"}


def _at(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _make_tables(db: Database) -> None:
    """By the migrations, as a site does; by the models (VEAN_TABLES=models) only while a new migration is being written."""
    if os.environ.get("VEAN_TABLES") != "models":
        migrate.upgrade(db)
    else:
        Base.metadata.create_all(db.engine)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked `one_database` has nothing to do with the kind of database and runs on SQLite alone."""
    kinds = {item: getattr(getattr(item, "callspec", None), "params", {}).get("database_url") for item in items}
    twice = [item for item in items if kinds[item] == "postgres" and item.get_closest_marker("one_database")]
    config.hook.pytest_deselected(items=twice)
    items[:] = [item for item in items if item not in set(twice)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where nothing may be skipped (./test --nothing-skipped), a skipped test is a failed one."""
    report = yield
    if report.skipped and os.environ.get("VEAN_NOTHING_SKIPPED"):
        report.outcome, report.longrepr = "failed", f"nothing may be skipped here: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a file that skips itself."""
    report = yield
    if report.skipped and os.environ.get("VEAN_NOTHING_SKIPPED"):
        report.outcome, report.longrepr = "failed", f"nothing may be skipped here: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _made_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "compiled-templates"
    folder.mkdir(exist_ok=True)
    share(folder)


@pytest.fixture()
def clock() -> MovableClock:
    """Stands at 09:00 on 22/11/2026 in Vietnam until moved."""
    return MovableClock(NOW)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "vean.db"
    db = Database(f"sqlite:///{path}")
    _make_tables(db)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()
    return path


@pytest.fixture(scope="session")
def empty_postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a PostgreSQL server's template database, given by LMS_TEST_POSTGRES (set by ./test)."""
    server = os.environ.get("LMS_TEST_POSTGRES")
    if not server:
        pytest.skip("no PostgreSQL: ./test as root installs and starts one")
    admin = create_engine(_at(server, "postgres"), isolation_level="AUTOCOMMIT")
    name = f"template_{getattr(request.config, 'workerinput', {}).get('workerid', 'main')}_{os.getpid()}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    db = Database(_at(server, name))
    _make_tables(db)
    db.dispose()
    yield _at(server, name)
    admin.dispose()


@pytest.fixture(scope="session")
def emptied_postgres(empty_postgres: str) -> Iterator[Emptied]:
    """The PostgreSQL database that the tests of this process use one after another."""
    emptied = Emptied(empty_postgres)
    yield emptied
    emptied.drop()
    emptied.admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database of its own for one test, on each of the two kinds."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "vean.db")
        yield f"sqlite:///{tmp_path / 'vean.db'}"
        return
    yield request.getfixturevalue("emptied_postgres").take()


@pytest.fixture()
def app(database_url: str, tmp_path: Path, clock: MovableClock) -> Iterator[Flask]:
    """A whole site with its pages on an empty database of each kind."""
    made = create_app(load_settings(tmp_path, {}, database_url=database_url, **KEYS), clock=clock)
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    made.extensions["site"].db.dispose()


@pytest.fixture()
def the_site(request: pytest.FixtureRequest, database_url: str, tmp_path: Path, clock: MovableClock) -> Iterator[Site]:
    """The site, for services: that of `app` where the test has pages, else without pages, as commands have it."""
    if "app" in request.fixturenames:
        yield request.getfixturevalue("app").extensions["site"]
        return
    made = make_site(load_settings(tmp_path, {}, database_url=database_url, **KEYS), clock)
    yield made
    made.db.dispose()


@pytest.fixture()
def db(the_site: Site) -> Database:
    """The database of the site."""
    return the_site.db


@pytest.fixture()
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()
