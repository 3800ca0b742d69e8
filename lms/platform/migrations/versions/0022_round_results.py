"""Results of rounds as they were published, with the logs they are computed from."""

import sqlalchemy as sa
from alembic import op

from lms.platform.migrations import refuse_changes

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest", sa.String(length=80), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("appeals_until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("entrants", sa.Integer(), nullable=False),
        sa.Column("log_digest", sa.String(length=64), nullable=False),
        sa.Column("result_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("state IN ('provisional', 'final')", name=op.f("ck_round_result_state")),
        sa.CheckConstraint("(state = 'provisional') = (appeals_until_on IS NOT NULL)", name=op.f("ck_round_result_appeals")),
        sa.CheckConstraint("version = 1 OR reason <> ''", name=op.f("ck_round_result_reason")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_round_result_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_result")),
        sa.UniqueConstraint("contest", "round", "version", name=op.f("uq_round_result_contest_round_version")),
        info={"append_only": True},
    )
    refuse_changes("round_result")
    op.create_table(
        "round_result_part",
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('log', 'result')", name=op.f("ck_round_result_part_kind")),
        sa.ForeignKeyConstraint(["result_id"], ["round_result.id"], name=op.f("fk_round_result_part_result_id")),
        sa.PrimaryKeyConstraint("result_id", "kind", "n", name=op.f("pk_round_result_part")),
        info={"append_only": True},
    )
    refuse_changes("round_result_part")
    op.create_table(
        "round_news",
        sa.Column("result_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_person", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["result_id"], ["round_result.id"], name=op.f("fk_round_news_result_id")),
        sa.PrimaryKeyConstraint("result_id", name=op.f("pk_round_news")),
    )
