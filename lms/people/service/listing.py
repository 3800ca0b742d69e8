"""Lists of people: a page of 50 costs three queries, whatever the size of the site."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from lms.people.models import Account, Membership, Person, RoleGrant, Unit
from lms.people.rules import Role, fold, normal_phone
from lms.people.service.scope import in_paths, is_visible, works_on
from lms.people.service.unit_lists import paths_matching
from lms.people.signing.models import TotpKey

PAGE = 50


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list. active: the account is open; none: there is no account yet."""

    id: int
    full_name: str
    staff_code: str | None
    phone: str | None
    unit: str | None
    position: str | None
    active: bool | None
    must_change: bool | None
    last_sign_in_at: datetime | None
    roles: tuple[Role, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of people is narrowed to, and how it is sorted.

    search: words of the name (accents and đ do not matter), staff code, or phone; unit_words: a unit's code, or words of its name;
    owing: holders of these roles for whom no authenticator app is set up.
    """

    search: str = ""
    unit_id: int | None = None
    unit_words: str = ""
    role: Role | None = None
    closed: bool = False
    owing: tuple[str, ...] = ()
    sort: str = "name"

    @property
    def narrows(self) -> bool:
        """Whether it leaves out anybody but those with closed accounts (or with open ones)."""
        return bool(self.search.strip() or self.unit_id is not None or self.unit_words or self.role or self.owing)


SORTS = ("name", "code", "unit", "signed_in")
"""By name as its language orders it, by staff code, by unit as the tree goes, by the last sign-in (never, then the longest ago)."""


def list_people(session: Session, *, paths: Sequence[str], wanted: Wanted, on: date, page: int) -> tuple[list[PersonRow], int]:
    """A page of people in the order that is wanted, and how many there are in all; first who they are, then what is shown of them."""
    ids, total = _page_of_ids(session, paths, wanted, on, page)
    shown_of = (
        select(
            Person.id,
            Person.full_name,
            Person.staff_code,
            Person.phone,
            Unit.name,
            Membership.position,
            Account.active,
            Account.must_change,
            Account.last_sign_in_at,
        )
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id.in_(ids))
    )
    rows = session.execute(_at_work(shown_of, on)).all()
    held = roles_of(session, person_ids=ids, on=on)
    shown = {row.id: replace(PersonRow(*row), roles=held.get(row.id, ())) for row in rows}
    return [shown[one] for one in ids], total


def _page_of_ids(session: Session, paths: Sequence[str], wanted: Wanted, on: date, page: int) -> tuple[list[int], int]:
    """Who stands on a page, and how many there are. What looks through everybody looks once: the number comes with the page."""
    where = [is_visible(paths, on), *_narrowed(session, wanted, paths, on)]
    asked = _sorted(select(Person.id), wanted.sort, on).where(*where).limit(PAGE).offset((page - 1) * PAGE)
    if wanted.narrows or "/" not in paths:
        rows = session.execute(asked.add_columns(func.count().over())).all()
        if rows or page == 1:
            return [row[0] for row in rows], rows[0][1] if rows else 0
        return [], session.scalar(select(func.count()).select_from(Person).where(*where)) or 0
    ids = list(session.scalars(asked))
    shut = select(func.count()).select_from(Account).where(Account.active.is_(False)).scalar_subquery()
    everybody = select(func.count()).select_from(Person).scalar_subquery()
    return ids, session.scalar(select(shut if wanted.closed else everybody - shut)) or 0


def _sorted(asked: Any, sort: str, on: date) -> Any:
    """Order a question about people, with the tables that the order needs."""
    if sort == "unit":
        asked = _at_work(asked, on)
    elif sort == "signed_in":
        asked = asked.outerjoin(Account, Account.person_id == Person.id)
    return asked.order_by(*_order(sort))


def iter_people(session: Session, *, paths: Sequence[str], wanted: Wanted, on: date) -> Iterator[tuple[Person, Membership | None, Unit | None]]:
    """Every person of a list with the main work of the day, fetched a thousand at a time."""
    asked = _at_work(select(Person, Membership, Unit), on).outerjoin(Account, Account.person_id == Person.id)
    asked = asked.where(is_visible(paths, on), *_narrowed(session, wanted, paths, on)).order_by(*_order(wanted.sort))
    for row in session.execute(asked.execution_options(yield_per=1000)):
        yield row[0], row[1], row[2]


def _at_work(asked: Any, on: date) -> Any:
    """A question about people, with the main work of a day and its unit."""
    main = and_(Membership.person_id == Person.id, Membership.main, works_on(on))
    return asked.outerjoin(Membership, main).outerjoin(Unit, Unit.id == Membership.unit_id)


def _order(sort: str) -> tuple[Any, ...]:
    """What people are ordered by; the name decides between equals."""
    first: dict[str, Any] = {
        "code": Person.staff_code.asc().nulls_last(),
        "unit": Unit.path.asc().nulls_last(),
        "signed_in": Account.last_sign_in_at.asc().nulls_first(),
    }
    return (*((first[sort],) if sort in first else ()), Person.sort_key, Person.id)


def roles_of(session: Session, *, person_ids: Sequence[int], on: date) -> dict[int, tuple[Role, ...]]:
    """The roles that people hold on a day, each once, in the order of the table of roles."""
    rows = session.execute(select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.person_id.in_(person_ids), _holds(on)))
    held: dict[int, set[Role]] = {}
    for person_id, role in rows:
        held.setdefault(person_id, set()).add(Role(role))
    return {person_id: tuple(role for role in Role if role in roles) for person_id, roles in held.items()}


def _narrowed(session: Session, wanted: Wanted, paths: Sequence[str], on: date) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [Person.search_text.contains(word, autoescape=True) for word in search_words(wanted.search)]
    if wanted.unit_id is not None or wanted.unit_words:
        named = paths_matching(session, paths=paths, words=wanted.unit_words) if wanted.unit_words else None
        chosen = named if named is not None else session.scalars(select(Unit.path).where(Unit.id == wanted.unit_id)).all()
        inside: Any = select(Membership.person_id).join(Unit, Unit.id == Membership.unit_id).where(works_on(on), in_paths(Unit.path, chosen))
        where.append(Person.id.in_(inside))
    if wanted.role is not None:
        where.append(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == wanted.role, _holds(on))))
    if wanted.owing:
        where.append(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role.in_(wanted.owing), _holds(on))))
        where.append(Person.id.not_in(select(TotpKey.person_id).where(TotpKey.confirmed_at.is_not(None))))
    shut = select(Account.person_id).where(Account.active.is_(False))
    where.append(Person.id.in_(shut) if wanted.closed else Person.id.not_in(shut))
    return where


def search_words(search: str) -> list[str]:
    """The words to find, folded; a phone number as people type it is one word in its normal form."""
    phone = normal_phone(search) if search.strip() else None
    return [phone] if phone else fold(search).split()


def _holds(on: date) -> ColumnElement[bool]:
    return and_(or_(RoleGrant.from_on.is_(None), RoleGrant.from_on <= on), or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= on))
