"""Tables of certification: issuers, assignments and their matrix, evidence, periods with marks, triggers, documents, batches of them, cached statuses."""

import json
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base, append_only


class Issuer(Base):
    """Whoever may confirm or issue: an employer (for the people of its unit) or a training organisation with its licence class."""

    __tablename__ = "issuer"
    __table_args__ = (CheckConstraint("kind IN ('employer', 'training_org')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    provider_class: Mapped[str | None] = mapped_column(String(10))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    demo: Mapped[bool] = mapped_column(default=False)


class Assignment(Base):
    """A person needs a scheme from a day until a day (both included; open if none)."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("person_id", "scheme", "from_on"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="dates"),
        Index("ix_assignment_scheme_person", "scheme", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scheme: Mapped[str] = mapped_column(String(80))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("training_requirement.id"), index=True)


class TrainingRequirement(Base):
    """A line of the training matrix: whoever works in the subtree (none: anywhere) and fits needs a scheme from a day until a day.

    An empty tag, position, kind or role asks nothing. It holds no more from `ended_at` on.
    """

    __tablename__ = "training_requirement"
    __table_args__ = (CheckConstraint("until_on IS NULL OR until_on >= from_on", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    tag: Mapped[str] = mapped_column(String(20), default="")
    position: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[str] = mapped_column(String(12), default="")
    role: Mapped[str] = mapped_column(String(20), default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


class MatrixState(Base):
    """How far the matrix is applied: to everybody on the day `on` through person `at_person`, and to memberships through `at_membership`. One row."""

    __tablename__ = "matrix_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date | None]
    at_person: Mapped[int] = mapped_column(default=0)
    at_membership: Mapped[int] = mapped_column(default=0)


class ReminderState(Base):
    """How far reminders have come: on the day `on` through person `at_person`, of assignments through `at_assignment`.

    week: the Monday of the last letter to desks. One row.
    """

    __tablename__ = "reminder_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date | None]
    at_person: Mapped[int] = mapped_column(default=0)
    at_assignment: Mapped[int] = mapped_column(default=0)
    week: Mapped[date | None]


class CalendarFeed(Base):
    """The address of a person's calendar: its number is signed into it, so that a new number ends the address before."""

    __tablename__ = "calendar_feed"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    n: Mapped[int]
    open: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class TrainingWaiver(Base):
    """A person is excused from a scheme from a day until a day (both included), by whose decision and why. From `ended_on` on it holds no more."""

    __tablename__ = "training_waiver"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="dates"), Index("ix_training_waiver_person_scheme", "person_id", "scheme"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scheme: Mapped[str] = mapped_column(String(80))
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_on: Mapped[date | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


class Evidence(Base):
    """A proof of training of a person under a scheme. seconds: JSON of whole seconds by part; digest: of the course or paper it rests on.

    The same source counts once per person and scheme, whoever reports it again.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("person_id", "scheme", "kind", "source_ref"),
        CheckConstraint("kind IN ('lesson', 'class', 'test', 'external')", name="kind"),
        Index("ix_evidence_scheme_person", "scheme", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scheme: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    seconds: Mapped[str] = mapped_column(Text, default="{}")
    on: Mapped[date]
    source_ref: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(80), default="")
    detail: Mapped[str] = mapped_column(Text, default="{}")
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @property
    def seconds_by_part(self) -> dict[str, int]:
        """Whole seconds by part."""
        return {str(part): int(seconds) for part, seconds in json.loads(self.seconds).items()}


class EvidenceMark(Base):
    """A proof counts no more from `at` on (withdrawn), or counts again (restored): what it rests on was corrected. The proof itself stays."""

    __tablename__ = "evidence_mark"
    __table_args__ = (CheckConstraint("kind IN ('withdrawn', 'restored')", name="kind"), Index("ix_evidence_mark_evidence", "evidence_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"))
    kind: Mapped[str] = mapped_column(String(10))
    cause: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


class Period(Base):
    """A confirmed period: this person is counted as trained from a day until a day (both included; open if none).

    n counts the periods of a person under a scheme from 1, so that two confirmations at once cannot both be stored.
    scheme_version: first day of the version of the scheme that was applied; hours: JSON of minutes by part as confirmed.
    """

    __tablename__ = "period"
    __table_args__ = (
        UniqueConstraint("person_id", "scheme", "n"),
        CheckConstraint("basis IN ('initial', 'refresher', 'external')", name="basis"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="dates"),
        Index("ix_period_scheme_person", "scheme", "person_id"),
        Index("ix_period_scheme_from", "scheme", "from_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scheme: Mapped[str] = mapped_column(String(80))
    n: Mapped[int]
    scheme_version: Mapped[date]
    scheme_digest: Mapped[str] = mapped_column(String(80))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    basis: Mapped[str] = mapped_column(String(10))
    hours: Mapped[str] = mapped_column(Text, default="{}")
    evidence_ids: Mapped[str] = mapped_column(Text, default="[]")
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("issuer.id"))
    external_issuer: Mapped[str] = mapped_column(String(200), default="")
    external_number: Mapped[str] = mapped_column(String(80), default="")
    confirmed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime]


class PeriodMark(Base):
    """What befell a period, from which day, who decided it and why. `cause` is public, `note` is not."""

    __tablename__ = "period_mark"
    __table_args__ = (CheckConstraint("kind IN ('suspended', 'reinstated', 'revoked', 'superseded')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    on: Mapped[date]
    cause: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(400), default="")
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class TrainingTrigger(Base):
    """Something that calls for training again: a new job, new equipment, a long absence, a change of law."""

    __tablename__ = "training_trigger"
    __table_args__ = (
        UniqueConstraint("person_id", "scheme", "kind", "on"),
        CheckConstraint("kind IN ('job_change', 'technology_change', 'absence', 'law_change', 'other')", name="kind"),
        Index("ix_training_trigger_scheme_person", "scheme", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scheme: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    on: Mapped[date]
    why: Mapped[str] = mapped_column(String(200), default="")
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Document(Base):
    """A numbered paper about a period, kept for ever. payload: JSON of all that is printed on it; code: for its public verification."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("issuer_id", "kind", "year", "seq"),
        CheckConstraint("kind IN ('certificate', 'card', 'register_entry')", name="kind"),
        Index("ix_document_number", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    kind: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    seq: Mapped[int]
    number: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(26), unique=True)
    lang: Mapped[str] = mapped_column(String(2))
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    payload: Mapped[str] = mapped_column(Text)


class CachedStatus(Base):
    """What `status_of` said of a record of a person under a scheme on the day it was computed; nothing but a cache that the function rebuilds.

    It holds from that day through the day before `next_change_on`. No row: there is no record, so the standing is none.
    """

    __tablename__ = "cached_status"
    __table_args__ = (Index("ix_cached_status_next_change_on", "next_change_on"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    scheme: Mapped[str] = mapped_column(String(80), primary_key=True)
    standing: Mapped[str] = mapped_column(String(20))
    training: Mapped[str] = mapped_column(String(20))
    until_on: Mapped[date | None]
    next_change_on: Mapped[date | None]
    computed_at: Mapped[datetime]


class StatusBuild(Base):
    """How far the statuses of a scheme are computed from the revision `digest` of its file: through person `at_person`; ready_at: all of them."""

    __tablename__ = "status_build"

    scheme: Mapped[str] = mapped_column(String(80), primary_key=True)
    digest: Mapped[str] = mapped_column(String(80))
    at_person: Mapped[int] = mapped_column(default=0)
    ready_at: Mapped[datetime | None]


class DocumentBatch(Base):
    """Papers of one scheme that a job puts into one file for whoever asked, who may fetch it for some days.

    paths: JSON of the subtrees that were asked for; lang: the language beside the Vietnamese, or 'own' for that of each person; document_ids: JSON, in
    the order of printing, of which the first `done` are printed. One process at a time works on it: `claim` names it, until `lease_until`.
    """

    __tablename__ = "document_batch"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'ready', 'failed', 'forgotten')", name="state"),
        CheckConstraint("layout IN ('a5', 'a4', 'wallet')", name="layout"),
        CheckConstraint("form IN ('pdf', 'zip')", name="form"),
        Index("ix_document_batch_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    scheme: Mapped[str] = mapped_column(String(80))
    paths: Mapped[str] = mapped_column(Text)
    layout: Mapped[str] = mapped_column(String(6))
    lang: Mapped[str] = mapped_column(String(3))
    form: Mapped[str] = mapped_column(String(3))
    document_ids: Mapped[str] = mapped_column(Text)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str] = mapped_column(String(40), default="")
    lease_until: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    size: Mapped[int] = mapped_column(default=0)


class DocumentBatchPart(Base):
    """A stretch of the file of a batch; while the job works, a file of some of its papers."""

    __tablename__ = "document_batch_part"

    batch_id: Mapped[int] = mapped_column(ForeignKey("document_batch.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


for _model in (Evidence, EvidenceMark, Period, PeriodMark, TrainingTrigger, Document):
    append_only(_model.__table__)  # type: ignore[arg-type]
