"""Tables of people: units (a tree), persons, memberships over time, accounts, roles, tries to sign in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.people.rules import Role, search_text, unit_search_text, unit_sort_key
from lms.platform.db import Base, append_only

OPEN_MAIN = text("until_on IS NULL AND main")
ROLES = ", ".join(f"'{role}'" for role in Role)


def _unit_sort_key(context: Any) -> str:
    return unit_sort_key(context.get_current_parameters()["name"])


def _unit_search_text(context: Any) -> str:
    given = context.get_current_parameters()
    return unit_search_text(given["name"], given["code"])


class Unit(Base):
    """A node of the organisation. `path` is '/' and the ids from the root down, each followed by '/': '/1/4/9/'.

    A closed unit keeps its people's history and takes no new ones; `merged_into` is the unit that has taken it over.
    `tags`: what a sector calls for, each between commas (',craft_village,sme,'); `sort_key` and `search_text` follow name and code.
    """

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("path LIKE '/%/'", name="path"),
        CheckConstraint("parent_id <> id", name="parent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(String(255), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    tags: Mapped[str] = mapped_column(String(200), default="", server_default="")
    sort_key: Mapped[str] = mapped_column(String(1000), default=_unit_sort_key, server_default="", index=True)
    search_text: Mapped[str] = mapped_column(String(260), default=_unit_search_text, server_default="")
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    closed_on: Mapped[date | None]
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))


class UnitPast(Base):
    """How a unit was called and where it stood until a change: with these rows a report as of a past day shows it as it was."""

    __tablename__ = "unit_past"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    until_at: Mapped[datetime]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    tags: Mapped[str] = mapped_column(String(200), default="", server_default="")
    closed_on: Mapped[date | None]


class UnitHeadCount(Base):
    """How many people a unit has, everything below it included, on a day, as somebody has approved it. Later rows count; nothing is changed."""

    __tablename__ = "unit_head_count"
    __table_args__ = (CheckConstraint("n >= 0", name="n"), Index("ix_unit_head_count_unit", "unit_id", "counted_on", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    n: Mapped[int]
    counted_on: Mapped[date]
    approved_by: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(400), default="")
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]


append_only(UnitPast.__table__)  # type: ignore[arg-type]
append_only(UnitHeadCount.__table__)  # type: ignore[arg-type]


def _search_text(context: Any) -> str:
    given = context.get_current_parameters()
    return search_text(given["full_name"], given.get("staff_code"), given.get("phone"))


class Person(Base):
    """A human known to the site; never deleted, so that history keeps its meaning (but for one whom an import made by mistake and nothing else knows).

    `staff_code` and `phone` are kept in their normal form (rules.normal_code, rules.normal_phone); `sort_key` orders as the
    name's language does; `search_text` is what a search looks through.
    """

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("lang IN ('vi', 'zh', 'en')", name="lang"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_code: Mapped[str | None] = mapped_column(String(40), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    email: Mapped[str | None] = mapped_column(String(200), unique=True)
    full_name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(String(1000), index=True)
    search_text: Mapped[str] = mapped_column(String(400), default=_search_text)
    birth_on: Mapped[date | None]
    lang: Mapped[str] = mapped_column(String(2), default="vi")
    national_id_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    national_id_last: Mapped[str | None] = mapped_column(String(4))
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


WORK_KINDS = ("employee", "contractor", "trainee", "member")
"""Employee; somebody sent by a contractor; trainee; member of a co-operative or union without an employer."""


class Membership(Base):
    """A person worked in a unit in a position from a day until a day (both included; open if none). Never deleted, but by undoing an import."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="dates"),
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in WORK_KINDS)})", name="kind"),
        Index("ix_membership_unit_person", "unit_id", "person_id"),
        Index("uq_membership_main", "person_id", unique=True, sqlite_where=OPEN_MAIN, postgresql_where=OPEN_MAIN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    position: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[str] = mapped_column(String(12), default="employee", server_default="employee")
    main: Mapped[bool] = mapped_column(default=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class Account(Base):
    """How a person signs in. `epoch` is part of every session: raising it signs out everywhere. `secret_kind`: pin or password.

    `must_change`: the secret came from a slip, and the person chooses an own one before anything else.
    """

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
    """A person holds a role over the subtree of a unit (the whole site if none), from a day until a day. Ended, never deleted."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(f"role IN ({ROLES})", name="role"),
        Index("ix_role_grant_role", "role", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    granted_by: Mapped[int | None]


class SignInTry(Base):
    """Failed sign-ins in a row of one device at one account, or sums over devices and addresses.

    `subject` is a keyed digest of the account (or of what was typed where there is none: people type PINs into the wrong field)
    or '*'; `device` is the device's random name, '*' for all devices unknown to the account, '@...' a keyed digest of an address.
    `known`: this device has signed in as this account ('*': as anybody).
    """

    __tablename__ = "sign_in_try"
    __table_args__ = (
        UniqueConstraint("subject", "device"),
        Index("ix_sign_in_try_device", "device", "last_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(64))
    failures: Mapped[int] = mapped_column(default=0)
    known: Mapped[bool] = mapped_column(default=False)
    last_at: Mapped[datetime]
