"""Units over time: tags, approved head counts, merges; what they are ordered by and found by."""

import sqlalchemy as sa
from alembic import op

from lms.people.rules import unit_search_text, unit_sort_key
from lms.platform.migrations import refuse_changes

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("unit") as batch:
        batch.add_column(sa.Column("tags", sa.String(length=200), server_default="", nullable=False))
        batch.add_column(sa.Column("sort_key", sa.String(length=1000), server_default="", nullable=False))
        batch.add_column(sa.Column("search_text", sa.String(length=260), server_default="", nullable=False))
        batch.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        batch.create_index(op.f("ix_unit_sort_key"), ["sort_key"])
        batch.create_foreign_key(op.f("fk_unit_merged_into"), "unit", ["merged_into"], ["id"])
    op.add_column("unit_past", sa.Column("tags", sa.String(length=200), server_default="", nullable=False))
    op.create_table(
        "unit_head_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("n >= 0", name=op.f("ck_unit_head_count_n")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_unit_head_count_entered_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_head_count_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_head_count")),
    )
    op.create_index("ix_unit_head_count_unit", "unit_head_count", ["unit_id", "counted_on", "id"])
    refuse_changes("unit_head_count")
    _fill()


def _fill() -> None:
    """Units that are there already are ordered and found as new ones are."""
    unit = sa.table("unit", sa.column("id"), sa.column("name"), sa.column("code"), sa.column("sort_key"), sa.column("search_text"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(unit.c.id, unit.c.name, unit.c.code)).all():
        values = {"sort_key": unit_sort_key(row.name), "search_text": unit_search_text(row.name, row.code)}
        connection.execute(sa.update(unit).where(unit.c.id == row.id).values(values))
