"""Crew mode: browsers that a unit shares."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crew_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_crew_device_closed_by")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_crew_device_opened_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_crew_device_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew_device")),
    )
    op.create_index(op.f("ix_crew_device_unit_id"), "crew_device", ["unit_id"])
    open_ones = sa.text("closed_at IS NULL")
    op.create_index("uq_crew_device_open", "crew_device", ["device"], unique=True, sqlite_where=open_ones, postgresql_where=open_ones)
