"""Tables of people: units (a tree), persons, memberships over time, accounts, roles, failed sign-ins."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base


MAIN = text("until_on IS NULL AND main")


class Unit(Base):
    """A node of the organisation. `path` is '/' and the ids from the root down, each followed by '/': '/1/4/9/'."""

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("path LIKE '/%/'", name="path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(String(255), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    closed_on: Mapped[date | None]


class Person(Base):
    """A human known to the site; never deleted, so that history keeps its meaning. `sort_key` orders as the name's language does."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_code: Mapped[str | None] = mapped_column(String(40), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    email: Mapped[str | None] = mapped_column(String(200), unique=True)
    full_name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(String(400), index=True)
    birth_on: Mapped[date | None]
    lang: Mapped[str] = mapped_column(String(2), default="vi")
    national_id_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    national_id_last: Mapped[str | None] = mapped_column(String(4))
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Membership(Base):
    """A person worked in a unit in a position from a day until a day (both included; open if none)."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="dates"),
        Index("ix_membership_unit_person", "unit_id", "person_id"),
        Index(
            "uq_membership_main", "person_id", unique=True, sqlite_where=text("until_on IS NULL AND main"), postgresql_where=text("until_on IS NULL AND main")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    position: Mapped[str] = mapped_column(String(120), default="")
    main: Mapped[bool] = mapped_column(default=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class Account(Base):
    """How a person signs in. `epoch` is part of every session: raising it signs out everywhere. `secret_kind`: pin or password."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("secret_kind IN ('pin', 'password')", name="secret_kind"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(Text)
    secret_kind: Mapped[str] = mapped_column(String(10))
    must_change: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    epoch: Mapped[int] = mapped_column(default=1)
    last_sign_in_at: Mapped[datetime | None]


class RoleGrant(Base):
    """A person holds a role over the subtree of a unit (the whole site if none), from a day until a day."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    granted_by: Mapped[int | None]


class SignInFailure(Base):
    """Failed sign-ins in a row, per account and per device; a success of that device clears its row."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (UniqueConstraint("subject", "device"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    device: Mapped[str] = mapped_column(String(64))
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
