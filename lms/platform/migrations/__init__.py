"""Migrations, forward only, the same on SQLite and PostgreSQL.

To draft one: change the models, then `python scripts/draft_migration.py 0002 "what changes"`, read it, run ./test.
A table that SQLite makes anew (batch_alter_table) loses its triggers: call `refuse_changes` for it again.
"""

from alembic import op

from lms.platform.db import append_only_ddl


def refuse_changes(table: str) -> None:
    """Let the database refuse to change or delete a row of this append-only table."""
    for statement, dialect in append_only_ddl(table):
        if op.get_context().dialect.name == dialect:
            op.execute(statement)
