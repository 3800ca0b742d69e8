"""People added to an exam after its opening: how many, by whom and why."""

import sqlalchemy as sa
from alembic import op

from lms.platform.migrations import refuse_changes

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exam_addition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_exam_addition_n")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_exam_addition_by_person_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_addition_exam_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_addition")),
        info={"append_only": True},
    )
    op.create_index(op.f("ix_exam_addition_exam_id"), "exam_addition", ["exam_id"])
    refuse_changes("exam_addition")
