"""Notices: what people were told, the ways it goes out, what each chose, the browsers that get messages, and how far reminders have come."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=12), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("planned_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("topic IN ('account', 'training', 'certificate', 'test', 'contest', 'desk')", name=op.f("ck_notice_topic")),
        sa.CheckConstraint("address = '' OR address LIKE '/%'", name=op.f("ck_notice_address")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "cause", name=op.f("uq_notice_person_id_cause")),
    )
    unread, unplanned = sa.text("read_at IS NULL"), sa.text("planned_at IS NULL")
    op.create_index("ix_notice_unread", "notice", ["person_id"], sqlite_where=unread, postgresql_where=unread)
    op.create_index("ix_notice_unplanned", "notice", ["id"], sqlite_where=unplanned, postgresql_where=unplanned)
    op.create_index("ix_notice_made_at", "notice", ["made_at"])
    op.create_table(
        "notice_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=4), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=40), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.CheckConstraint("channel IN ('mail', 'push', 'hook')", name=op.f("ck_notice_delivery_channel")),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f("ck_notice_delivery_state")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_delivery_notice_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_delivery_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_delivery")),
        sa.UniqueConstraint("notice_id", "channel", name=op.f("uq_notice_delivery_notice_id_channel")),
    )
    waiting, claimed = sa.text("state = 'waiting'"), sa.text("claim <> ''")
    op.create_index(op.f("ix_notice_delivery_person_id"), "notice_delivery", ["person_id"])
    op.create_index("ix_notice_delivery_due", "notice_delivery", ["channel", "due_at"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index("ix_notice_delivery_claim", "notice_delivery", ["claim"], sqlite_where=claimed, postgresql_where=claimed)
    op.create_table(
        "notice_choice",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mail", sa.String(length=8), nullable=False),
        sa.Column("hook", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("muted", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("mail IN ('off', 'at_once', 'daily', 'weekly')", name=op.f("ck_notice_choice_mail")),
        sa.CheckConstraint("quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1439", name=op.f("ck_notice_choice_quiet")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_choice_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_choice")),
    )
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.String(length=1000), nullable=False),
        sa.Column("browser_key", sa.String(length=100), nullable=False),
        sa.Column("browser_secret", sa.String(length=40), nullable=False),
        sa.Column("agent", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_push_subscription_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("endpoint", name=op.f("uq_push_subscription_endpoint")),
    )
    op.create_index(op.f("ix_push_subscription_person_id"), "push_subscription", ["person_id"])
    op.create_table(
        "reminder_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("at_person", sa.Integer(), nullable=False),
        sa.Column("at_assignment", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_state")),
    )
