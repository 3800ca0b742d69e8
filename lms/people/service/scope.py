"""Which rows lie in somebody's subtrees: the conditions that every question about people carries."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from lms.people.models import Membership, Person, Unit

EVERYWHERE = ("/",)


def in_paths(column: InstrumentedAttribute[str], paths: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a unit's path lies in one of the subtrees; nothing lies in none.

    Written with LIKE, not with < and >: a linguistic collation of PostgreSQL passes over the '/'.
    """
    return or_(*(column.startswith(path) for path in paths)) if paths else false()


def works_on(on: date) -> ColumnElement[bool]:
    """The condition that a membership is in force on a day, its first and last day included."""
    return and_(Membership.from_on <= on, or_(Membership.until_on.is_(None), Membership.until_on >= on))


def is_visible(paths: Sequence[str], on: date) -> ColumnElement[bool]:
    """The condition that a person works, on a day or later, in a unit of the subtrees; the whole site has everybody, leavers too."""
    if "/" in paths:
        return true()
    lasting = or_(Membership.until_on.is_(None), Membership.until_on >= on)
    inside: Any = select(Membership.person_id).join(Unit, Unit.id == Membership.unit_id).where(lasting, in_paths(Unit.path, paths))
    return Person.id.in_(inside)
