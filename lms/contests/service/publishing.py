"""Publishing the result of a round: its log, the text computed from it, and what has changed since the version before."""

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from json import loads
from typing import Literal

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, Result
from lms.contests.models import Entry, RoundNews, RoundResult, RoundResultPart
from lms.contests.rules.log import LoggedUnit, RoundLog, log_lines, read_log
from lms.contests.rules.prizes import Prize
from lms.contests.rules.result import result_lines
from lms.contests.rules.values import ContestRules, RoundRules, Sat
from lms.contests.service.entries import closed_attempts, sat_of
from lms.contests.service.ranking import changed_at
from lms.contests.terms import key_of
from lms.errors import Conflict, Invalid, NotFound
from lms.people.models import Membership, Person, Unit
from lms.people.service.scope import works_on
from lms.platform.audit import record
from lms.platform.db import Database

BATCH = 1000
PAGE = 50
PART = 1000
Kind = Literal["log", "result"]
MOVES = 200
REASON_MOST = 1000
STATES = ("provisional", "final")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A result that is not published: the lines of its log and of the text computed from it. entries: how the entries stood when reading began."""

    log: tuple[str, ...]
    result: tuple[str, ...]
    entries: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """An entrant's place as it was published, with the names of today."""

    place: int
    who: int
    name: str
    unit: str | None
    right: int
    of: int
    took: int
    tries: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody whose place differs from the version before; None: not ranked."""

    who: int
    name: str
    before: int | None
    after: int | None


def draw(session: Session, contest: ContestRules, rules: RoundRules, *, on: date) -> Drawn:
    """The result as it would be published now: everything read once, the text computed as an auditor does. on: the day whose members count."""
    entries = _entries(session, contest.slug, rules.slug)
    log = tuple(_log(session, contest, rules, on))
    return Drawn(log, tuple(result_lines(read_log(log))), entries)


def _entries(session: Session, contest: str, round_slug: str) -> tuple[object, ...]:
    """How many entries a round has, when the last was written, and sums of what they hold: another tuple is another state.

    A change is stamped when its request began, so that the last stamp alone would pass over one that was committed late.
    """
    sums = (func.sum(column) for column in (Entry.attempt_id, Entry.correct, Entry.elapsed_ms, Entry.attempts))
    here = (Entry.contest == contest, Entry.round == round_slug)
    return tuple(session.execute(select(func.count(), func.max(Entry.changed_at), *sums).where(*here)).one())


def preview(session: Session, contest: ContestRules, rules: RoundRules, *, on: date) -> tuple[str, ...]:
    """The text of the result as it would be published now, without its log: the same rules at half of the price."""
    units, tries = _read(session, contest.slug, rules, on)
    grouped: defaultdict[int, list[Sat]] = defaultdict(list)
    for who, sat in tries:
        grouped[who].append(sat)
    return tuple(result_lines(RoundLog(contest.slug, rules, _prizes(contest, rules), contest.lot_seed, tuple(units), grouped, "")))


def _log(session: Session, contest: ContestRules, rules: RoundRules, on: date) -> Iterator[str]:
    units, tries = _read(session, contest.slug, rules, on)
    return log_lines(contest.slug, rules, _prizes(contest, rules), contest.lot_seed, units, tries)


def _prizes(contest: ContestRules, rules: RoundRules) -> tuple[Prize, ...]:
    return tuple(one.prize for one in contest.prizes_of(rules.slug))


def _read(session: Session, contest: str, rules: RoundRules, on: date) -> tuple[list[LoggedUnit], Iterator[tuple[int, Sat]]]:
    """The units with their members of a day, and every closed try by person."""
    members = select(Membership.unit_id, func.count()).where(works_on(on), Membership.main).group_by(Membership.unit_id)
    counted = {row[0]: row[1] for row in session.execute(members)}
    asked = select(Unit.id, Unit.path, Unit.code).order_by(Unit.id)
    units = [LoggedUnit(id_, path, code, counted.get(id_, 0)) for id_, path, code in session.execute(asked)]
    rows = closed_attempts(contest, rules.slug).order_by(Attempt.person_id, Attempt.id).execution_options(yield_per=BATCH)
    return units, ((row.person_id, sat_of(row)) for row in session.execute(rows))


def why_not(session: Session, *, contest: str, round_slug: str) -> Conflict | None:
    """What stands against publishing: somebody still sits, or answers wait for a marker."""
    there = (Attempt.offering == key_of(contest, round_slug),)
    running = session.scalar(select(func.count()).select_from(Attempt).where(*there, Attempt.state == "open")) or 0
    if running:
        return Conflict("%(n)s tries are still going on. They are scored by themselves when their time is over.", n=running)
    latest = select(func.max(Result.version)).where(Result.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery()
    unmarked = select(func.count()).select_from(Attempt).join(Result, (Result.attempt_id == Attempt.id) & (Result.version == latest))
    waiting = session.scalar(unmarked.where(*there, Attempt.state != "void", Result.unmarked > 0)) or 0
    return Conflict("%(n)s tries wait for a marker.", n=waiting) if waiting else None


def publish(
    session: Session,
    drawn: Drawn,
    *,
    contest: str,
    round_slug: str,
    state: str,
    appeals_until_on: date | None,
    reason: str,
    base_version: int,
    appeals_days: int,
    actor_id: int,
    today: date,
    now: datetime,
) -> RoundResult:
    """Publish a version. base_version: the one that whoever publishes has seen (0: none); appeals_days: what the rules promise.

    Raises Invalid for a state, a day or a reason that cannot be, Conflict where another version or a change of an entry has come in between, or for a final
    result that was never provisional or may still be appealed against.
    """
    before = latest_result(session, contest=contest, round_slug=round_slug)
    if (before.version if before else 0) != base_version:
        raise Conflict("Another version was published in the meantime. Look at it first.")
    if (against := why_not(session, contest=contest, round_slug=round_slug)) is not None:
        raise against
    if _entries(session, contest, round_slug) != drawn.entries:
        raise Conflict("Entries have changed while the result was put together. Look at it once more.")
    said = reason.strip()
    _refuse(before, state, appeals_until_on, said, today, appeals_days)
    row = RoundResult(
        contest=contest,
        round=round_slug,
        version=base_version + 1,
        state=state,
        appeals_until_on=appeals_until_on if state == "provisional" else None,
        reason=said,
        published_by=actor_id,
        published_at=now,
        entrants=int(loads(drawn.result[0])["entrants"]),
        log_digest=_digest(drawn.log),
        result_digest=_digest(drawn.result),
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as raced:
        raise Conflict("Another version was published in the meantime. Look at it first.") from raced
    for kind, lines in (("log", drawn.log), ("result", drawn.result)):
        for n, at in enumerate(range(0, len(lines), PART)):
            session.add(RoundResultPart(result_id=row.id, kind=kind, n=n, body=zlib.compress(_text(lines[at : at + PART]))))
    session.add(RoundNews(result_id=row.id))
    session.flush()
    detail = {"version": row.version, "state": state, "result": row.result_digest, "reason": said}
    record(session, now=now, actor_id=actor_id, action="result_published", subject_kind="round", subject_id=f"{contest}/{round_slug}", detail=detail)
    return row


def _refuse(before: RoundResult | None, state: str, appeals_until_on: date | None, said: str, today: date, appeals_days: int) -> None:
    """Raises as `publish` does."""
    if state not in STATES or len(said) > REASON_MOST:
        raise Invalid("Choose whether the result is provisional or final.")
    if before is not None and not said:
        raise Invalid("Give the reason for a new version: it is published with it.")
    if state == "provisional":
        if before is not None and before.state == "final":
            raise Conflict("A final result is followed by final ones only.")
        if appeals_until_on is None or appeals_until_on < today:
            raise Invalid("Give the last day for appeals, today or later.")
        if (earliest := today + timedelta(days=appeals_days)) > appeals_until_on:
            raise Invalid("The rules promise %(n)s days for appeals: until %(day)s at least.", n=appeals_days, day=earliest)
    elif before is None:
        raise Conflict("Publish a provisional result first, so that people can appeal.")
    elif before.appeals_until_on is not None and before.appeals_until_on >= today:
        raise Conflict("One may appeal until %(day)s; after that day the result can become final.", day=before.appeals_until_on)


def _text(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _digest(lines: Iterable[str]) -> str:
    found = hashlib.sha256()
    for line in lines:
        found.update(f"{line}\n".encode())
    return found.hexdigest()


def latest_result(session: Session, *, contest: str, round_slug: str) -> RoundResult | None:
    """The version that counts."""
    mine = select(RoundResult).where(RoundResult.contest == contest, RoundResult.round == round_slug)
    return session.scalar(mine.order_by(RoundResult.version.desc()).limit(1))


def list_results(session: Session, *, contest: str, round_slug: str) -> Sequence[RoundResult]:
    """Every version, the latest first."""
    mine = select(RoundResult).where(RoundResult.contest == contest, RoundResult.round == round_slug)
    return session.scalars(mine.order_by(RoundResult.version.desc())).all()


def get_result(session: Session, *, contest: str, round_slug: str, version: int) -> RoundResult:
    """A version. Raises NotFound."""
    mine = select(RoundResult).where(RoundResult.contest == contest, RoundResult.round == round_slug, RoundResult.version == version)
    row = session.scalar(mine)
    if row is None:
        raise NotFound("There is no such version of the result.")
    return row


def is_outdated(session: Session, row: RoundResult, *, counted: bool) -> bool:
    """Whether entries were written since a version was published, so that the ranking of the site may be another.

    counted: ask as well whether some were taken away, which counts them all: for organisers, not for every reader.
    """
    last = changed_at(session, contest=row.contest, round_slug=row.round)
    if last is not None and last > row.published_at:
        return True
    n = select(func.count()).select_from(Entry).where(Entry.contest == row.contest, Entry.round == row.round)
    return counted and session.scalar(n) != row.entrants


def iter_text(db: Database, row: RoundResult, kind: Kind) -> Iterator[bytes]:
    """A text of a version, a thousand lines at a time, read with sessions of its own."""
    for n in count():
        with db.reading() as session:
            lines = _part(session, row, kind, n)
        if not lines:
            return
        yield lines


def _part(session: Session, row: RoundResult, kind: Kind, n: int) -> bytes:
    asked = select(RoundResultPart.body).where(RoundResultPart.result_id == row.id, RoundResultPart.kind == kind, RoundResultPart.n == n)
    body = session.scalar(asked)
    return b"" if body is None else zlib.decompress(body)


def list_places(session: Session, row: RoundResult, *, page: int) -> list[Place]:
    """A page of the places as they were published; four queries, of a text of whatever length."""
    first = 1 + (page - 1) * PAGE
    part, at = divmod(first, PART)
    lines = [line for n in (part, part + 1) for line in _part(session, row, "result", n).splitlines()][at : at + PAGE]
    shown = [one for one in map(loads, lines) if one["t"] == "place"]
    people = select(Person.id, Person.full_name).where(Person.id.in_([one["who"] for one in shown]))
    units = select(Unit.id, Unit.name).where(Unit.id.in_([one["unit"] for one in shown if one["unit"]]))
    names, named = _by_id(session, people), _by_id(session, units)
    return [
        Place(one["place"], one["who"], names.get(one["who"], "–"), named.get(one["unit"]), one["right"], one["of"], one["took"], one["tries"]) for one in shown
    ]


def _by_id(session: Session, asked: Select[int, str]) -> dict[int, str]:
    return {row[0]: row[1] for row in session.execute(asked)}


def moves(db: Database, before: RoundResult, lines: Iterable[str]) -> tuple[list[Moved], int]:
    """Whose places would be other than in a version, the first of them by the new place, and how many they are."""
    old, new = _places(line for part in iter_text(db, before, "result") for line in part.splitlines()), _places(lines)
    moved = sorted((who for who in old.keys() | new.keys() if old.get(who) != new.get(who)), key=lambda who: (new.get(who, len(new) + 1), who))
    with db.reading() as session:
        names = _by_id(session, select(Person.id, Person.full_name).where(Person.id.in_(moved[:MOVES])))
    return [Moved(who, names.get(who, "–"), old.get(who), new.get(who)) for who in moved[:MOVES]], len(moved)


def _places(lines: Iterable[str | bytes]) -> dict[int, int]:
    return {one["who"]: one["place"] for one in map(loads, lines) if one["t"] == "place"}
