"""Tables of item quality: figures kept between two computations, what learners report, what they are answered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base, append_only

WANTED = text("wanted_at IS NOT NULL")


class PaperFigures(Base):
    """The figures of the papers of one offering, and the wish to compute them and those of its items anew.

    scope: key of the offering, '' all offerings together. body: JSON (`service.storing.PaperLine`), '' before the first computation.
    wanted_at: since when somebody waits for a computation; whoever computes holds `lease_until`, and a lost lease is taken up again.
    """

    __tablename__ = "paper_figures"
    __table_args__ = (Index("ix_paper_figures_wanted", "wanted_at", sqlite_where=WANTED, postgresql_where=WANTED),)

    scope: Mapped[str] = mapped_column(String(160), primary_key=True)
    computed_at: Mapped[datetime | None]
    body: Mapped[str] = mapped_column(Text, default="")
    wanted_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]


class ItemFigures(Base):
    """The figures of one item within a scope: a row for each revision that was sat, and where there are several one with digest '' for all together.

    place: file:line where it stood when it was computed.
    listed: the one row by which the item stands in the list (its revision that was sat last). look: how urgently it should be looked at.
    body: JSON of `rules.looking.Figures` and the flags. A cache: it is deleted and written anew with every computation of its scope.
    """

    __tablename__ = "item_figures"
    __table_args__ = (Index("ix_item_figures_list", "scope", "listed", "look"),)

    scope: Mapped[str] = mapped_column(String(160), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    bank: Mapped[str] = mapped_column(String(160))
    place: Mapped[str] = mapped_column(String(520))
    listed: Mapped[bool]
    look: Mapped[int]
    n: Mapped[int]
    last_attempt: Mapped[int]
    body: Mapped[str] = mapped_column(Text)


class ItemReport(Base):
    """A learner says that something is wrong with an item of an own paper. One for each attempt and item."""

    __tablename__ = "item_report"
    __table_args__ = (
        UniqueConstraint("attempt_id", "item_id"),
        Index("ix_item_report_item", "item_id"),
        CheckConstraint("reason IN ('unclear', 'key', 'picture', 'translation', 'other')", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    offering: Mapped[str] = mapped_column(String(160))
    item_id: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    lang: Mapped[str] = mapped_column(String(2))
    reason: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime]


class ItemReportAnswer(Base):
    """What a trainer answered to a report; the learner reads it. One for each report."""

    __tablename__ = "item_report_answer"
    __table_args__ = (CheckConstraint("outcome IN ('done', 'declined')", name="outcome"),)

    report_id: Mapped[int] = mapped_column(ForeignKey("item_report.id"), primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime]


append_only(ItemReport.__table__)  # type: ignore[arg-type]
append_only(ItemReportAnswer.__table__)  # type: ignore[arg-type]
