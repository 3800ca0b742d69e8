"""Tables of tests on paper: batches of variants, sheets that were entered, corrections of what was entered."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base, append_only


class PaperBatch(Base):
    """Variants made together for one offering, in one language. n counts the batches of the offering from 1.

    rules: JSON of `lms.assessment.rules.terms.Terms`, by which every sheet of it is scored; mixed: 'order' the same items in another order,
    'draw' every variant drawn for itself. place: where it is sat, as printed; held_on: the day that is printed, if it was known.
    """

    __tablename__ = "paper_batch"
    __table_args__ = (
        UniqueConstraint("offering", "n"),
        CheckConstraint("mixed IN ('order', 'draw')", name="mixed"),
        CheckConstraint("n >= 1", name="n"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offering: Mapped[str] = mapped_column(String(160))
    n: Mapped[int]
    quiz: Mapped[str] = mapped_column(String(80))
    quiz_digest: Mapped[str] = mapped_column(String(80))
    lang: Mapped[str] = mapped_column(String(2))
    mixed: Mapped[str] = mapped_column(String(10))
    rules: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(200), default="")
    held_on: Mapped[date | None]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class PaperVariant(Base):
    """One variant: its code (mã đề), the seed it was drawn from, and its paper as an attempt keeps it."""

    __tablename__ = "paper_variant"
    __table_args__ = (UniqueConstraint("batch_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"))
    code: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    paper: Mapped[str] = mapped_column(Text)


class PaperEntry(Base):
    """An attempt that was sat on paper, and whose answers somebody entered. A person sits a batch once.

    way: 'hand' or 'sheet'; twice: the row of answers was typed two times and was the same.
    """

    __tablename__ = "paper_entry"
    __table_args__ = (UniqueConstraint("batch_id", "person_id"), CheckConstraint("way IN ('hand', 'sheet')", name="way"))

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, autoincrement=False)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("paper_variant.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    way: Mapped[str] = mapped_column(String(10))
    twice: Mapped[bool] = mapped_column(default=False)
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]


class EntryCorrection(Base):
    """What was entered from a sheet was corrected: by whom, when, why. The new result is its own version."""

    __tablename__ = "entry_correction"
    __table_args__ = (ForeignKeyConstraint(["attempt_id", "version"], ["result.attempt_id", "result.version"]),)

    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(Text)
    corrected_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    corrected_at: Mapped[datetime]


for kept in (PaperBatch, PaperVariant, PaperEntry, EntryCorrection):
    append_only(kept.__table__)  # type: ignore[arg-type]
