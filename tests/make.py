"""People and units for tests: `make_unit(session, ...)`, `make_learner(session, ...)`. Every value can be given."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.people.models import Account, Membership, Person, RoleGrant, Unit
from lms.people.rules import Role

MADE = datetime(2026, 1, 1, tzinfo=UTC)
PIN = "246813"
PIN_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PIN)
"""Cheap to check, for a hash says itself how it was made; what hashing costs in truth stands in the tests of secrets and of sign-in storms."""
_numbers = itertools.count(1)


def make_unit(session: Session, *, parent: Unit | None = None, **given: Any) -> Unit:
    """A unit below its parent (a root if none)."""
    number = next(_numbers)
    unit = Unit(
        **{
            "parent_id": parent.id if parent else None,
            "path": f"/tmp{number}/",
            "kind": "company",
            "code": f"U{number}",
            "name": f"Đơn vị {number}",
            "created_at": MADE,
        }
        | given
    )
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    session.flush()
    return unit


def make_learner(session: Session, *, unit: Unit | None = None, roles: tuple[Role, ...] = (), **given: Any) -> Person:
    """A person with an account (PIN 246813), a membership in the unit, and roles over it (the whole site if no unit)."""
    number = next(_numbers)
    person = Person(**{"staff_code": f"NV{number:04}", "full_name": f"Nguyễn Văn {number}", "sort_key": f"{number:08}", "created_at": MADE} | given)
    session.add(person)
    session.flush()
    session.add(Account(person_id=person.id, secret_hash=PIN_HASH, secret_kind="password" if roles else "pin"))
    if unit is not None:
        session.add(Membership(person_id=person.id, unit_id=unit.id, position="công nhân", from_on=date(2026, 1, 1)))
    for role in roles:
        session.add(RoleGrant(person_id=person.id, role=role, unit_id=unit.id if unit else None))
    session.flush()
    return person


def sign_in(client: FlaskClient, person: Person, secret: str = PIN) -> None:
    """Sign in as a person through the page."""
    answer = client.post("/sign-in", data={"name": person.staff_code, "secret": secret})
    assert answer.status_code == 302, answer.text
