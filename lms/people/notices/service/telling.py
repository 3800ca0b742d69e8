"""Telling people something: one statement for hundreds of them; which ways it goes out is decided afterwards, by the job."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session

from lms.people.models import Account, RoleGrant, Unit
from lms.people.notices.models import Notice
from lms.people.notices.rules import Topic
from lms.people.rules import TABLE, Permission
from lms.platform.db import insert_into
from lms.platform.phrases import to_stored
from lms.platform.rules import Phrase

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Told:
    """A notice before it is stored. cause: what it is about, at most 120 signs; address: the page it leads to, or empty."""

    person_id: int
    topic: Topic
    cause: str
    words: Phrase
    address: str = ""


def tell(session: Session, notices: Iterable[Told], *, now: datetime) -> int:
    """Store notices in the transaction of what they tell of; gives how many are new. A person who was told of a cause is not told again."""
    rows = [
        {
            "person_id": one.person_id,
            "topic": one.topic.value,
            "cause": one.cause,
            "words": json.dumps(to_stored(one.words), ensure_ascii=False),
            "address": one.address,
            "made_at": now,
        }
        for one in notices
    ]
    fresh = 0
    for at in range(0, len(rows), AT_ONCE):
        stored = insert_into(session, Notice).values(rows[at : at + AT_ONCE]).on_conflict_do_nothing().returning(Notice.id)
        fresh += len(session.scalars(stored).all())
    return fresh


def tell_one(session: Session, person_id: int, topic: Topic, cause: str, words: Phrase, *, now: datetime, address: str = "") -> None:
    """Tell one person."""
    tell(session, [Told(person_id, topic, cause, words, address)], now=now)


def holders_over(session: Session, *, permission: Permission, path: str, on: date) -> list[int]:
    """Who may do something over a unit, with an open account."""
    roles = [role.value for role, allowed in TABLE.items() if permission in allowed]
    over = or_(RoleGrant.unit_id.is_(None), literal(path).like(Unit.path + "%"))
    holds = (or_(RoleGrant.from_on.is_(None), RoleGrant.from_on <= on), or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= on))
    asked = select(RoleGrant.person_id).distinct().join(Account, Account.person_id == RoleGrant.person_id).outerjoin(Unit, Unit.id == RoleGrant.unit_id)
    return list(session.scalars(asked.where(RoleGrant.role.in_(roles), Account.active, over, *holds).order_by(RoleGrant.person_id)))
