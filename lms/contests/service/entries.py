"""Entries: one row per person and round, computed from the attempts and their latest results, never from a former entry."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, delete, func, select
from sqlalchemy.orm import Session, aliased

from lms.assessment.events import AttemptScored, AttemptVoided
from lms.assessment.models import Attempt, Result
from lms.clock import Clock, from_ms, to_ms
from lms.content.catalogue import Catalogue
from lms.contests.models import Entry
from lms.contests.rules.standings import count_tries
from lms.contests.rules.values import RoundRules, Sat
from lms.contests.terms import find_round, get_rules, key_of, slugs_of
from lms.platform.db import insert_into

BATCH = 1000
KEY_COLUMNS = ("contest", "round", "person_id")
VALUES = tuple(column.name for column in Entry.__table__.columns if column.name not in (*KEY_COLUMNS, "changed_at"))


class EntryKeeper:
    """The handler of AttemptScored and AttemptVoided: brings the person's entry up to date in the transaction of the score or the decision itself."""

    def __init__(self, catalogue: Callable[[], Catalogue], clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    def __call__(self, session: Session, event: AttemptScored | AttemptVoided) -> None:
        """Count the person's attempts anew, if the offering is a round."""
        contest, round_slug = slugs_of(event.offering)
        catalogue = self._catalogue()
        if contest and find_round(catalogue, contest, round_slug):
            rules = get_rules(catalogue, contest, round_slug)
            count_person(session, contest=contest, rules=rules, person_id=event.person_id, now=self._clock.now())


def count_person(session: Session, *, contest: str, rules: RoundRules, person_id: int, now: datetime) -> None:
    """Write the entry of a person from all attempts at the round; without a valid attempt there is none. Doing it twice changes nothing."""
    mine = (Entry.contest == contest, Entry.round == rules.slug, Entry.person_id == person_id)
    session.execute(select(Entry.person_id).where(*mine).with_for_update())
    sats = [sat_of(row) for row in session.execute(closed_attempts(contest, rules.slug).where(Attempt.person_id == person_id))]
    values = _values(contest, rules, person_id, sats, now)
    if values is None:
        session.execute(delete(Entry).where(*mine))
    else:
        _upsert(session, [values])


def recount(session: Session, *, contest: str, rules: RoundRules, now: datetime) -> int:
    """Rebuild all entries of a round from its attempts; how many rows were made, changed or taken away."""
    here = (Entry.contest == contest, Entry.round == rules.slug)
    columns = [getattr(Entry, name) for name in (*KEY_COLUMNS, *VALUES)]
    kept = {row.person_id: tuple(row) for row in session.execute(select(*columns).where(*here))}
    changed: list[dict[str, Any]] = []
    for values in _all_values(session, contest, rules, now):
        was = kept.pop(values["person_id"], None)
        if was != tuple(values[name] for name in (*KEY_COLUMNS, *VALUES)):
            changed.append(values)
    for start in range(0, len(changed), BATCH):
        _upsert(session, changed[start : start + BATCH])
    gone = sorted(kept)
    for start in range(0, len(gone), BATCH):
        session.execute(delete(Entry).where(*here, Entry.person_id.in_(gone[start : start + BATCH])))
    return len(changed) + len(gone)


def _all_values(session: Session, contest: str, rules: RoundRules, now: datetime) -> Iterator[dict[str, Any]]:
    rows = session.execute(closed_attempts(contest, rules.slug).order_by(Attempt.person_id).execution_options(yield_per=BATCH))
    for person_id, own in groupby(rows, key=lambda row: row.person_id):
        values = _values(contest, rules, person_id, [sat_of(row) for row in own], now)
        if values is not None:
            yield values


def closed_attempts(contest: str, round_slug: str) -> Select[*tuple[Any, ...]]:
    """The closed attempts at a round with their latest results, the void ones too."""
    later = aliased(Result)
    latest = select(func.max(later.version)).where(later.attempt_id == Attempt.id).scalar_subquery()
    columns = (Attempt.id, Attempt.person_id, Attempt.unit_id, Attempt.state, Attempt.started_at, Attempt.closed_at)
    scored = select(*columns, Result.correct, Result.item_count, Result.unmarked, Result.elapsed_ms).outerjoin(
        Result, (Result.attempt_id == Attempt.id) & (Result.version == latest)
    )
    return scored.where(Attempt.offering == key_of(contest, round_slug), Attempt.state != "open")


def sat_of(row: Row[Any]) -> Sat:
    """A row of these as the rules see it."""
    return Sat(
        attempt_id=row.id,
        unit_id=row.unit_id,
        valid=row.state != "void" and row.correct is not None and not row.unmarked,
        started_ms=to_ms(row.started_at),
        submitted_ms=to_ms(row.closed_at),
        elapsed_ms=row.elapsed_ms or 0,
        correct=row.correct or 0,
        item_count=row.item_count or 0,
    )


def _values(contest: str, rules: RoundRules, person_id: int, sats: Sequence[Sat], now: datetime) -> dict[str, Any] | None:
    found = count_tries(rules, sats)
    if found is None:
        return None
    return {
        "contest": contest,
        "round": rules.slug,
        "person_id": person_id,
        "unit_id": found.unit_id,
        "attempt_id": found.sat.attempt_id,
        "attempts": found.tries,
        "correct": found.sat.correct,
        "item_count": found.sat.item_count,
        "elapsed_ms": found.elapsed_ms,
        "submitted_at": from_ms(found.sat.submitted_ms),
        "rank_1": found.ranks[0],
        "rank_2": found.ranks[1],
        "rank_3": found.ranks[2],
        "changed_at": now,
    }


def _upsert(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    insert = insert_into(session, Entry)
    fresh = {name: insert.excluded[name] for name in (*VALUES, "changed_at")}
    session.connection().execute(insert.on_conflict_do_update(index_elements=list(KEY_COLUMNS), set_=fresh), list(rows))
