"""Tables of exams: what is sat when by whom, changes after the opening, wrong tries at the access code."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base, append_only


class Exam(Base):
    """A quiz sat by a group at a time; its offering is `exam:<id>`.

    unit_id: whose exam it is; everyone of its subtree is expected, or if `listed` only the persons of `exam_person`.
    quiz_digest: the revision that is sat; it follows what is published until the opening, then stays. opens_at is included, closes_at is not.
    code: typed by candidates before the start, '' for none; networks: address ranges from which it may be started, parted by blanks, '' for any.
    one_device: an attempt belongs to the device it was started on; watch: leaving the page and pasting are noted, and candidates are told so.
    removed_at: taken back before anybody sat; the number is never given again.
    """

    __tablename__ = "exam"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="times"),
        CheckConstraint("attempts >= 1", name="attempts"),
        CheckConstraint("review IN ('never', 'after_submit', 'after_close')", name="review"),
        Index("ix_exam_closes", "closes_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    quiz: Mapped[str] = mapped_column(String(80))
    quiz_digest: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    listed: Mapped[bool]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    attempts: Mapped[int]
    code: Mapped[str] = mapped_column(String(20), default="")
    networks: Mapped[str] = mapped_column(Text, default="")
    one_device: Mapped[bool] = mapped_column(default=False)
    watch: Mapped[bool] = mapped_column(default=False)
    review: Mapped[str] = mapped_column(String(12))
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class ExamPerson(Base):
    """A person is listed for an exam, or was added to it after its opening; in an exam of a whole unit, beside everyone of that."""

    __tablename__ = "exam_person"
    __table_args__ = (Index("ix_exam_person_person", "person_id"),)

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)


class ExamEvent(Base):
    """A change of an exam after its opening, by whom and why: the close moved, the code changed. before, after: what it was and is, in ISO for instants."""

    __tablename__ = "exam_event"
    __table_args__ = (CheckConstraint("kind IN ('close_moved', 'code_changed')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300))
    before: Mapped[str] = mapped_column(String(80), default="")
    after: Mapped[str] = mapped_column(String(80), default="")


class ExamAddition(Base):
    """So many people were added to an exam after its opening, by whom and why; who they are stands in the audit trail."""

    __tablename__ = "exam_addition"
    __table_args__ = (CheckConstraint("n > 0", name="n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    n: Mapped[int]
    at: Mapped[datetime]
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300))


class ExamCodeTry(Base):
    """Wrong access codes in a row of one person at one exam; never counted by address."""

    __tablename__ = "exam_code_try"

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    failures: Mapped[int]
    last_at: Mapped[datetime]


append_only(ExamEvent.__table__)  # type: ignore[arg-type]
append_only(ExamAddition.__table__)  # type: ignore[arg-type]
