"""How many trainings run out in the months ahead, over subtrees."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from lms.certification.models import CachedStatus
from lms.certification.rules.forecast import due_by_month
from lms.certification.rules.standing import IN_FORCE
from lms.certification.service.desk import TILES, Desk, stand
from lms.certification.service.overview import Overview, open_desk
from lms.content.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Forecast:
    """Trainings (a person under a scheme that is needed today): waiting: not in force today; due: that run out in each month; of: all of them."""

    waiting: int
    due: tuple[int, ...]
    of: int


def read_forecast(session: Session, *, catalogue: Catalogue, paths: tuple[str, ...], scheme: str | None, today: date) -> Forecast:
    """From the cache where it speaks, else by the function. Triggers and marks that are yet to come cannot be foreseen."""
    desk = open_desk(session, catalogue=catalogue, paths=paths, scheme=scheme, as_of=today, today=today)
    ends = _cached_ends(session, desk) if isinstance(desk, Overview) else _ends(desk, catalogue, today)
    return Forecast(desk.total(("bad", "never")), due_by_month(today, ends), desk.total(TILES))


def _cached_ends(session: Session, desk: Overview) -> Iterable[tuple[date, int]]:
    cached, needed = CachedStatus, desk.needed.c
    same = and_(cached.person_id == needed.id, cached.scheme == needed.scheme)
    wanted = select(cached.until_on, func.count()).join(desk.needed, same).where(cached.until_on.is_not(None), cached.standing.in_(IN_FORCE))
    return ((end, n) for end, n in session.execute(wanted.group_by(cached.until_on)) if end is not None)


def _ends(desk: Desk, catalogue: Catalogue, today: date) -> Iterator[tuple[date, int]]:
    for row in desk.rows:
        if row.tile in IN_FORCE and (end := stand(catalogue, desk, row, as_of=today).until_on):
            yield end, 1
