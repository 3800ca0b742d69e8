"""Waivers: people who are excused from a scheme for some days."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "training_waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=80), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_training_waiver_dates")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_waiver_person_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_training_waiver_made_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_training_waiver_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_waiver")),
    )
    op.create_index("ix_training_waiver_person_scheme", "training_waiver", ["person_id", "scheme"])
