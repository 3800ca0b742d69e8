"""Who is signed in: what every request knows of its person, found by one query."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session

from lms.people.models import Account, Person, RoleGrant, Unit
from lms.people.rules import Grant, Role, is_staff


@dataclass(frozen=True)
class SignedIn:
    """The signed-in person of this request, as Flask-Login wants it. `epoch` must equal the account's, else the session is over.

    `must_change`: an own PIN or password comes before anything else. `on`: today, for which roles count.
    """

    person_id: int
    name: str
    epoch: int
    must_change: bool
    demo: bool
    on: date
    grants: tuple[Grant, ...] = field(default=())
    lang: str = "vi"
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What the session cookie holds: the person's id and the epoch of the account."""
        return f"{self.person_id}.{self.epoch}"

    def has_role(self, role: Role) -> bool:
        """Whether one of the grants in force today is of this role."""
        return any(grant.role is role and grant.holds(self.on) for grant in self.grants)

    @property
    def staff(self) -> bool:
        """Whether the person holds a staff role, and so signs in with a password."""
        return is_staff(self.grants, self.on)


ACCOUNT = (
    select(
        Person.full_name,
        Person.demo,
        Person.lang,
        Account.epoch,
        Account.must_change,
        Account.secret_kind,
        RoleGrant.role,
        Unit.path,
        RoleGrant.from_on,
        RoleGrant.until_on,
    )
    .join(Account, Account.person_id == Person.id)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
    .where(Person.id == bindparam("person", type_=Integer), Account.active, Account.epoch == bindparam("epoch", type_=Integer))
)


def find_signed_in(session: Session, person_id: int, epoch: int, on: date) -> SignedIn | None:
    """The person of a session, if the account is open and the session not signed out: one query.

    A PIN is for learners: whoever got a staff role since must choose a password first.
    """
    rows = session.connection().execute(ACCOUNT, {"person": person_id, "epoch": epoch}).all()
    if not rows:
        return None
    first = rows[0]
    grants = tuple(Grant(Role(row.role), row.path or "/", row.from_on, row.until_on) for row in rows if row.role)
    with_pin = first.secret_kind == "pin"  # noqa: S105  (a kind, no secret)
    must_change = first.must_change or (with_pin and any(grant.holds(on) for grant in grants if grant.role is not Role.LEARNER))
    return SignedIn(person_id, first.full_name, first.epoch, must_change, first.demo, on, grants, first.lang)
