"""Corrections of results, readings of essays and who marks them, late answers decided, proofs withdrawn."""

import sqlalchemy as sa
from alembic import op

from lms.platform.migrations import refuse_changes

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offering", sa.String(length=160), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("to_digest", sa.String(length=64), nullable=False),
        sa.Column("letters", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("never_lower", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ask_id", sa.String(length=36), nullable=False),
        sa.Column("before_digest", sa.String(length=64), nullable=False),
        sa.Column("after_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(kind = 'undo') = (undoes IS NOT NULL)", name=op.f("ck_correction_undoes")),
        sa.CheckConstraint("kind IN ('full', 'drop', 'accept', 'key', 'undo')", name=op.f("ck_correction_kind")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_correction_reason")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_correction_made_by")),
        sa.ForeignKeyConstraint(["undoes"], ["correction.id"], name=op.f("fk_correction_undoes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("ask_id", name=op.f("uq_correction_ask_id")),
        sa.UniqueConstraint("undoes", name=op.f("uq_correction_undoes")),
        info={"append_only": True},
    )
    op.create_index("ix_correction_digest", "correction", ["digest"], unique=False)

    op.create_table(
        "correction_run",
        sa.Column("correction_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done_to", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("to_pass", sa.Integer(), nullable=False),
        sa.Column("to_fail", sa.Integer(), nullable=False),
        sa.Column("unclear", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=40), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'done') = (ended_at IS NOT NULL)", name=op.f("ck_correction_run_ended")),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_correction_run_state")),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], name=op.f("fk_correction_run_correction_id")),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_correction_run")),
    )
    op.create_index(
        "uq_correction_run_digest",
        "correction_run",
        ["digest"],
        unique=True,
        sqlite_where=sa.text("state <> 'done'"),
        postgresql_where=sa.text("state <> 'done'"),
    )
    op.create_index(
        "uq_correction_run_running",
        "correction_run",
        ["slot"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )

    op.create_table(
        "essay_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("percents", sa.String(length=400), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("decides", sa.Boolean(), nullable=False),
        sa.Column("read_by", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_essay_reading_attempt_id")),
        sa.ForeignKeyConstraint(["read_by"], ["person.id"], name=op.f("fk_essay_reading_read_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_essay_reading")),
        info={"append_only": True},
    )
    op.create_index("ix_essay_reading_attempt", "essay_reading", ["attempt_id"], unique=False)

    op.create_table(
        "evidence_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('withdrawn', 'restored')", name=op.f("ck_evidence_mark_kind")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_mark_evidence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_mark")),
        info={"append_only": True},
    )
    op.create_index("ix_evidence_mark_evidence", "evidence_mark", ["evidence_id"], unique=False)

    op.create_table(
        "marking_claim",
        sa.Column("attempt_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_marking_claim_attempt_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_marking_claim_person_id")),
        sa.PrimaryKeyConstraint("attempt_id", "person_id", name=op.f("pk_marking_claim")),
    )
    op.create_table(
        "late_decision",
        sa.Column("late_save_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.CheckConstraint("decision IN ('accepted', 'left')", name=op.f("ck_late_decision_decision")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_late_decision_decided_by")),
        sa.ForeignKeyConstraint(["late_save_id"], ["late_save.id"], name=op.f("fk_late_decision_late_save_id")),
        sa.PrimaryKeyConstraint("late_save_id", name=op.f("pk_late_decision")),
        info={"append_only": True},
    )
    op.create_table(
        "result_cause",
        sa.Column("attempt_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'correction') = (correction_id IS NOT NULL)", name=op.f("ck_result_cause_correction")),
        sa.CheckConstraint("kind IN ('correction', 'late', 'mark')", name=op.f("ck_result_cause_kind")),
        sa.ForeignKeyConstraint(["attempt_id", "version"], ["result.attempt_id", "result.version"], name=op.f("fk_result_cause_attempt_id_version")),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], name=op.f("fk_result_cause_correction_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_result_cause_made_by")),
        sa.PrimaryKeyConstraint("attempt_id", "version", name=op.f("pk_result_cause")),
        info={"append_only": True},
    )
    op.create_index("ix_result_cause_correction", "result_cause", ["correction_id", "attempt_id"], unique=False)

    for table in ("correction", "essay_reading", "evidence_mark", "late_decision", "result_cause"):
        refuse_changes(table)
