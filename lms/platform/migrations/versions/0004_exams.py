"""Supervision and exams: events of attempts, extra time, devices; exams with their people."""

import sqlalchemy as sa
from alembic import op

from lms.platform.migrations import refuse_changes

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exam",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("quiz", sa.String(length=80), nullable=False),
        sa.Column("quiz_digest", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("networks", sa.Text(), nullable=False),
        sa.Column("one_device", sa.Boolean(), nullable=False),
        sa.Column("watch", sa.Boolean(), nullable=False),
        sa.Column("review", sa.String(length=12), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("review IN ('never', 'after_submit', 'after_close')", name=op.f("ck_exam_review")),
        sa.CheckConstraint("attempts >= 1", name=op.f("ck_exam_attempts")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_exam_times")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_exam_created_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_exam_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam")),
    )
    op.create_index("ix_exam_closes", "exam", ["closes_at"], unique=False)
    op.create_index(op.f("ix_exam_unit_id"), "exam", ["unit_id"], unique=False)
    op.create_table(
        "extra_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offering", sa.String(length=160), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by_person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_extra_time_seconds")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_extra_time_by_person_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_extra_time_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_time")),
        info={"append_only": True},
    )
    op.create_index("ix_extra_time_offering_person", "extra_time", ["offering", "person_id"], unique=False)
    op.create_table(
        "attempt_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "kind IN ('extra_time', 'close_moved', 'reopened', 'handed_in', 'voided', 'unlocked', 'bound', 'refused_device', 'left', 'back', 'pasted')",
            name=op.f("ck_attempt_event_kind"),
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_event_attempt_id")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_attempt_event_by_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_event")),
        sa.UniqueConstraint("attempt_id", "ref", name=op.f("uq_attempt_event_attempt_id_ref")),
        info={"append_only": True},
    )
    op.create_table(
        "attempt_presence",
        sa.Column("attempt_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_presence_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_attempt_presence")),
    )
    op.create_table(
        "exam_code_try",
        sa.Column("exam_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_code_try_exam_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exam_code_try_person_id")),
        sa.PrimaryKeyConstraint("exam_id", "person_id", name=op.f("pk_exam_code_try")),
    )
    op.create_table(
        "exam_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("before", sa.String(length=80), nullable=False),
        sa.Column("after", sa.String(length=80), nullable=False),
        sa.CheckConstraint("kind IN ('close_moved', 'code_changed')", name=op.f("ck_exam_event_kind")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_exam_event_by_person_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_event_exam_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_event")),
        info={"append_only": True},
    )
    op.create_index(op.f("ix_exam_event_exam_id"), "exam_event", ["exam_id"], unique=False)
    op.create_table(
        "exam_person",
        sa.Column("exam_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_person_exam_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exam_person_person_id")),
        sa.PrimaryKeyConstraint("exam_id", "person_id", name=op.f("pk_exam_person")),
    )
    op.create_index("ix_exam_person_person", "exam_person", ["person_id"], unique=False)
    op.add_column("attempt", sa.Column("extra_s", sa.Integer(), server_default="0", nullable=False))
    op.add_column("attempt", sa.Column("device", sa.String(length=64), nullable=True))
    op.add_column("attempt", sa.Column("reopened_at", sa.BigInteger(), nullable=True))
    refuse_changes("extra_time")
    refuse_changes("attempt_event")
    refuse_changes("exam_event")
