"""Figures kept between two computations: wished for, computed beside the requests, put in the place of the former ones at once."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, Result
from lms.assessment.quality.models import ItemFigures, PaperFigures
from lms.assessment.quality.service.computing import ItemLine, PaperLine, body_of, compute
from lms.assessment.quality.service.listing import list_paths
from lms.platform.db import Database, insert_into

JOB = "assessment.quality"
EVERYTHING = ""
LEASE = timedelta(minutes=15)
NIGHT = 2
"""The hour of the site's day from which the figures of all that was scored since are computed anew."""
INSERTED = 500
Places = Callable[[Mapping[str, str]], Mapping[str, str]]
"""Gives file:line by item id, from the files by item id."""


def wish(session: Session, *, scope: str, now: datetime) -> None:
    """Have the figures of an offering computed ('' all together); wishing twice is wishing once."""
    row = insert_into(session, PaperFigures).values(scope=scope, body="", wanted_at=now)
    session.execute(row.on_conflict_do_update(index_elements=["scope"], set_={"wanted_at": now}))


class FiguresKeeper:
    """The job: what is wished for is computed, and once a night what has been scored since. zone: the site's; places: finds lines."""

    def __init__(self, db: Database, zone: ZoneInfo, places: Places = dict) -> None:
        self._db = db
        self._places = places
        self._zone = zone

    def run(self, now: datetime) -> int:
        """Compute what is wanted; how many scopes."""
        self._wish_nightly(now)
        with self._db.reading() as session:
            free = or_(PaperFigures.lease_until.is_(None), PaperFigures.lease_until < now)
            wanted = session.scalars(select(PaperFigures.scope).where(PaperFigures.wanted_at.is_not(None), free).order_by(PaperFigures.wanted_at)).all()
        return sum(self._compute(scope, now) for scope in wanted)

    def _wish_nightly(self, now: datetime) -> None:
        """Once a day, first of all the whole, which is the mark that the day has been done."""
        local = now.astimezone(self._zone)
        night = local.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
        since = night if local >= night else night - timedelta(days=1)
        with self._db.reading() as session:
            whole = session.execute(select(PaperFigures.computed_at, PaperFigures.wanted_at).where(PaperFigures.scope == EVERYTHING)).first()
            if whole is not None and (whole.wanted_at is not None or (whole.computed_at is not None and whole.computed_at >= since)):
                return
            scored = select(Attempt.offering).join(Result, Result.attempt_id == Attempt.id).distinct()
            before = whole.computed_at - LEASE if whole is not None and whole.computed_at is not None else None  # what was committed while it was computed
            offerings = session.scalars(scored.where(Result.scored_at >= before) if before is not None else scored).all()
        with self._db.writing() as session:
            for scope in [*sorted(offerings), EVERYTHING]:
                wish(session, scope=scope, now=now)

    def _compute(self, scope: str, now: datetime) -> int:
        mine = (PaperFigures.scope == scope, PaperFigures.wanted_at.is_not(None))
        free = or_(PaperFigures.lease_until.is_(None), PaperFigures.lease_until < now)
        with self._db.writing() as session:
            taken = update(PaperFigures).where(*mine, free).values(lease_until=now + LEASE).returning(PaperFigures.wanted_at)
            wanted_at = session.execute(taken).scalar_one_or_none()
        if wanted_at is None:
            return 0
        with self._db.reading() as session:
            paper, lines = compute(session, scope)
            paths = list_paths(session, lines)
        places = self._places(paths)
        with self._db.writing() as session:
            store(session, scope=scope, paper=paper, lines=lines, places=places, now=now)
            session.execute(update(PaperFigures).where(PaperFigures.scope == scope, PaperFigures.wanted_at == wanted_at).values(wanted_at=None))
        return 1


def store(session: Session, *, scope: str, paper: PaperLine, lines: list[ItemLine], places: Mapping[str, str], now: datetime) -> None:
    """Put figures in the place of the former ones of the scope. places: file:line by item."""
    session.execute(delete(ItemFigures).where(ItemFigures.scope == scope))
    rows = [
        {
            "scope": scope,
            "item_id": one.item_id,
            "digest": one.digest,
            "bank": one.bank,
            "place": places.get(one.item_id, one.path),
            "listed": one.listed,
            "look": one.look,
        }
        | {"n": one.figures.n, "last_attempt": one.last_attempt, "body": body_of(one)}
        for one in lines
    ]
    for start in range(0, len(rows), INSERTED):
        session.execute(insert(ItemFigures), rows[start : start + INSERTED])
    body = json.dumps(asdict(paper), separators=(",", ":"))
    kept = insert_into(session, PaperFigures).values(scope=scope, computed_at=now, body=body)
    session.execute(kept.on_conflict_do_update(index_elements=["scope"], set_={"computed_at": now, "body": body, "lease_until": None}))


def find_paper(session: Session, *, scope: str) -> tuple[PaperFigures | None, PaperLine | None]:
    """The row of a scope and its figures, as far as there are any."""
    row = session.get(PaperFigures, scope)
    return row, PaperLine(**json.loads(row.body)) if row is not None and row.body else None
