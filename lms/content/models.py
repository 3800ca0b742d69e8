"""Tables of content: everything that was ever published, under its digest; nothing here is changed or deleted but the pointer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base, append_only

DIGEST = String(64)
STALE = text("translates <> source_digest")
QUEUED = text("state = 'queued'")
RUNNING = text("state IN ('fetching', 'checking', 'storing')")


class ContentPackage(Base):
    """A compiled course, quiz, contest, scheme or glossary as JSON; `source_rev` is where it was first read."""

    __tablename__ = "content_package"
    __table_args__ = (CheckConstraint("kind IN ('courses', 'quizzes', 'contests', 'schemes', 'glossary')", name="kind"),)

    digest: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    slug: Mapped[str] = mapped_column(String(80))
    source_rev: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)


class ContentBlob(Base):
    """A picture that published content shows."""

    __tablename__ = "content_blob"

    digest: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ItemRevision(Base):
    """One revision of an item, for ever: papers name it, and its key judges them."""

    __tablename__ = "item_revision"
    __table_args__ = (Index("ix_item_revision_item_id", "item_id"),)

    digest: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    item_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(20))
    presentation_digest: Mapped[str] = mapped_column(DIGEST)
    key_digest: Mapped[str] = mapped_column(DIGEST)
    body: Mapped[str] = mapped_column(Text)


class Publication(Base):
    """One publishing. manifest: {'courses/x': {digest, source_rev}}; report: what was held and why, as JSON."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(DIGEST)
    manifest: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    published_by: Mapped[int | None]
    report: Mapped[str] = mapped_column(Text)


class PublicationCurrent(Base):
    """Which publication the site shows; one row, switched to publish and to go back."""

    __tablename__ = "publication_current"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))


class ItemLife(Base):
    """Where an item id lives, or since when it is gone; digest and key_digest are those of its last published revision."""

    __tablename__ = "item_life"
    __table_args__ = (Index("ix_item_life_gone", "item_id", sqlite_where=text("gone_at IS NOT NULL"), postgresql_where=text("gone_at IS NOT NULL")),)

    item_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    package: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(500))
    digest: Mapped[str] = mapped_column(DIGEST)
    key_digest: Mapped[str] = mapped_column(DIGEST)
    gone_at: Mapped[datetime | None]


class Translation(Base):
    """A translated item ('item:<id>') or lesson ('lesson:<course>/<slug>'). It is stale where `translates` is not `source_digest`.

    text_digest: of its words; source_digest: of the words of the source as published last; translates: of the words of the source when this
    translation last changed or was confirmed, which was at `since`.
    """

    __tablename__ = "translation"
    __table_args__ = (Index("ix_translation_stale", "place", sqlite_where=STALE, postgresql_where=STALE),)

    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    lang: Mapped[str] = mapped_column(String(2), primary_key=True)
    package: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(500))
    text_digest: Mapped[str] = mapped_column(DIGEST)
    source_digest: Mapped[str] = mapped_column(DIGEST)
    translates: Mapped[str] = mapped_column(DIGEST)
    since: Mapped[datetime]


class PublishJob(Base):
    """A wish to publish, and what became of it. One at a time runs; a wish that waits already is not made twice.

    source: '' for all sources, else the one that was pushed to; rev: '' for their branches. Whoever runs it writes `claim` and lengthens
    `lease_until`; a job whose lease is over was lost with its process, and the next tick takes it up again.
    """

    __tablename__ = "publish_job"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'fetching', 'checking', 'storing', 'done', 'failed')", name="state"),
        CheckConstraint("kind IN ('button', 'command', 'hook', 'poll')", name="kind"),
        CheckConstraint("(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", name="ended"),
        Index("uq_publish_job_queued", "source", "rev", unique=True, sqlite_where=QUEUED, postgresql_where=QUEUED),
        Index("uq_publish_job_running", "slot", unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(40), default="")
    rev: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(10), default="queued")
    slot: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    claim: Mapped[str] = mapped_column(String(40), default="")
    tries: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(Text, default="")
    publication_id: Mapped[int | None] = mapped_column(ForeignKey("publication.id"))


class SourceState(Base):
    """How a content source was found last. rev: what was there; failed: why it could not be read, as JSON, since `failing_since`."""

    __tablename__ = "content_source"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    looked_at: Mapped[datetime]
    rev: Mapped[str] = mapped_column(String(200), default="")
    failed: Mapped[str] = mapped_column(Text, default="")
    failing_since: Mapped[datetime | None]


def _table(model: type[Base]) -> Table:
    assert isinstance(model.__table__, Table)
    return model.__table__


for kept in (ContentPackage, ContentBlob, ItemRevision, Publication):
    append_only(_table(kept))
