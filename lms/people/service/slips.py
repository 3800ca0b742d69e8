"""Slips: new secrets for one person or a batch of learners, to be printed and handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.people.models import Account, Membership, Person, RoleGrant, Unit
from lms.people.rules import Role
from lms.people.secrets import Secret
from lms.people.service.scope import is_visible, works_on
from lms.platform.audit import record

BATCH = 40
"""How many slips are made at once: hashing a PIN takes 30 ms."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Which learners get slips: those of a subtree, of the actor's subtrees, on a day; all of them, or who never signed in."""

    unit_path: str
    paths: Sequence[str]
    on: date
    all_learners: bool = False


@dataclass(frozen=True, slots=True)
class NewSlip:
    """What a slip says: the name, what to sign in with, the secret (here only, never kept in clear), and the account's epoch."""

    person_id: int
    full_name: str
    sign_in_name: str
    secret: str
    epoch: int
    unit: str | None = None


def _where(batch: Batch) -> list[ColumnElement[bool]]:
    staff = select(RoleGrant.person_id).where(RoleGrant.role != Role.LEARNER, or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= batch.on))
    inside = select(Membership.person_id).join(Unit, Unit.id == Membership.unit_id).where(works_on(batch.on), Unit.path.startswith(batch.unit_path))
    where = [is_visible(batch.paths, batch.on), Person.id.in_(inside), Person.id.not_in(staff), or_(Account.active.is_(None), Account.active)]
    where.append(or_(Person.staff_code.is_not(None), Person.phone.is_not(None)))
    if not batch.all_learners:
        where.append(Account.last_sign_in_at.is_(None))
    return where


def count_for_slips(session: Session, batch: Batch) -> int:
    """How many learners the batch would reach."""
    counted = select(func.count()).select_from(Person).outerjoin(Account, Account.person_id == Person.id)
    return session.scalar(counted.where(*_where(batch))) or 0


def list_for_slips(session: Session, batch: Batch, *, after: str = "") -> tuple[list[int], str]:
    """The ids of the next learners in the order of names, and where to go on ('' at the end)."""
    where = _where(batch)
    sort_key, _, last_id = after.partition(".")
    if last_id.isdigit():
        where.append(or_(Person.sort_key > sort_key, and_(Person.sort_key == sort_key, Person.id > int(last_id))))
    wanted = select(Person.id, Person.sort_key).outerjoin(Account, Account.person_id == Person.id).where(*where)
    rows = session.execute(wanted.order_by(Person.sort_key, Person.id).limit(BATCH + 1)).all()
    more = len(rows) > BATCH
    return [row.id for row in rows[:BATCH]], f"{rows[BATCH - 1].sort_key}.{rows[BATCH - 1].id}" if more else ""


def make_slips(session: Session, batch: Batch, *, secrets: dict[int, Secret], actor_id: int | None, now: datetime) -> list[NewSlip]:
    """Store new PINs for these learners; each must be changed at the next sign-in, and sessions end.

    secrets: by person, hashed before the transaction. Who no longer belongs to the batch (a staff role since) is left out.
    """
    chosen = _where(batch)
    wanted = select(Person.id, Person.full_name, Person.staff_code, Person.phone).outerjoin(Account, Account.person_id == Person.id)
    people = session.execute(wanted.where(*chosen, Person.id.in_(list(secrets))).order_by(Person.sort_key, Person.id)).all()
    if not people:
        return []
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = [
        {"person_id": one.id, "secret_hash": secrets[one.id].hash, "secret_kind": "pin", "must_change": True, "active": True, "epoch": 1} for one in people
    ]
    made = dialect.insert(Account).values(values)
    given = {"secret_hash": made.excluded.secret_hash, "secret_kind": "pin", "must_change": True, "epoch": Account.epoch + 1}
    session.execute(made.on_conflict_do_update(index_elements=["person_id"], set_=given))
    epochs = dict(session.execute(select(Account.person_id, Account.epoch).where(Account.person_id.in_([one.id for one in people]))).all())
    for one in people:
        record(session, now=now, actor_id=actor_id, action="secret_reset", subject_kind="person", subject_id=one.id, detail={"batch": len(people)})
    session.flush()
    return [NewSlip(one.id, one.full_name, one.staff_code or one.phone, secrets[one.id].text, epochs[one.id]) for one in people]
