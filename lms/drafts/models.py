"""The table of draft links. A row is ended, never deleted."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base


class DraftLink(Base):
    """Whoever knows the token may read a revision of a source, without keys, until an instant.

    token_digest: SHA-256 of the token, which is made of the nonce and the site's secret key (`rules.token_of`). rev: as it was asked for.
    branch: the branch that is followed, '' for a tag or a commit. commit_id: where the branch stood when it was looked up last, or what is pinned;
    '' until the revision is found. package: 'courses/x' where the link shows nothing else. made_by: nobody where a command made it.
    looked_at: when the source was fetched for this link last; failed: why the revision could not be found, as JSON, '' where all is well.
    visits: readings with pauses of half an hour between them; opened_at: the last page, to the minute.
    """

    __tablename__ = "draft_link"
    __table_args__ = (
        CheckConstraint("expires_at > made_at", name="lasts"),
        CheckConstraint("ended_by IS NULL OR ended_at IS NOT NULL", name="ended"),
        CheckConstraint("(visits > 0) = (opened_at IS NOT NULL)", name="opened"),
        Index("uq_draft_link_token_digest", "token_digest", unique=True),
        Index("ix_draft_link_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(40))
    rev: Mapped[str] = mapped_column(String(200))
    branch: Mapped[str] = mapped_column(String(200), default="")
    commit_id: Mapped[str] = mapped_column(String(40), default="")
    package: Mapped[str] = mapped_column(String(100), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    looked_at: Mapped[datetime | None]
    failed: Mapped[str] = mapped_column(Text, default="")
    visits: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
