"""Every kind of item, publishing jobs, translations, search."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from lms.platform.migrations import refuse_changes

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
CHUNK = 500


def upgrade() -> None:
    op.create_table(
        "content_source",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.Column("rev", sa.String(length=200), nullable=False),
        sa.Column("failed", sa.Text(), nullable=False),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_content_source")),
    )
    op.create_table(
        "item_life",
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("package", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_life")),
    )
    op.create_index(
        "ix_item_life_gone",
        "item_life",
        ["item_id"],
        unique=False,
        sqlite_where=sa.text("gone_at IS NOT NULL"),
        postgresql_where=sa.text("gone_at IS NOT NULL"),
    )
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('course', 'lesson', 'term')", name=op.f("ck_search_entry_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
    )
    op.create_index("ix_search_entry_source", "search_entry", ["source"], unique=False)
    op.create_table(
        "translation",
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("package", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("source_digest", sa.String(length=64), nullable=False),
        sa.Column("translates", sa.String(length=64), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "lang", name=op.f("pk_translation")),
    )
    op.create_index(
        "ix_translation_stale",
        "translation",
        ["place"],
        unique=False,
        sqlite_where=sa.text("translates <> source_digest"),
        postgresql_where=sa.text("translates <> source_digest"),
    )
    op.create_table(
        "publish_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("rev", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("claim", sa.String(length=40), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", name=op.f("ck_publish_job_ended")),
        sa.CheckConstraint("kind IN ('button', 'command', 'hook', 'poll')", name=op.f("ck_publish_job_kind")),
        sa.CheckConstraint("state IN ('queued', 'fetching', 'checking', 'storing', 'done', 'failed')", name=op.f("ck_publish_job_state")),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"], name=op.f("fk_publish_job_publication_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publish_job")),
    )
    op.create_index(
        "uq_publish_job_queued",
        "publish_job",
        ["source", "rev"],
        unique=True,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "uq_publish_job_running",
        "publish_job",
        ["slot"],
        unique=True,
        sqlite_where=sa.text("state IN ('fetching', 'checking', 'storing')"),
        postgresql_where=sa.text("state IN ('fetching', 'checking', 'storing')"),
    )
    op.create_table(
        "search_word",
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("token", sa.LargeBinary(length=160), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["search_entry.id"], name=op.f("fk_search_word_entry_id")),
        sa.PrimaryKeyConstraint("language", "token", "entry_id", name=op.f("pk_search_word")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_word_entry_id", "search_word", ["entry_id"], unique=False)
    op.create_table(
        "essay_mark",
        sa.Column("attempt_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("percents", sa.String(length=400), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("marked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id", "version"], ["result.attempt_id", "result.version"], name=op.f("fk_essay_mark_attempt_id_version")),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_essay_mark_marked_by")),
        sa.PrimaryKeyConstraint("attempt_id", "version", "item_id", name=op.f("pk_essay_mark")),
        info={"append_only": True},
    )
    refuse_changes("essay_mark")
    _allow_glossaries()
    _answers_of_any_kind()
    _points_in_hundredths()


def _allow_glossaries() -> None:
    with op.batch_alter_table("content_package") as batch:
        batch.drop_constraint(op.f("ck_content_package_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_content_package_kind"), "kind IN ('courses', 'quizzes', 'contests', 'schemes', 'glossary')")
    _guard_again("content_package")


def _answers_of_any_kind() -> None:
    """Letters become the canonical text of an answer; sorted letters are one already."""
    for table in ("response", "late_save"):
        with op.batch_alter_table(table) as batch:
            batch.alter_column("letters", new_column_name="answer", type_=sa.Text(), existing_type=sa.String(26), existing_nullable=False)
    _guard_again("late_save")


def _points_in_hundredths() -> None:
    """Points were whole; a share of one is counted in hundredths, in the rows of each item too (points and most points are their last two values)."""
    with op.batch_alter_table("result") as batch:
        batch.add_column(sa.Column("unmarked", sa.Integer(), server_default="0", nullable=False))
        batch.create_check_constraint(op.f("ck_result_unmarked"), "unmarked = 0 OR passed IS NULL")
    waits = sa.text("unmarked > 0")
    op.create_index("ix_result_unmarked", "result", ["attempt_id"], sqlite_where=waits, postgresql_where=waits)
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute("DROP TRIGGER result_append_only ON result")
    result = sa.table("result", *(sa.column(name, kind) for name, kind in COLUMNS.items()))
    connection.execute(sa.update(result).values(points=result.c.points * 100, max_points=result.c.max_points * 100))
    attempts = connection.execute(sa.select(result.c.attempt_id).distinct()).scalars().all()
    change = sa.update(result).where(result.c.attempt_id == sa.bindparam("attempt"), result.c.version == sa.bindparam("n")).values(items=sa.bindparam("rows"))
    for start in range(0, len(attempts), CHUNK):
        part = attempts[start : start + CHUNK]
        rows = connection.execute(sa.select(result.c.attempt_id, result.c.version, result.c["items"]).where(result.c.attempt_id.in_(part))).all()
        connection.execute(change, [{"attempt": row.attempt_id, "n": row.version, "rows": _hundredfold(row.items)} for row in rows])
    refuse_changes("result")


COLUMNS: dict[str, Any] = {"attempt_id": sa.Integer(), "version": sa.Integer(), "points": sa.Integer(), "max_points": sa.Integer(), "items": sa.Text()}


def _hundredfold(items: str) -> str:
    rows = [[*row[:-2], row[-2] * 100, row[-1] * 100] for row in json.loads(items)]
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=False)


def _guard_again(table: str) -> None:
    """SQLite has made the table anew, without its triggers."""
    if op.get_context().dialect.name == "sqlite":
        refuse_changes(table)
