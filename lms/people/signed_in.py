"""Who is signed in: what every request knows of its person, found by one query."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, exists, literal_column, select
from sqlalchemy.orm import Session

from lms.people.models import Account, Person, RoleGrant, Unit
from lms.people.notices.models import Notice
from lms.people.rules import Grant, Role, is_staff
from lms.people.signing.models import SignedSession
from lms.platform.db import driver_rows, driver_text, plain


@dataclass(frozen=True)
class SignedIn:
    """The signed-in person of this request, as Flask-Login wants it. `epoch` must equal the account's, else the session is over.

    `must_change`: an own PIN or password comes before anything else. `on`: today, for which roles count. `session_id`: of `signed_session`, `seen_ms`:
    when that was last noted to be in use. `unread`: notices wait.
    """

    person_id: int
    name: str
    epoch: int
    must_change: bool
    demo: bool
    on: date
    grants: tuple[Grant, ...] = field(default=())
    lang: str = "vi"
    session_id: int = 0
    seen_ms: int = 0
    unread: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What the session cookie holds: the person's id, the epoch of the account, and which session it is."""
        return f"{self.person_id}.{self.epoch}.{self.session_id}"

    def has_role(self, role: Role) -> bool:
        """Whether one of the grants in force today is of this role."""
        return any(grant.role is role and grant.holds(self.on) for grant in self.grants)

    @property
    def staff(self) -> bool:
        """Whether the person holds a staff role, and so signs in with a password."""
        return is_staff(self.grants, self.on)


UNREAD = exists().where(Notice.person_id == Person.id, Notice.read_at.is_(None))
KNOWN = (Person.full_name, Person.demo, Person.lang, Account.must_change, Account.secret_kind, UNREAD)
HELD = (RoleGrant.role, Unit.path, RoleGrant.from_on, RoleGrant.until_on)


def _asked(*more: Any) -> Select[Any]:
    joined = select(*KNOWN, *more, *HELD).join(Account, Account.person_id == Person.id)
    held = joined.outerjoin(RoleGrant, RoleGrant.person_id == Person.id).outerjoin(Unit, Unit.id == RoleGrant.unit_id)
    return held.where(Person.id == bindparam("person", type_=Integer), Account.active, Account.epoch == bindparam("epoch", type_=Integer))


ACCOUNT = driver_text(_asked(literal_column("0")))
SESSION = driver_text(
    _asked(SignedSession.seen_at)
    .join(SignedSession, SignedSession.person_id == Person.id)
    .where(SignedSession.id == bindparam("session", type_=Integer), SignedSession.ended_at.is_(None))
)
"""Asked by every request, so it goes straight to the driver."""


def find_signed_in(asker: Session | Connection, person_id: int, epoch: int, on: date, session_id: int | None = None) -> SignedIn | None:
    """The person of a session, if the account is open and the session is not over: one query. session_id: None for an account without one.

    A PIN is for learners: whoever got a staff role since must choose a password first.
    """
    connection = plain(asker)
    text, session = (ACCOUNT, {}) if session_id is None else (SESSION, {"session": session_id})
    rows = driver_rows(connection, text[connection.dialect.name], {"person": person_id, "epoch": epoch} | session)
    if not rows:
        return None
    name, demo, lang, must_change, kind, unread, seen_ms, *_ = rows[0]
    grants = tuple(Grant(Role(role), path or "/", _day(since), _day(until)) for *_, role, path, since, until in rows if role)
    must_change = must_change or (kind == "pin" and any(grant.holds(on) for grant in grants if grant.role is not Role.LEARNER))
    return SignedIn(person_id, name, epoch, bool(must_change), bool(demo), on, grants, lang, session_id or 0, int(seen_ms), bool(unread))


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
