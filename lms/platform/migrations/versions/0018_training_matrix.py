"""The training matrix, how far it is applied, and which of its lines an assignment comes from."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "training_requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("tag", sa.String(length=20), nullable=False),
        sa.Column("position", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_training_requirement_dates")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_training_requirement_unit_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_training_requirement_made_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_training_requirement_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_requirement")),
    )
    op.create_index(op.f("ix_training_requirement_unit_id"), "training_requirement", ["unit_id"])
    op.create_table(
        "matrix_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("at_person", sa.Integer(), nullable=False),
        sa.Column("at_membership", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix_state")),
    )
    with op.batch_alter_table("assignment") as table:
        table.add_column(sa.Column("requirement_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_assignment_requirement_id"), "training_requirement", ["requirement_id"], ["id"])
    op.create_index(op.f("ix_assignment_requirement_id"), "assignment", ["requirement_id"])
