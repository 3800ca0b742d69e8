"""Tables of content: everything that was ever published, under its digest; nothing here is changed or deleted but the pointer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base, append_only

DIGEST = String(64)


class ContentPackage(Base):
    """A compiled course, quiz, contest or scheme as JSON; `source_rev` is where it was first read."""

    __tablename__ = "content_package"
    __table_args__ = (CheckConstraint("kind IN ('courses', 'quizzes', 'contests', 'schemes')", name="kind"),)

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


def _table(model: type[Base]) -> Table:
    assert isinstance(model.__table__, Table)
    return model.__table__


for kept in (ContentPackage, ContentBlob, ItemRevision, Publication):
    append_only(_table(kept))
