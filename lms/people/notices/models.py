"""Tables of notices: what was told, on which ways it goes out, what each person chose, and the browsers that get messages."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.people.notices.rules import CHANNELS, PACES, Topic
from lms.platform.db import Base

UNREAD = text("read_at IS NULL")
UNPLANNED = text("planned_at IS NULL")
WAITING = text("state = 'waiting'")
STATES = ("waiting", "sent", "failed")


def _one_of(column: str, values: object) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"  # type: ignore[attr-defined]


class Notice(Base):
    """Something told to a person. `words` is a stored phrase, so that it is read in the language of the day; `address` a page of this site, or empty.

    cause: what it is about, like 'document:12'; a person is told once of each. planned_at: when it was decided which ways it goes out.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "cause"),
        CheckConstraint(_one_of("topic", Topic), name="topic"),
        CheckConstraint("address = '' OR address LIKE '/%'", name="address"),
        Index("ix_notice_unread", "person_id", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("ix_notice_unplanned", "id", sqlite_where=UNPLANNED, postgresql_where=UNPLANNED),
        Index("ix_notice_made_at", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    topic: Mapped[str] = mapped_column(String(12))
    cause: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    planned_at: Mapped[datetime | None]


class NoticeDelivery(Base):
    """A notice on one way out: waits until `due_at`, is sent, or has failed for good (`why`: what the other side said, without personal values).

    One process at a time sends it: `claim` names it, until `lease_until`. A process that died between sending and noting it sends it again.
    """

    __tablename__ = "notice_delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        CheckConstraint(_one_of("channel", CHANNELS), name="channel"),
        CheckConstraint(_one_of("state", STATES), name="state"),
        Index("ix_notice_delivery_due", "channel", "due_at", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_notice_delivery_claim", "claim", sqlite_where=text("claim <> ''"), postgresql_where=text("claim <> ''")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[str] = mapped_column(String(4))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str] = mapped_column(String(40), default="")
    lease_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(String(200), default="")


class NoticeChoice(Base):
    """What a person chose. No row: what the rules say for everybody.

    quiet_from, quiet_until: minutes of the day (none: the site's); muted: topics, each between commas.
    """

    __tablename__ = "notice_choice"
    __table_args__ = (
        CheckConstraint(_one_of("mail", PACES), name="mail"),
        CheckConstraint("quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1439", name="quiet"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    mail: Mapped[str] = mapped_column(String(8))
    hook: Mapped[bool] = mapped_column(Boolean)
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    muted: Mapped[str] = mapped_column(String(100), default="")
    changed_at: Mapped[datetime]


class PushSubscription(Base):
    """A browser that gets a person's messages: the address at its maker's push service and the keys that only it can read with.

    agent: browser and system, as in `signed_session`.
    """

    __tablename__ = "push_subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    endpoint: Mapped[str] = mapped_column(String(1000), unique=True)
    browser_key: Mapped[str] = mapped_column(String(100))
    browser_secret: Mapped[str] = mapped_column(String(40))
    agent: Mapped[str] = mapped_column(String(40), default="")
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
