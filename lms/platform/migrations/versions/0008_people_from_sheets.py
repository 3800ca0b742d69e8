"""People from sheets: what was handed in, its rows, the columns that were confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("effect_on", sa.Date(), nullable=False),
        sa.Column("leavers", sa.Boolean(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("paths", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=40), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("applied_at", sa.BigInteger(), nullable=True),
        sa.Column("forgotten_at", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('reading', 'mapping', 'checking', 'checked', 'applying', 'applied', 'undoing', 'undone', 'failed')", name=op.f("ck_people_import_state")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_people_import_made_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_people_import_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_import")),
    )
    op.create_index(op.f("ix_people_import_made_by"), "people_import", ["made_by"])
    op.create_index("ix_people_import_state", "people_import", ["state", "id"])
    op.create_table(
        "sheet_form",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("used_by", sa.Integer(), nullable=True),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["used_by"], ["person.id"], name=op.f("fk_sheet_form_used_by")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sheet_form")),
    )
    op.create_table(
        "people_import_row",
        sa.Column("import_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("staff_code", sa.String(length=40), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("identity_digest", sa.String(length=64), nullable=True),
        sa.Column("identity_last", sa.String(length=4), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("undo", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('', 'applied', 'stale', 'undone', 'kept')", name=op.f("ck_people_import_row_outcome")),
        sa.CheckConstraint("state IN ('', 'new', 'changed', 'unchanged', 'leaver', 'error', 'skipped')", name=op.f("ck_people_import_row_state")),
        sa.ForeignKeyConstraint(["import_id"], ["people_import.id"], name=op.f("fk_people_import_row_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_people_import_row_person_id")),
        sa.PrimaryKeyConstraint("import_id", "n", name=op.f("pk_people_import_row")),
    )
    op.create_index(op.f("ix_people_import_row_person_id"), "people_import_row", ["person_id"])
    op.create_index("ix_people_import_row_state", "people_import_row", ["import_id", "state", "n"])
