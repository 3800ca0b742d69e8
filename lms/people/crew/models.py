"""The table of crew mode: the browsers that a unit shares."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base

OPEN = text("closed_at IS NULL")


class CrewDevice(Base):
    """A browser on which the people of a unit sign in by name or badge and PIN, until a day (included). device: digest of the browser's name."""

    __tablename__ = "crew_device"
    __table_args__ = (Index("uq_crew_device_open", "device", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    label: Mapped[str] = mapped_column(String(80))
    until_on: Mapped[date]
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    used_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
