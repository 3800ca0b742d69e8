"""Tables of joining: codes that units give out, and what waits to be approved."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base


class JoinCode(Base):
    """With this code people enter themselves into a unit, until a day, at most so many times (no limit if none). approved: somebody looks first."""

    __tablename__ = "join_code"
    __table_args__ = (CheckConstraint("uses >= 0", name="uses"), CheckConstraint("most_uses IS NULL OR uses <= most_uses", name="most_uses"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    approved: Mapped[bool] = mapped_column(default=True)
    until_on: Mapped[date]
    most_uses: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class JoinRequest(Base):
    """Somebody who has entered themselves and waits. Accepted, they become a person; refused or forgotten, the row goes."""

    __tablename__ = "join_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_id: Mapped[int] = mapped_column(ForeignKey("join_code.id"), index=True)
    full_name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(20), unique=True)
    lang: Mapped[str] = mapped_column(String(2))
    secret_hash: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(index=True)
