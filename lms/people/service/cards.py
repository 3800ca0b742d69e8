"""Everything that is known of one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.people.models import Account, Membership, Person, RoleGrant, Unit
from lms.people.rules import Grant, Role, covers, is_staff
from lms.people.service.persons import get_person


@dataclass(frozen=True, slots=True)
class Work:
    """A membership with its unit."""

    membership: Membership
    unit: str
    path: str


@dataclass(frozen=True, slots=True)
class Held:
    """A role with the name of its unit (none: the whole site) and whether it holds today, will, or has ended."""

    id: int
    grant: Grant
    unit: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Card:
    """A person with memberships (latest first), roles and account."""

    person: Person
    works: tuple[Work, ...]
    roles: tuple[Held, ...]
    account: Account | None
    on: date

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The roles as the rules want them."""
        return tuple(held.grant for held in self.roles)

    @property
    def staff(self) -> bool:
        """Whether the person signs in with a password."""
        return is_staff(self.grants, self.on)

    @property
    def present(self) -> Work | None:
        """The main work of today, or the one that begins next."""
        lasting = [work for work in self.works if work.membership.main and (work.membership.until_on is None or work.membership.until_on >= self.on)]
        return min(lasting, key=lambda work: work.membership.from_on, default=None)

    def within(self, paths: Sequence[str]) -> bool:
        """Whether the person works, today or later, in one of the subtrees; the whole site has everybody."""
        lasting = (work for work in self.works if work.membership.until_on is None or work.membership.until_on >= self.on)
        return "/" in paths or any(covers(paths, work.path) for work in lasting)


def get_card(session: Session, *, person_id: int, paths: tuple[str, ...], on: date) -> Card:
    """The person with everything around, in four queries. Raises NotFound outside the subtrees."""
    person = get_person(session, person_id=person_id, paths=paths, on=on)
    works = session.execute(
        select(Membership, Unit.name, Unit.path)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id == person_id)
        .order_by(Membership.from_on.desc(), Membership.id.desc())
    ).all()
    roles = session.execute(
        select(RoleGrant, Unit.name, Unit.path).outerjoin(Unit, Unit.id == RoleGrant.unit_id).where(RoleGrant.person_id == person_id).order_by(RoleGrant.id)
    ).all()
    account = session.get(Account, person_id)
    return Card(person, tuple(Work(*row) for row in works), tuple(_held(row.RoleGrant, row.name, row.path, on) for row in roles), account, on)


def _held(kept: RoleGrant, unit: str | None, path: str | None, on: date) -> Held:
    grant = Grant(Role(kept.role), path or "/", kept.from_on, kept.until_on)
    later = grant.from_on is not None and grant.from_on > on
    return Held(kept.id, grant, unit, "holds" if grant.holds(on) else "later" if later else "ended")
