"""Papers put together in one file by a job, and the stretches of such files."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("scheme", sa.String(length=80), nullable=False),
        sa.Column("paths", sa.Text(), nullable=False),
        sa.Column("layout", sa.String(length=6), nullable=False),
        sa.Column("lang", sa.String(length=3), nullable=False),
        sa.Column("form", sa.String(length=3), nullable=False),
        sa.Column("document_ids", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=40), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("ready_at", sa.BigInteger(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'failed', 'forgotten')", name=op.f("ck_document_batch_state")),
        sa.CheckConstraint("layout IN ('a5', 'a4', 'wallet')", name=op.f("ck_document_batch_layout")),
        sa.CheckConstraint("form IN ('pdf', 'zip')", name=op.f("ck_document_batch_form")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_document_batch_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_batch")),
    )
    op.create_index(op.f("ix_document_batch_made_by"), "document_batch", ["made_by"])
    op.create_index("ix_document_batch_state", "document_batch", ["state", "id"])
    op.create_table(
        "document_batch_part",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["document_batch.id"], name=op.f("fk_document_batch_part_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", "n", name=op.f("pk_document_batch_part")),
    )
