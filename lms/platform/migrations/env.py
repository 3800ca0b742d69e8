"""Alembic's entry: runs the migrations on the connection that `lms.platform.migrate` hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    render_as_batch=context.config.attributes["connection"].dialect.name == "sqlite",
    compare_type=True,
    user_module_prefix="db.",
)
with context.begin_transaction():
    context.run_migrations()
