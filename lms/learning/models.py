"""Tables of learning: progress by lesson, the last sign of activity, class days with their roll."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base, append_only


class LessonProgress(Base):
    """How far a person is with a lesson. `reported_ms` of `credited_ms` have been told to the rooms above, in `reports` events.

    done_at: when it was first gone through to its end; read_at: when it last was.
    """

    __tablename__ = "lesson_progress"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    course: Mapped[str] = mapped_column(String(80), primary_key=True)
    lesson: Mapped[str] = mapped_column(String(80), primary_key=True)
    credited_ms: Mapped[int] = mapped_column(default=0)
    reported_ms: Mapped[int] = mapped_column(default=0)
    reports: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_digest: Mapped[str | None] = mapped_column(String(64))
    read_at: Mapped[datetime | None]


class StudyClock(Base):
    """The last sign of activity of a person: one row a person, so that nobody studies two lessons at once."""

    __tablename__ = "study_clock"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    course: Mapped[str] = mapped_column(String(80))
    lesson: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class ClassDay(Base):
    """A day of training face to face, as an officer recorded it; minutes by part. Never changed."""

    __tablename__ = "class_day"
    __table_args__ = (
        CheckConstraint("law_min >= 0 AND management_min >= 0 AND theory_min >= 0 AND practice_min >= 0 AND test_min >= 0", name="minutes"),
        Index("ix_class_day_unit_held", "unit_id", "held_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    schemes: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(200))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200), default="")
    trainer: Mapped[str] = mapped_column(String(200))
    law_min: Mapped[int] = mapped_column(default=0)
    management_min: Mapped[int] = mapped_column(default=0)
    theory_min: Mapped[int] = mapped_column(default=0)
    practice_min: Mapped[int] = mapped_column(default=0)
    test_min: Mapped[int] = mapped_column(default=0)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class Attendance(Base):
    """A person was present on a class day."""

    __tablename__ = "attendance"

    class_day_id: Mapped[int] = mapped_column(ForeignKey("class_day.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


append_only(ClassDay.__table__)  # type: ignore[arg-type]
append_only(Attendance.__table__)  # type: ignore[arg-type]
