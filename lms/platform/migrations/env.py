"""Alembic's entry: runs and drafts the migrations on the connection that `lms.platform.migrate` hands over.

A drafted migration names plain types, so that it stays what it was when our own types change, and guards append-only tables.
"""

from collections.abc import Iterable
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import renderers
from alembic.operations.ops import CreateTableOp, MigrateOperation, MigrationScript
from sqlalchemy import MetaData

from lms.platform.db import Instant

connection = context.config.attributes["connection"]
metadata: MetaData = context.config.attributes["metadata"]


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """An instant is a whole number of milliseconds."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Instant) else False


class RefuseChanges(MigrateOperation):
    """The call of `refuse_changes` for a table."""

    def __init__(self, table: str) -> None:
        self.table = table


@renderers.dispatch_for(RefuseChanges)
def render_refusal(context_of_draft: AutogenContext, operation: RefuseChanges) -> str:
    """The call, and what it needs."""
    context_of_draft.imports.add("from lms.platform.migrations import refuse_changes")
    return f'refuse_changes("{operation.table}")'


def guard_new_tables(_context: Any, _revision: Any, directives: Iterable[MigrationScript]) -> None:
    """After the creation of append-only tables come the triggers that guard them."""
    for script in directives:
        operations = script.upgrade_ops.ops if script.upgrade_ops else []
        names = [made.table_name for made in operations if isinstance(made, CreateTableOp) and metadata.tables[made.table_name].info.get("append_only")]
        operations.extend(RefuseChanges(name) for name in names)


context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=render_item,
    process_revision_directives=guard_new_tables,
)
with context.begin_transaction():
    context.run_migrations()
