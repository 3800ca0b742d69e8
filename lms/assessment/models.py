"""Tables of sittings: attempts with their papers, responses, saves that came too late, results, marks of essays."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base, append_only

OPEN = text("state = 'open'")
PRACTICE = text("practice")
WAITING = text("unmarked > 0")


class Attempt(Base):
    """One sitting of one person at one offering. The paper and the rules it is scored by never change after the start.

    n counts the attempts of a period from 1; paper: JSON list of [item digest, item id, letters in shown order], and
    for a matching as a fourth the letters of its right side in shown order;
    rules: JSON of `lms.assessment.rules.terms.Terms`; step: how far a paper that is taken in steps has been gone through (see rules.navigation);
    practice: nothing depends on it: it has no result, and is forgotten some time after it has closed;
    flags: ids of the items the person wants to look at again, each followed by a blank.
    extra_s: personal extra time, so that deadline_at = min(started_at + limit + extra, close). device: the browser that alone may answer,
    '' for the next one that opens the paper, none where any may. reopened_at: when it was last opened again; its former results stay.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("person_id", "offering", "period", "n"),
        Index("uq_attempt_open", "person_id", "offering", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_attempt_due", "deadline_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_attempt_offering_unit", "offering", "unit_id"),
        Index("ix_attempt_practice", "closed_at", sqlite_where=PRACTICE, postgresql_where=PRACTICE),
        CheckConstraint("step >= 0", name="step"),
        CheckConstraint("state IN ('open', 'submitted', 'lapsed', 'void')", name="state"),
        CheckConstraint("n >= 1", name="n"),
        CheckConstraint("deadline_at > started_at", name="deadline"),
        CheckConstraint("grace_s >= 0", name="grace"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    offering: Mapped[str] = mapped_column(String(160))
    period: Mapped[str] = mapped_column(String(20), default="")
    n: Mapped[int]
    quiz: Mapped[str] = mapped_column(String(80))
    quiz_digest: Mapped[str] = mapped_column(String(80))
    seed: Mapped[int] = mapped_column(BigInteger)
    lang: Mapped[str] = mapped_column(String(2))
    paper: Mapped[str] = mapped_column(Text)
    rules: Mapped[str] = mapped_column(Text)
    flags: Mapped[str] = mapped_column(Text, default="")
    step: Mapped[int] = mapped_column(default=0, server_default="0")
    practice: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(String(10), default="open")
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    grace_s: Mapped[int]
    closed_at: Mapped[datetime | None]
    receipt: Mapped[str | None] = mapped_column(String(20), unique=True)
    extra_s: Mapped[int] = mapped_column(default=0, server_default="0")
    device: Mapped[str | None] = mapped_column(String(64))
    reopened_at: Mapped[datetime | None]


class Response(Base):
    """The present answer of an attempt to an item. answer: its canonical text (see rules.answers), '' where it was taken back; seq counts its changes from 1.

    save_id names the save that made it, past_ids the earlier ones (blank-separated, the latest last, bounded).
    client_at: what the browser's clock said, for information only. checked_at: when the person looked whether it is right, in practice; it is fixed then.
    """

    __tablename__ = "response"
    __table_args__ = (CheckConstraint("seq >= 1", name="seq"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, autoincrement=False)
    item_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    seq: Mapped[int]
    save_id: Mapped[str] = mapped_column(String(36))
    past_ids: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime]
    client_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]


class LateSave(Base):
    """An answer that came after its attempt had closed: unscored, kept for a person to decide."""

    __tablename__ = "late_save"
    __table_args__ = (UniqueConstraint("attempt_id", "save_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    item_id: Mapped[str] = mapped_column(String(40))
    answer: Mapped[str] = mapped_column(Text)
    seen: Mapped[int]
    save_id: Mapped[str] = mapped_column(String(36))
    received_at: Mapped[datetime]
    client_at: Mapped[datetime | None]


class Result(Base):
    """The score of an attempt; a correction adds a version with its reason, the highest version counts.

    items: JSON list of [item id, item digest, topic, answer, verdict, points, max points] in the order of the paper.
    All points are in hundredths of a point. unmarked: essays that wait for a person to mark them; until then nobody has passed or failed.
    """

    __tablename__ = "result"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("correct <= item_count", name="correct"),
        CheckConstraint("unmarked = 0 OR passed IS NULL", name="unmarked"),
        Index("ix_result_unmarked", "attempt_id", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    points: Mapped[int]
    max_points: Mapped[int]
    correct: Mapped[int]
    item_count: Mapped[int]
    critical_wrong: Mapped[int]
    unmarked: Mapped[int] = mapped_column(default=0, server_default="0")
    passed: Mapped[bool | None]
    elapsed_ms: Mapped[int] = mapped_column(BigInteger)
    items: Mapped[str] = mapped_column(Text)
    scored_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200), default="")


class EssayMark(Base):
    """How a person marked one essay, for the result of that version. percents: JSON list, a whole percent for each criterion of the rubric."""

    __tablename__ = "essay_mark"
    __table_args__ = (ForeignKeyConstraint(["attempt_id", "version"], ["result.attempt_id", "result.version"]),)

    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    percents: Mapped[str] = mapped_column(String(400))
    comment: Mapped[str] = mapped_column(Text, default="")
    marked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime]


append_only(LateSave.__table__)  # type: ignore[arg-type]
append_only(Result.__table__)  # type: ignore[arg-type]
append_only(EssayMark.__table__)  # type: ignore[arg-type]
