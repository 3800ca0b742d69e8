"""Which attempts somebody who runs tests may see: those of the own subtree, by the kind of offering."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, literal, not_, or_, select, true
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.people.models import Unit
from lms.people.service.scope import in_paths


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, and the subtrees in which that person may mark, supervise and look, by the prefix of the offerings ('' is all others)."""

    person_id: int
    paths: Mapping[str, Sequence[str]]

    def paths_of(self, key: str) -> Sequence[str]:
        """The subtrees for one offering."""
        return self.paths.get(key.partition(":")[0], self.paths.get("", ()))


def within(scope: Scope) -> ColumnElement[bool]:
    """That the offering of an attempt, and its unit at the start, lie in the scope: join `Unit` from the outside.

    The attempt of a person without a unit belongs to whom the whole site is given.
    """
    named = [prefix for prefix in scope.paths if prefix]
    kinds = {prefix: Attempt.offering.startswith(f"{prefix}:") for prefix in named}
    kinds[""] = not_(or_(*kinds.values())) if kinds else true()
    return or_(false(), *(and_(kinds[prefix], _inside(paths)) for prefix, paths in scope.paths.items()))


def _inside(paths: Sequence[str]) -> ColumnElement[bool]:
    return or_(in_paths(Unit.path, paths), and_(Unit.id.is_(None), literal("/" in paths)))


def has_whole_site(session: Session, scope: Scope, offerings: Collection[str]) -> bool:
    """Whether somebody runs these tests for everybody: for the whole site, or for every unit of it where nobody without a unit has sat them.

    A correction holds for all who sit a question, also for those who come later, so it takes no less. At most two queries a kind of test.
    """
    return all(_covers_all(session, scope.paths_of(key), key) for key in offerings)


def _covers_all(session: Session, paths: Sequence[str], key: str) -> bool:
    if "/" in paths or not paths:
        return bool(paths)
    if session.scalar(select(Unit.id).where(not_(in_paths(Unit.path, paths))).limit(1)) is not None:
        return False
    return session.scalar(select(Attempt.id).where(Attempt.offering == key, Attempt.unit_id.is_(None)).limit(1)) is None
