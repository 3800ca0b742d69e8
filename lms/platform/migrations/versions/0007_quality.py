"""Quality of items, reports of learners, tests on paper."""

import sqlalchemy as sa
from alembic import op

from lms.platform.migrations import refuse_changes

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

GUARDED = ("item_report", "item_report_answer", "paper_batch", "paper_variant", "paper_entry", "entry_correction")


def upgrade() -> None:
    _quality()
    _on_paper()
    for table in GUARDED:
        refuse_changes(table)


def _quality() -> None:
    op.create_table(
        "paper_figures",
        sa.Column("scope", sa.String(length=160), nullable=False),
        sa.Column("computed_at", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("wanted_at", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_paper_figures")),
    )
    wanted = sa.text("wanted_at IS NOT NULL")
    op.create_index("ix_paper_figures_wanted", "paper_figures", ["wanted_at"], sqlite_where=wanted, postgresql_where=wanted)
    op.create_table(
        "item_figures",
        sa.Column("scope", sa.String(length=160), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("bank", sa.String(length=160), nullable=False),
        sa.Column("place", sa.String(length=520), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("look", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("last_attempt", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "item_id", "digest", name=op.f("pk_item_figures")),
    )
    op.create_index("ix_item_figures_list", "item_figures", ["scope", "listed", "look"])
    op.create_table(
        "item_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("offering", sa.String(length=160), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("reason IN ('unclear', 'key', 'picture', 'translation', 'other')", name=op.f("ck_item_report_reason")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_item_report_attempt_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_item_report_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_report")),
        sa.UniqueConstraint("attempt_id", "item_id", name=op.f("uq_item_report_attempt_id_item_id")),
    )
    op.create_index("ix_item_report_item", "item_report", ["item_id"])
    op.create_index(op.f("ix_item_report_person_id"), "item_report", ["person_id"])
    op.create_table(
        "item_report_answer",
        sa.Column("report_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("outcome IN ('done', 'declined')", name=op.f("ck_item_report_answer_outcome")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_item_report_answer_answered_by")),
        sa.ForeignKeyConstraint(["report_id"], ["item_report.id"], name=op.f("fk_item_report_answer_report_id")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_item_report_answer")),
    )


def _on_paper() -> None:
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offering", sa.String(length=160), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("quiz", sa.String(length=80), nullable=False),
        sa.Column("quiz_digest", sa.String(length=80), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("mixed", sa.String(length=10), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("mixed IN ('order', 'draw')", name=op.f("ck_paper_batch_mixed")),
        sa.CheckConstraint("n >= 1", name=op.f("ck_paper_batch_n")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_paper_batch_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
        sa.UniqueConstraint("offering", "n", name=op.f("uq_paper_batch_offering_n")),
    )
    op.create_table(
        "paper_variant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_variant_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_variant")),
        sa.UniqueConstraint("batch_id", "code", name=op.f("uq_paper_variant_batch_id_code")),
    )
    op.create_table(
        "paper_entry",
        sa.Column("attempt_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("twice", sa.Boolean(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("way IN ('hand', 'sheet')", name=op.f("ck_paper_entry_way")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_paper_entry_attempt_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_entry_batch_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_paper_entry_entered_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_paper_entry_person_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["paper_variant.id"], name=op.f("fk_paper_entry_variant_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_paper_entry")),
        sa.UniqueConstraint("batch_id", "person_id", name=op.f("uq_paper_entry_batch_id_person_id")),
    )
    op.create_table(
        "entry_correction",
        sa.Column("attempt_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.Integer(), nullable=False),
        sa.Column("corrected_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id", "version"], ["result.attempt_id", "result.version"], name=op.f("fk_entry_correction_attempt_id_version")),
        sa.ForeignKeyConstraint(["corrected_by"], ["person.id"], name=op.f("fk_entry_correction_corrected_by")),
        sa.PrimaryKeyConstraint("attempt_id", "version", name=op.f("pk_entry_correction")),
    )
