"""Which attempts somebody who runs tests may see: those of the own subtree, by the kind of offering."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, literal, not_, or_, true

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
