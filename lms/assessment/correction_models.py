"""Tables of what people decide after a paper was sat: corrections of items, late answers, marks of essays on their way; why a result has versions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base, append_only

RUNNING = text("state = 'running'")
UNDONE = text("state <> 'done'")


class EssayReading(Base):
    """What one person gave an essay, on the way to its mark; of one person the highest id counts. percents as in `EssayMark`.

    decides: given by whoever decided between two readings that lie apart.
    """

    __tablename__ = "essay_reading"
    __table_args__ = (Index("ix_essay_reading_attempt", "attempt_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    item_id: Mapped[str] = mapped_column(String(40))
    percents: Mapped[str] = mapped_column(String(400))
    comment: Mapped[str] = mapped_column(Text, default="")
    decides: Mapped[bool] = mapped_column(default=False)
    read_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    read_at: Mapped[datetime]


class MarkingClaim(Base):
    """Somebody is marking a paper until then, so that others take another one."""

    __tablename__ = "marking_claim"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    until_at: Mapped[datetime]


class LateDecision(Base):
    """What a person decided of an answer that came too late. version: the result that it made; None where it was left, or would have lowered the result."""

    __tablename__ = "late_decision"
    __table_args__ = (CheckConstraint("decision IN ('accepted', 'left')", name="decision"),)

    late_save_id: Mapped[int] = mapped_column(ForeignKey("late_save.id"), primary_key=True, autoincrement=False)
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    version: Mapped[int | None]


class Correction(Base):
    """A correction of one revision of an item in the papers that hold it, made at the desk. It holds from its commit on, for papers that close later too.

    offering: '' is every test in which the revision is sat. kind: see `rules.corrections.Kind`; undo takes back the one that `undoes` names.
    answer: what is accepted beside the key, canonical. to_digest: the revision whose key is taken; letters: JSON of which letter of the sat
    revision is which of that one ({"choices": {...}, "targets": {...}}). ask_id: of the form that asked, so that sending it twice is once.
    before_digest, after_digest: of the results concerned as the dry run of that moment saw them.
    """

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint("kind IN ('full', 'drop', 'accept', 'key', 'undo')", name="kind"),
        CheckConstraint("(kind = 'undo') = (undoes IS NOT NULL)", name="undoes"),
        CheckConstraint("reason <> ''", name="reason"),
        Index("ix_correction_digest", "digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offering: Mapped[str] = mapped_column(String(160))
    item_id: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(10))
    answer: Mapped[str] = mapped_column(Text, default="")
    to_digest: Mapped[str] = mapped_column(String(64), default="")
    letters: Mapped[str] = mapped_column(Text, default="{}")
    undoes: Mapped[int | None] = mapped_column(ForeignKey("correction.id"), unique=True)
    never_lower: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ask_id: Mapped[str] = mapped_column(String(36), unique=True)
    before_digest: Mapped[str] = mapped_column(String(64))
    after_digest: Mapped[str] = mapped_column(String(64))


class CorrectionRun(Base):
    """How far a correction has been brought to the papers that had closed: a job, one at a time, taken up again where a dead process left it.

    done_to: the id of the last attempt looked at; seen, changed, kept, to_pass, to_fail, unclear: how many so far.
    """

    __tablename__ = "correction_run"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state"),
        CheckConstraint("(state = 'done') = (ended_at IS NOT NULL)", name="ended"),
        Index("uq_correction_run_running", "slot", unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("uq_correction_run_digest", "digest", unique=True, sqlite_where=UNDONE, postgresql_where=UNDONE),
    )

    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"), primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="queued")
    slot: Mapped[int] = mapped_column(default=1)
    total: Mapped[int]
    done_to: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    to_pass: Mapped[int] = mapped_column(default=0)
    to_fail: Mapped[int] = mapped_column(default=0)
    unclear: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str] = mapped_column(String(40), default="")
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]


class ResultCause(Base):
    """Why a later version of a result was made, by whom, and the words for those concerned."""

    __tablename__ = "result_cause"
    __table_args__ = (
        ForeignKeyConstraint(["attempt_id", "version"], ["result.attempt_id", "result.version"]),
        CheckConstraint("kind IN ('correction', 'late', 'mark')", name="kind"),
        CheckConstraint("(kind = 'correction') = (correction_id IS NOT NULL)", name="correction"),
        Index("ix_result_cause_correction", "correction_id", "attempt_id"),
    )

    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("correction.id"))
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


for _model in (EssayReading, LateDecision, Correction, ResultCause):
    append_only(_model.__table__)  # type: ignore[arg-type]
