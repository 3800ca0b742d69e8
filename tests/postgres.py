"""One PostgreSQL database for all tests of a process: emptied between two of them, made anew where that is not enough.

Making a database takes a third of a second, emptying one some milliseconds: the tables that hold rows are few.
"""

from sqlalchemy import Connection, create_engine, make_url, text

LOOK = """
SELECT md5(string_agg(concat_ws(':', oid, relname, relkind, relnatts, relhastriggers, relchecks), ',' ORDER BY oid))
FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
FUNCTIONS = "SELECT md5(string_agg(p.oid::text || p.prosrc, ',' ORDER BY p.oid)) FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'"
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
"""Connections that a test left open, a killed server's among them."""


class Emptied:
    """A copy of the template database at an address; `take` gives it as the template is."""

    def __init__(self, template: str) -> None:
        place = make_url(template)
        self.template = str(place.database)
        self.name = self.template.replace("template", "test")
        self.url = place.set(database=self.name).render_as_string(hide_password=False)
        self.admin = create_engine(place.set(database="postgres"), isolation_level="AUTOCOMMIT")
        self.shape: tuple[str, str] | None = None

    def take(self) -> str:
        """The address of the database, as empty as its template."""
        if self.shape is None or not self._empty():
            self._make()
        return self.url

    def _make(self) -> None:
        self.drop()
        with self.admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {self.name} TEMPLATE {self.template}"))
        engine = create_engine(self.url)
        with engine.connect() as connection:
            self.shape = _shape(connection)
        engine.dispose()

    def _empty(self) -> bool:
        engine = create_engine(self.url)
        try:
            with engine.begin() as connection:
                connection.execute(text(OTHERS))
                if _shape(connection) != self.shape:
                    return False
                connection.execute(text("SET LOCAL lock_timeout = '3s'"))
                connection.execute(text("SET LOCAL session_replication_role = replica"))  # neither foreign keys nor append-only triggers
                names = connection.execute(text(TABLES)).scalars().all()
                asked = " UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in names)  # noqa: S608  (names of our tables)
                for name in connection.execute(text(asked)).scalars().all():
                    connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608
                used = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
                for name in connection.execute(text(used)).scalars().all():
                    connection.execute(text(f"ALTER SEQUENCE {name} RESTART"))
        except Exception:  # noqa: BLE001  (whatever the test before did to it: a new one is made)
            return False
        finally:
            engine.dispose()
        return True

    def drop(self) -> None:
        """Remove the database."""
        with self.admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)"))


def _shape(connection: Connection) -> tuple[str, str]:
    return str(connection.execute(text(LOOK)).scalar_one()), str(connection.execute(text(FUNCTIONS)).scalar_one())
