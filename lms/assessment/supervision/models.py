"""Tables of supervision: what befell an attempt, time given before the start, the last sign of life of a page."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.assessment.supervision.rules.events import Kind
from lms.platform.db import Base, append_only

KINDS = ", ".join(f"'{kind}'" for kind in Kind)


class AttemptEvent(Base):
    """What a supervisor did to an attempt, with a reason, or what was noticed while it was sat: facts, no verdicts. See `rules.events.Kind`.

    at: by the server's clock. seconds: how much time was given or taken, or how long the page was away; detail: what else belongs to it
    (the receipt that a reopened attempt had, how many characters were pasted). ref: made by the sender or from what happened, so that the
    same thing is noted once; none for acts.
    """

    __tablename__ = "attempt_event"
    __table_args__ = (UniqueConstraint("attempt_id", "ref"), CheckConstraint(f"kind IN ({KINDS})", name="kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    seconds: Mapped[int | None]
    detail: Mapped[str] = mapped_column(Text, default="")
    ref: Mapped[str | None] = mapped_column(String(40))


class ExtraTime(Base):
    """A person has so many seconds more in every attempt at an offering that starts from now on; several rows add up."""

    __tablename__ = "extra_time"
    __table_args__ = (Index("ix_extra_time_offering_person", "offering", "person_id"), CheckConstraint("seconds > 0", name="seconds"))

    id: Mapped[int] = mapped_column(primary_key=True)
    offering: Mapped[str] = mapped_column(String(160))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seconds: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Presence(Base):
    """The last sign of life of a sitting's page, written at most about once a minute. place: the question in view, from 1. No history, no proof."""

    __tablename__ = "attempt_presence"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime]
    place: Mapped[int]


append_only(AttemptEvent.__table__)  # type: ignore[arg-type]
append_only(ExtraTime.__table__)  # type: ignore[arg-type]
