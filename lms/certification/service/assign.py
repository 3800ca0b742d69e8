"""Who needs which scheme."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.certification.models import Assignment
from lms.certification.scheme_terms import get_scheme
from lms.certification.service.records import members
from lms.content.catalogue import Catalogue
from lms.errors import Invalid, NotFound
from lms.people.models import Membership
from lms.platform.audit import record
from lms.platform.db import insert_into


def needed_on(on: date) -> tuple[Any, ...]:
    """The conditions that an assignment holds on a day."""
    return Assignment.from_on <= on, or_(Assignment.until_on.is_(None), Assignment.until_on >= on)


def assign(
    session: Session,
    *,
    catalogue: Catalogue,
    scheme: str,
    person_ids: Collection[int],
    from_on: date,
    reason: str,
    paths: tuple[str, ...],
    actor_id: int,
    now: datetime,
    today: date,
) -> int:
    """Say that people of the subtrees need a scheme from a day on; gives how many did not already.

    Raises NotFound if one of them is not in the subtrees, Invalid if nobody was chosen.
    """
    get_scheme(catalogue, scheme)
    wanted = set(person_ids)
    if not wanted:
        raise Invalid("Choose at least one person.")
    there = set(session.execute(members(paths, today).where(Membership.person_id.in_(wanted))).scalars())
    if there != wanted:
        raise NotFound("There is no such person in your scope.")
    have = set(
        session.execute(select(Assignment.person_id).where(Assignment.scheme == scheme, Assignment.person_id.in_(wanted), *needed_on(from_on))).scalars()
    )
    fresh = sorted(wanted - have)
    if fresh:
        rows = [{"person_id": person_id, "scheme": scheme, "from_on": from_on, "until_on": None, "reason": reason} for person_id in fresh]
        session.execute(insert_into(session, Assignment).values(rows).on_conflict_do_nothing())
        record(session, now=now, actor_id=actor_id, action="assign", subject_kind="scheme", subject_id=scheme, detail={"person_ids": fresh, "from_on": from_on})
    return len(fresh)
