"""Draft the next migration from what the models say and the migrations so far do not: draft_migration.py NUMBER "what changes".

It works on a scratch PostgreSQL database where LMS_TEST_POSTGRES names a server (./test does), else on a scratch SQLite file.
Read the draft, run `ruff format` on it, then ./test: it compares the outcome with the models on both databases.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

sys.path.insert(0, str(Path(__file__).parent.parent))

import lms.app  # noqa: F401  (every room's models)
from lms.platform import migrate
from lms.platform.db import Database


@contextmanager
def scratch_database() -> Iterator[str]:
    """Address of an empty database that is gone afterwards."""
    server = os.environ.get("LMS_TEST_POSTGRES")
    if not server:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/draft.db"
        return
    name = f"draft_{os.getpid()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def main() -> None:
    """Write the draft."""
    number, what = sys.argv[1:]
    if migrate.knows(number):
        sys.exit(f"There is a migration {number} already.")
    with scratch_database() as url:
        db = Database(url)
        if migrate.newest():
            migrate.upgrade(db)
        migrate.write_revision(db, what, rev_id=number)
        db.dispose()
    for draft in (migrate.HERE / "versions").glob(f"{number}_*.py"):
        draft.write_text(draft.read_text("utf-8").replace("%%", "%"), "utf-8")  # the driver's doubled signs are none of ours


main()
