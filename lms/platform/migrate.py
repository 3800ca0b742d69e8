"""Bringing a database up to the models: Alembic's migrations, forward only, each run in one transaction."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from lms.errors import Conflict
from lms.platform.db import Base, Database

HERE = Path(__file__).parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = Base.metadata
    return config


def newest() -> str | None:
    """The newest revision that this program knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def knows(revision: str | None) -> bool:
    """Whether this program can migrate from a revision; an empty database has none."""
    return revision is None or revision in {known.revision for known in ScriptDirectory.from_config(_config()).walk_revisions()}


def current_of(connection: Connection) -> str | None:
    """The revision that the database of a connection is at; none if it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def current(db: Database) -> str | None:
    """The revision that the database is at; none if it is empty."""
    with db.engine.connect() as connection:
        return current_of(connection)


def upgrade_to(connection: Connection, revision: str) -> None:
    """Bring the database to a revision, or to the newest ("head"), within the transaction of `Database.migrating`."""
    command.upgrade(_config(connection), revision)


def upgrade(db: Database) -> tuple[str | None, str | None]:
    """Bring the database to the newest revision; gives (from, to). Two that try at once: the second finds nothing to do.

    Raises Conflict if the database is newer than the program.
    """
    before = current(db)
    if not knows(before):
        raise Conflict("The database is at revision %(revision)s, which this program does not know: install the newer program.", revision=before)
    if before != newest():
        with db.migrating() as connection:
            upgrade_to(connection, "head")
    return before, newest()


def require_current(db: Database) -> None:
    """Raise Conflict if the database has not been brought up to this program, or is newer than it."""
    at = current(db)
    if not knows(at):
        raise Conflict("The database is at revision %(revision)s, which this program does not know: install the newer program.", revision=at)
    if at != newest():
        raise Conflict("The database is not at the revision of this program: run `lms migrate`.")


def differences(db: Database) -> list[object]:
    """What the models say and the database does not, for tests."""
    with db.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata))


def write_revision(db: Database, message: str, *, rev_id: str) -> None:
    """Draft the next migration from the difference between models and database; read it before you commit it."""
    with db.migrating() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=rev_id)
