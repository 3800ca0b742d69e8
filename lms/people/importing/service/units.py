"""The units that a sheet names: by code, by name, or by a path of names."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.people.importing.rules.cells import Problem
from lms.people.models import Unit
from lms.people.rules import fold, normal_code
from lms.people.service.scope import in_paths
from lms.platform.rules import phrase

BETWEEN = re.compile(r"\s*[/>›»|\\]\s*")
MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open unit: its code, and its name with the names above it, folded, from the root down."""

    unit_id: int
    code: str
    name: str
    trail: tuple[str, ...]


class UnitNames:
    """The open units of somebody's scope by what a sheet calls them."""

    def __init__(self, units: Sequence[Unit]) -> None:
        names = {unit.id: fold(unit.name) for unit in units}
        self._by_code = {unit.code: unit.id for unit in units}
        self._by_name: defaultdict[str, list[Candidate]] = defaultdict(list)
        for unit in units:
            trail = tuple(names[int(one)] for one in unit.path.strip("/").split("/") if int(one) in names)
            self._by_name[names[unit.id]].append(Candidate(unit.id, unit.code, unit.name, trail))

    def find(self, name: str, code: str) -> tuple[int | None, Problem | None]:
        """The unit of a row, from its columns unit and unit code; none where both are empty, and what is wrong where there is no such unit."""
        if code:
            found = self._by_code.get(normal_code(code))
            return found, None if found else Problem("unit_code", phrase("There is no unit with the code %(code)s.", code=code[:40]))
        if not name:
            return None, None
        found = self._by_code.get(normal_code(name))
        if found:
            return found, None
        return self._named(name)

    def _named(self, name: str) -> tuple[int | None, Problem | None]:
        candidates = self._by_name.get(fold(name), [])
        parts = [fold(part) for part in BETWEEN.split(name) if part.strip()]
        if not candidates and len(parts) > 1:
            candidates = [one for one in self._by_name.get(parts[-1], []) if _inside(parts[:-1], one.trail[:-1])]
        if len(candidates) == 1:
            return candidates[0].unit_id, None
        if not candidates:
            return None, Problem("unit", phrase("There is no unit called %(name)s among yours. Make it first, or correct the name.", name=name[:80]))
        codes = tuple(one.code for one in candidates[:MOST_TOLD])
        return None, Problem("unit", phrase("Several units are called %(name)s. Write the code instead: %(codes)s.", name=name[:80], codes=codes))


def _inside(parts: Sequence[str], trail: Sequence[str]) -> bool:
    """Whether names stand in a path in this order, others between them or not."""
    rest = iter(trail)
    return all(part in rest for part in parts)


def list_names(session: Session, *, paths: Sequence[str], on: date) -> UnitNames:
    """The open units of the subtrees; one query."""
    wanted = select(Unit).where(in_paths(Unit.path, paths), Unit.closed_on.is_(None) | (Unit.closed_on > on))
    return UnitNames(session.scalars(wanted).all())
