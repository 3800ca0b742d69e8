"""Papers in steps, answers checked in practice, practice that is forgotten, lessons read again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attempt") as batch:
        batch.add_column(sa.Column("step", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("practice", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.create_check_constraint(op.f("ck_attempt_step"), "step >= 0")
    practice = sa.text("practice")
    op.create_index("ix_attempt_practice", "attempt", ["closed_at"], unique=False, sqlite_where=practice, postgresql_where=practice)
    op.add_column("response", sa.Column("checked_at", sa.BigInteger(), nullable=True))
    op.add_column("lesson_progress", sa.Column("read_at", sa.BigInteger(), nullable=True))
