"""Units of the officer's subtrees, for filters."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.people.access import in_paths
from lms.people.models import Unit


def list_units(session: Session, *, paths: tuple[str, ...]) -> list[Unit]:
    """Open units of the subtrees, parents before children."""
    return list(session.execute(select(Unit).where(in_paths(Unit.path, paths), Unit.closed_on.is_(None)).order_by(Unit.path)).scalars())


def narrow(units: list[Unit], paths: tuple[str, ...], unit_id: str | None) -> tuple[tuple[str, ...], Unit | None]:
    """The subtree of one of the units, or all of the subtrees where none is asked for. Raises NotFound for a unit elsewhere."""
    if not unit_id:
        return paths, None
    unit = next((unit for unit in units if str(unit.id) == unit_id), None)
    if unit is None:
        raise NotFound("There is no such unit in your scope.")
    return (unit.path,), unit
