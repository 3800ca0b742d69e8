"""What somebody works as in a unit."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("membership") as table:
        table.add_column(sa.Column("kind", sa.String(length=12), server_default="employee", nullable=False))
        table.create_check_constraint(op.f("ck_membership_kind"), "kind IN ('employee', 'contractor', 'trainee', 'member')")
