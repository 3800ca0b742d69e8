"""Table of contests: the entry of a person in a round."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base


class Entry(Base):
    """A person takes part in a round with this counted attempt. Derived from attempts and results: `recount` rebuilds it.

    unit_id: the person's main unit at the first start, never changed after. attempts: how many valid attempts there are.
    rank_1 to rank_3: the round's rank keys as whole numbers, the smaller the better (0 past the last key), so that one index serves every
    ranking and a page of it is a range of that index. changed_at: when the row was last written.
    """

    __tablename__ = "entry"
    __table_args__ = (
        Index("ix_entry_rank", "contest", "round", "rank_1", "rank_2", "rank_3", "person_id"),
        Index("ix_entry_unit", "contest", "round", "unit_id"),
        Index("ix_entry_changed", "contest", "round", "changed_at"),
        Index("ix_entry_person", "person_id"),
        CheckConstraint("correct >= 0 AND elapsed_ms >= 0", name="counted"),
        CheckConstraint("attempts >= 1", name="attempts"),
    )

    contest: Mapped[str] = mapped_column(String(80), primary_key=True)
    round: Mapped[str] = mapped_column(String(80), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    attempts: Mapped[int]
    correct: Mapped[int]
    item_count: Mapped[int]
    elapsed_ms: Mapped[int] = mapped_column(BigInteger)
    submitted_at: Mapped[datetime]
    rank_1: Mapped[int] = mapped_column(BigInteger)
    rank_2: Mapped[int] = mapped_column(BigInteger)
    rank_3: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[datetime]
