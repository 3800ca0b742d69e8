"""Draft links."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("rev", sa.String(length=200), nullable=False),
        sa.Column("branch", sa.String(length=200), nullable=False),
        sa.Column("commit_id", sa.String(length=40), nullable=False),
        sa.Column("package", sa.String(length=100), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("looked_at", sa.BigInteger(), nullable=True),
        sa.Column("failed", sa.Text(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(visits > 0) = (opened_at IS NOT NULL)", name=op.f("ck_draft_link_opened")),
        sa.CheckConstraint("ended_by IS NULL OR ended_at IS NOT NULL", name=op.f("ck_draft_link_ended")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_draft_link_lasts")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_draft_link_ended_by")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_draft_link_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_link")),
    )
    op.create_index("ix_draft_link_expires_at", "draft_link", ["expires_at"], unique=False)
    op.create_index("uq_draft_link_token_digest", "draft_link", ["token_digest"], unique=True)
