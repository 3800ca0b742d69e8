"""What a correction would make of the papers that have closed, each with before and after. Nothing is changed; memory stays bounded."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from lms.assessment.correction_models import Correction
from lms.assessment.models import Attempt, Result
from lms.assessment.rules.corrections import Given, Memo, Step, is_same, score_paper, sum_up
from lms.assessment.rules.scoring import ItemScore, Score
from lms.assessment.rules.terms import Terms
from lms.assessment.service.papers import has_essay
from lms.assessment.service.scoring import Papers, load_steps, marks_of, percents_of, rows_of, step_of
from lms.assessment.settling import Corrected

CHUNK = 500
PAGE = 50
CLOSED = ("submitted", "lapsed")
Became = Literal["same", "changed", "kept", "unclear"]
"""same: nothing would be other; kept: it would lose, so it stays; unclear: its stored result cannot be reproduced, so a person must look."""


@dataclass(frozen=True, slots=True)
class Change:
    """One attempt before and after. after: as it would be stored; items: what it would be stored with."""

    attempt_id: int
    person_id: int
    offering: str
    closed_at: datetime
    version: int
    before: Score
    after: Score
    became: Became
    items: tuple[ItemScore, ...]

    @property
    def passes(self) -> bool:
        """Whether it did not pass and would."""
        return self.became == "changed" and not self.before.passed and bool(self.after.passed)

    @property
    def fails(self) -> bool:
        """Whether it passed and would not."""
        return self.became == "changed" and bool(self.before.passed) and not self.after.passed

    @property
    def line(self) -> str:
        """What the digests are made of, without the score."""
        return f"{self.attempt_id}:{self.version}"


@dataclass
class Tally:
    """Counts of a dry run; its digests name the results before and after, in the order of the attempts."""

    concerned: int = 0
    changed: int = 0
    raised: int = 0
    lowered: int = 0
    kept: int = 0
    unclear: int = 0
    to_pass: int = 0
    failing: set[int] = field(default_factory=set)
    ranked: dict[str, dict[int, Corrected]] = field(default_factory=dict)
    _before: Any = field(default_factory=sha256)
    _after: Any = field(default_factory=sha256)

    @property
    def to_fail(self) -> int:
        """How many passed and would not."""
        return len(self.failing)

    @property
    def digests(self) -> tuple[str, str]:
        """Of the results before and after."""
        return self._before.hexdigest(), self._after.hexdigest()

    def add(self, change: Change) -> None:
        """Count one."""
        self.concerned += 1
        self._before.update(f"{change.line}:{change.before}\n".encode())
        self._after.update(f"{change.line}:{change.after}\n".encode())
        if change.became != "changed":
            self.kept += change.became == "kept"
            self.unclear += change.became == "unclear"
            return
        self.changed += 1
        more, less = change.after.points * change.before.max_points, change.before.points * change.after.max_points
        self.raised += more > less
        self.lowered += more < less
        self.to_pass += change.passes
        if change.fails:
            self.failing.add(change.attempt_id)
        after = Corrected(change.after.correct, change.after.item_count, not change.after.unmarked)
        self.ranked.setdefault(change.offering, {})[change.attempt_id] = after


@dataclass(frozen=True)
class DryRun:
    """The counts, and one page of the attempts asked for."""

    tally: Tally
    rows: Sequence[Change]
    more: bool


def dry_run(session: Session, row: Correction, *, wanted: Callable[[Change], bool] = lambda _change: True, page: int = 1) -> DryRun:
    """What a correction that is not stored yet would do, with a page of those attempts that are wanted."""
    tally, rows, first = Tally(), [], (page - 1) * PAGE
    found = 0
    for change in list_changes(session, row):
        tally.add(change)
        if wanted(change):
            if first <= found < first + PAGE:
                rows.append(change)
            found += 1
    return DryRun(tally, rows, found > first + PAGE)


def list_changes(session: Session, row: Correction) -> Iterator[Change]:
    """Every closed attempt that holds the revision, by id, as it would be with this correction after those in force. Three queries for 500 of them."""
    papers, step = Papers(session), step_of(session, row)
    after_id = 0
    while True:
        chunk = session.execute(latest_results().where(*concerns(row), Attempt.id > after_id).order_by(Attempt.id).limit(CHUNK)).all()
        yield from rescored(session, papers, chunk, step)
        if len(chunk) < CHUNK:
            return
        after_id = chunk[-1].id


def concerns(row: Correction) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a closed attempt's stored result holds the revision, within the correction's test."""
    holds = Attempt.paper.contains(f'"{row.digest}"', autoescape=True)
    return (Attempt.state.in_(CLOSED), holds, *((Attempt.offering == row.offering,) if row.offering else ()))


def latest_results() -> Select[*tuple[Any, ...]]:
    """Attempts with what of their latest result is needed to score them again."""
    later = aliased(Result)
    newer = select(later.attempt_id).where(later.attempt_id == Result.attempt_id, later.version > Result.version).exists()
    columns = (Attempt.id, Attempt.person_id, Attempt.offering, Attempt.rules, Attempt.closed_at, Result.version, Result.items)
    return select(*columns).join(Result, Result.attempt_id == Attempt.id).where(~newer)


def count_concerned(session: Session, row: Correction) -> tuple[int, int]:
    """How many closed attempts, and how many that are being sat, hold the revision."""
    closed = session.scalar(select(func.count()).select_from(Attempt).where(*concerns(row)))
    running = session.scalar(select(func.count()).select_from(Attempt).where(Attempt.state == "open", *concerns(row)[1:]))
    return closed or 0, running or 0


def rescored(session: Session, papers: Papers, chunk: Sequence[Row[Any]], step: Step) -> Iterator[Change]:
    """Stored results scored again with the corrections up to this one; it may be stored already, or not yet."""
    rows = {one.id: rows_of(one.items) for one in chunk}
    digests = {item[1] for those in rows.values() for item in those}
    steps = load_steps(session, digests, offerings={one.offering for one in chunk})
    marked = marks_of(session, list(rows)) if has_essay(session, list(digests)) else {}
    for one in chunk:
        holds = {item[1] for item in rows[one.id]}
        mine = [other for other in steps[one.offering] if other.amendment.digest in holds and other.id != step.id]
        until = [other for other in mine if other.id < step.id]
        history = [*until, step, *mine[len(until) :]]
        given = papers.given(rows[one.id], percents_of(marked.get(one.id, {})))
        memo = papers.memo(terms_of(one.rules).marks)
        yield _change(one, papers.stored(rows[one.id]), given, history, len(until) + 1, memo)


def _change(one: Row[Any], stored: list[ItemScore], given: list[Given], history: list[Step], wanted: int, memo: Memo) -> Change:
    """What becomes of one paper. history: all corrections of it in order; wanted: how many of them it is to follow.

    A stored result always comes from the first so many of them: those that were made before it. One that comes from none of these has
    been scored in another way, and is left to a person.
    """
    terms = terms_of(one.rules)
    scored = [score_paper(given, terms, history[:count], memo) for count in range(len(history) + 1)]
    found = [count for count, version in enumerate(scored) if is_same(stored, version.items)]
    before = sum_up(stored, terms)
    became: Became = "changed"
    if not found:
        became = "unclear"
    elif found[-1] >= wanted:
        became = "kept" if history[wanted - 1].id in scored[found[-1]].kept else "same"
    will = scored[wanted]
    return Change(
        attempt_id=one.id,
        person_id=one.person_id,
        offering=one.offering,
        closed_at=one.closed_at,
        version=one.version,
        before=before,
        after=will.score if became == "changed" else before,
        became=became,
        items=will.items,
    )


@lru_cache(maxsize=64)
def terms_of(stored: str) -> Terms:
    """The terms, which thousands of attempts at one offering share."""
    return Terms.from_json(stored)
