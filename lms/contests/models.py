"""Tables of contests: the entry of a person in a round, and the results of a round as they were published."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base, append_only


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


class RoundResult(Base):
    """A result of a round as it was published, for ever: a correction makes a new version and a reason.

    provisional: one may appeal until `appeals_until_on` (included); final: after that day. log_digest, result_digest: the SHA-256 of its two texts.
    """

    __tablename__ = "round_result"
    __table_args__ = (
        UniqueConstraint("contest", "round", "version"),
        CheckConstraint("state IN ('provisional', 'final')", name="state"),
        CheckConstraint("(state = 'provisional') = (appeals_until_on IS NOT NULL)", name="appeals"),
        CheckConstraint("version = 1 OR reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest: Mapped[str] = mapped_column(String(80))
    round: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    appeals_until_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    published_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime]
    entrants: Mapped[int]
    log_digest: Mapped[str] = mapped_column(String(64))
    result_digest: Mapped[str] = mapped_column(String(64))


class RoundResultPart(Base):
    """A thousand lines (fewer in the last part) of a text of a published result, compressed with zlib: the log (`rules.log`) or the result (`rules.result`)."""

    __tablename__ = "round_result_part"
    __table_args__ = (CheckConstraint("kind IN ('log', 'result')", name="kind"),)

    result_id: Mapped[int] = mapped_column(ForeignKey("round_result.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(6), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class RoundNews(Base):
    """A published result of which the entrants are being told: through person `at_person`. The row goes when everybody was."""

    __tablename__ = "round_news"

    result_id: Mapped[int] = mapped_column(ForeignKey("round_result.id"), primary_key=True, autoincrement=False)
    at_person: Mapped[int] = mapped_column(default=0)


append_only(RoundResult.__table__)  # type: ignore[arg-type]
append_only(RoundResultPart.__table__)  # type: ignore[arg-type]
