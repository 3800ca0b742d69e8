"""Who is asking, and may they: the signed-in person, and what views require of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user, login_required
from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lms.errors import NotAllowed
from lms.people.models import Account, Person, RoleGrant, Unit
from lms.people.rules import Grant, Permission, Role, after_subtree, paths_of
from lms.platform.site import reading, today

V = TypeVar("V", bound=Callable[..., Any])

__all__ = ["SignedIn", "current_person", "in_paths", "login_required", "may", "permission_required", "scope"]


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """The signed-in person of this request. `epoch` must equal the account's, else the session is over."""

    person_id: int
    name: str
    epoch: int
    must_change: bool
    demo: bool
    grants: tuple[Grant, ...] = field(default=())

    def get_id(self) -> str:
        """What the session cookie holds: the person's id and the epoch of the account."""
        return f"{self.person_id}.{self.epoch}"

    def has_role(self, role: Role) -> bool:
        """Whether one of the grants in force today is of this role."""
        return any(grant.role is role and grant.holds(today()) for grant in self.grants)


ACCOUNT = (
    select(
        Person.full_name, Person.demo, Account.epoch, Account.must_change, RoleGrant.role, Unit.path, RoleGrant.from_on, RoleGrant.until_on, RoleGrant.unit_id
    )
    .join(Account, Account.person_id == Person.id)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
)


def find_signed_in(db: Session, person_id: int, epoch: int) -> SignedIn | None:
    """The person of a session, if the account is active and the session not signed out: one query."""
    rows = db.execute(ACCOUNT.where(Person.id == person_id, Account.active, Account.epoch == epoch)).all()
    if not rows:
        return None
    grants = tuple(Grant(Role(row.role), row.path or "/", row.from_on, row.until_on) for row in rows if row.role)
    first = rows[0]
    return SignedIn(person_id, first.full_name, first.epoch, first.must_change, first.demo, grants)


def current_person() -> SignedIn:
    """The signed-in person; use it only behind `login_required`."""
    return cast("SignedIn", current_user)


def scope(permission: Permission) -> tuple[str, ...]:
    """The subtrees over which the present person has a permission today."""
    if not current_user.is_authenticated:
        return ()
    kept: dict[Permission, tuple[str, ...]] = g.setdefault("scope", {})
    if permission not in kept:
        kept[permission] = paths_of(current_person().grants, permission, today())
    return kept[permission]


def may(permission: Permission) -> bool:
    """Whether the present person has the permission anywhere."""
    return bool(scope(permission))


def in_paths(column: InstrumentedAttribute[str], paths: tuple[str, ...]) -> ColumnElement[bool]:
    """The condition that a unit's path lies in one of the subtrees; nothing lies in none."""
    return or_(*(and_(column >= path, column < after_subtree(path)) for path in paths)) if paths else false()


def permission_required(*permissions: Permission) -> Callable[[V], V]:
    """Sign-in, and at least one of the permissions somewhere; the view narrows its rows to `scope(permission)`."""

    def wrap(view: V) -> V:
        @wraps(view)
        @login_required
        def inner(*args: Any, **kwargs: Any) -> Any:
            if not any(may(permission) for permission in permissions):
                raise NotAllowed("Your role does not include this page.")
            return view(*args, **kwargs)

        return cast("V", inner)

    return wrap


def init_app(app: Flask) -> None:
    """Attach Flask-Login: one query a request finds the person and the roles."""
    manager = LoginManager(app)
    manager.login_view = "people.sign_in"
    manager.login_message = None
    manager.session_protection = None

    @manager.user_loader
    def _load(session_id: str) -> SignedIn | None:
        person_id, _, epoch = session_id.partition(".")
        found = find_signed_in(reading(), int(person_id), int(epoch)) if person_id.isdigit() and epoch.isdigit() else None
        if found is None:
            session.clear()
        return found
