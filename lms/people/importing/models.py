"""Tables of importing people. What stood in a sheet is forgotten after a while; what was done with it stays in the trail."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base

STATES = ("reading", "mapping", "checking", "checked", "applying", "applied", "undoing", "undone", "failed")
ROW_STATES = ("", "new", "changed", "unchanged", "leaver", "error", "skipped")
OUTCOMES = ("", "applied", "stale", "undone", "kept")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class PeopleImport(Base):
    """A sheet that somebody (none: a command) handed in. `unit_id`: where rows without a unit go, and whose people may be leavers (the whole scope if none).

    `headers`, `keys` (the field of each column) and `notes` are JSON lists, `paths` the subtrees of whoever last acted, `why` a stored phrase.
    `done` of `total` rows are through the present step, which one process at a time does: `claim` names it, until `lease_until`.
    """

    __tablename__ = "people_import"
    __table_args__ = (CheckConstraint(_one_of("state", STATES), name="state"), Index("ix_people_import_state", "state", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    effect_on: Mapped[date]
    leavers: Mapped[bool] = mapped_column(default=False)
    headers: Mapped[str] = mapped_column(Text)
    keys: Mapped[str] = mapped_column(Text, default="[]")
    notes: Mapped[str] = mapped_column(Text, default="[]")
    paths: Mapped[str] = mapped_column(Text, default="[]")
    state: Mapped[str] = mapped_column(String(10), default="reading")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str] = mapped_column(String(40), default="")
    lease_until: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(Text, default="")


class PeopleImportRow(Base):
    """A row of a sheet (`sheet`, `line` as its owner sees them; line 0: a leaver, who stands in none), and what becomes of it.

    `cells` holds the texts by column; a national id is kept as a keyed digest with its last places as soon as it was read.
    `plan` tells the pages what changes, `undo` what was before it was applied.
    """

    __tablename__ = "people_import_row"
    __table_args__ = (
        CheckConstraint(_one_of("state", ROW_STATES), name="state"),
        CheckConstraint(_one_of("outcome", OUTCOMES), name="outcome"),
        Index("ix_people_import_row_state", "import_id", "state", "n"),
    )

    import_id: Mapped[int] = mapped_column(ForeignKey("people_import.id"), primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sheet: Mapped[str] = mapped_column(String(100), default="")
    line: Mapped[int]
    cells: Mapped[str] = mapped_column(Text)
    staff_code: Mapped[str | None] = mapped_column(String(40))
    phone: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(200))
    identity_digest: Mapped[str | None] = mapped_column(String(64))
    identity_last: Mapped[str | None] = mapped_column(String(4))
    state: Mapped[str] = mapped_column(String(10), default="")
    outcome: Mapped[str] = mapped_column(String(10), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    problems: Mapped[str] = mapped_column(Text, default="[]")
    plan: Mapped[str] = mapped_column(Text, default="{}")
    undo: Mapped[str] = mapped_column(Text, default="{}")


class SheetForm(Base):
    """The fields of the columns of sheets with these headers, as somebody last mapped them."""

    __tablename__ = "sheet_form"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    keys: Mapped[str] = mapped_column(Text)
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime]
