"""Saving one answer: the path where every millisecond counts. One SELECT, one upsert, one commit, no ORM.

The SELECT also proves the signed-in account and, on PostgreSQL, locks the attempt, so that a save is either seen by the one
who scores it or refused; on SQLite BEGIN IMMEDIATE does the same. The upsert's condition decides between two saves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import BigInteger, Integer, String, and_, bindparam, func, literal_column, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite

from lms.assessment.models import Attempt, LateSave, Response
from lms.assessment.rules.answers.canonical import Refused, canonical
from lms.assessment.service.papers import Shape, shapes_of
from lms.clock import to_ms
from lms.errors import Invalid, NotAllowed, NotFound
from lms.people.models import Account
from lms.people.signing.models import SignedSession
from lms.platform.db import DIALECTS, Database, DriverTransaction, driver_rows, driver_text, first_row

PAST_KEPT = 8
LATE_KEPT = 200
NOTHING = literal_column("''", String)
ATTEMPT, RESPONSE, LATE, SESSION = Attempt.__table__, Response.__table__, LateSave.__table__, SignedSession.__table__


class AnswerRefused(Invalid):
    """The item is in the paper, but cannot have this answer. Nothing has changed."""


class QuestionClosed(Invalid):
    """The item is not open to answers: left behind or not reached in a paper that is taken in steps, or checked in practice. Nothing has changed."""


@dataclass(frozen=True, slots=True)
class Save:
    """One change of one answer. answer: as it was sent, checked and made canonical only here.

    save_id: made by the sender, the same at each retry; seen: the sequence it knows (0: none).

    client_ms: the sender's clock, kept for information only.
    """

    item_id: str
    answer: str
    save_id: str
    seen: int
    client_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save, and the answer as it now stands.

    outcome: saved; replayed (known already, nothing changed); moved (another save was faster: nothing changed);
    late (the attempt has closed: kept apart, unscored); elsewhere (the attempt belongs to another device: nothing changed).
    """

    outcome: Literal["saved", "replayed", "moved", "late", "elsewhere"]
    answer: str
    seq: int
    save_id: str
    deadline_ms: int


LOAD = (
    select(
        ATTEMPT.c.state,
        type_coerce(ATTEMPT.c.deadline_at, BigInteger).label("deadline_ms"),
        ATTEMPT.c.grace_s,
        ATTEMPT.c.step,
        func.coalesce(RESPONSE.c.answer, NOTHING).label("answer"),
        func.coalesce(RESPONSE.c.seq, literal_column("0")).label("seq"),
        func.coalesce(RESPONSE.c.save_id, NOTHING).label("save_id"),
        func.coalesce(RESPONSE.c.past_ids, NOTHING).label("past_ids"),
        RESPONSE.c.checked_at,
        ATTEMPT.c.device,
    )
    .join_from(ATTEMPT, Account.__table__, Account.__table__.c.person_id == ATTEMPT.c.person_id)
    .outerjoin(RESPONSE, and_(RESPONSE.c.attempt_id == ATTEMPT.c.id, RESPONSE.c.item_id == bindparam("item", type_=String)))
    .where(ATTEMPT.c.id == bindparam("attempt", type_=Integer), ATTEMPT.c.person_id == bindparam("person", type_=Integer))
    .where(Account.__table__.c.active, Account.__table__.c.epoch == bindparam("epoch", type_=Integer))
    .where(~select(literal_column("1")).where(SESSION.c.id == bindparam("session", type_=Integer), SESSION.c.ended_at.is_not(None)).exists())
    .with_for_update(key_share=True, of=ATTEMPT)
)


def _upsert(dialect: Any) -> Any:
    made = dialect.insert(RESPONSE)
    changed = {name: made.excluded[name] for name in ("answer", "seq", "save_id", "past_ids", "saved_at", "client_at")}
    return made.on_conflict_do_update(
        index_elements=[RESPONSE.c.attempt_id, RESPONSE.c.item_id], set_=changed, where=RESPONSE.c.seq == made.excluded.seq - literal_column("1")
    ).returning(RESPONSE.c.seq)


def _keep_apart(dialect: Any) -> Any:
    return dialect.insert(LATE).on_conflict_do_nothing(index_elements=[LATE.c.attempt_id, LATE.c.save_id])


def _texts(make: Callable[[Any], Any], columns: Sequence[str] | None = None) -> dict[str, str]:
    made = {"sqlite": make(sqlite), "postgresql": make(postgresql)}
    return {name: str(statement.compile(dialect=DIALECTS[name], column_keys=columns)) for name, statement in made.items()}


LOAD_TEXT = driver_text(LOAD)
STORED = ("attempt_id", "item_id", "answer", "seq", "save_id", "past_ids", "saved_at", "client_at")
UPSERT_TEXT = _texts(_upsert, STORED)
"""The statements of the hot path as the driver takes them: compiled once, a fifth cheaper than through the compiler's cache."""
COUNT_LATE_TEXT = driver_text(select(func.count()).select_from(LATE).where(LATE.c.attempt_id == bindparam("attempt", type_=Integer)))
KEEP_APART_TEXT = _texts(_keep_apart, [column.name for column in LATE.c if column is not LATE.c.id])


class Loaded(NamedTuple):
    """What the SELECT of the hot path gives: the attempt, and the answer as it stands."""

    state: str
    deadline_ms: int
    grace_s: int
    step: int
    answer: str
    seq: int
    save_id: str
    past_ids: str
    checked_at: int | None
    device: str | None


def save_answer(
    db: Database,
    *,
    attempt_id: int,
    person_id: int,
    epoch: int,
    save: Save,
    now: datetime,
    device: Callable[[], str | None] = lambda: None,
    session_id: int = 0,
) -> Saved:
    """Store one answer, if the attempt is open, in time and the person's, and nobody has changed the answer meanwhile.

    device: names the browser that sends, asked only where the attempt is bound to one. session_id: of the sign-in that sends, which must not be
    over (0: there is none).

    Returning `saved` or `replayed` means that it is durable. Raises NotFound for another's attempt, Invalid for an answer
    that the paper does not have (AnswerRefused for one that its item cannot have, QuestionClosed for an item that is not open), NotAllowed where
    the session is over; then nothing has changed.
    """
    shape = shapes_of(db).find(db, attempt_id)
    if shape is None or shape.person_id != person_id:
        raise NotFound("There is no such try.")
    answer = _checked(shape, save)
    asked = {"attempt": attempt_id, "person": person_id, "epoch": epoch, "session": session_id, "item": save.item_id}
    load = LOAD_TEXT[db.engine.dialect.name]
    with db.driver_writing() as connection:
        found = first_row(connection, load, asked)
        if found is None:
            raise NotAllowed("You are signed out. Sign in again; what was acknowledged as saved is safe.")
        row = Loaded(*found)
        outcome = _judge(row, save, to_ms(now))
        if row.device is not None and outcome in ("saved", "moved") and device() != row.device:
            outcome = "elsewhere"
        if outcome in ("saved", "moved"):
            _check_reached(row, shape.steps.get(save.item_id, row.step))
        if outcome == "saved" and not _store(connection, db, row, attempt_id, save, answer, now):
            row = Loaded(*(first_row(connection, load, asked) or found))
            outcome = "replayed" if save.save_id in (row.save_id, *row.past_ids.split()) else "moved"
        elif outcome == "late" and not shape.practice:
            _store_late(connection, db, attempt_id, save, answer, now)
        if outcome == "saved":
            return Saved("saved", answer, row.seq + 1, save.save_id, row.deadline_ms)
        return Saved(outcome, row.answer, row.seq, row.save_id, row.deadline_ms)


def _judge(row: Loaded, save: Save, now_ms: int) -> Literal["saved", "replayed", "moved", "late", "elsewhere"]:
    if save.save_id == row.save_id or save.save_id in row.past_ids.split():
        return "replayed"
    if row.state != "open" or now_ms > row.deadline_ms + row.grace_s * 1000:
        return "late"
    return "saved" if save.seen == row.seq else "moved"


def _check_reached(row: Loaded, step: int) -> None:
    if row.checked_at is not None:
        raise QuestionClosed("You have looked at the right answer of this question, so it is fixed. Nothing was changed.")
    if step < row.step:
        raise QuestionClosed("This question is closed: you have gone on from it. Nothing was changed.")
    if step > row.step:
        raise QuestionClosed("This question is not open yet. Nothing was changed.")


def _checked(shape: Shape, save: Save) -> str:
    asked = shape.answers.get(save.item_id)
    if asked is None:
        raise Invalid("This question is not in your paper. Nothing was changed.")
    try:
        return canonical(asked, save.answer)
    except Refused as refused:
        raise AnswerRefused(refused.words.message, **refused.words.params) from refused


def _store(connection: DriverTransaction, db: Database, row: Loaded, attempt_id: int, save: Save, answer: str, now: datetime) -> bool:
    past = [*row.past_ids.split(), row.save_id][-PAST_KEPT:] if row.seq else []
    values = {"attempt_id": attempt_id, "item_id": save.item_id, "answer": answer, "seq": row.seq + 1, "save_id": save.save_id}
    values |= {"past_ids": " ".join(past), "saved_at": to_ms(now), "client_at": save.client_ms}
    return first_row(connection, UPSERT_TEXT[db.engine.dialect.name], values) is not None


def _store_late(connection: DriverTransaction, db: Database, attempt_id: int, save: Save, answer: str, now: datetime) -> None:
    kept = first_row(connection, COUNT_LATE_TEXT[db.engine.dialect.name], {"attempt": attempt_id})
    if kept is None or kept[0] >= LATE_KEPT:
        return
    values = {"attempt_id": attempt_id, "item_id": save.item_id, "answer": answer, "seen": save.seen, "save_id": save.save_id}
    values |= {"received_at": to_ms(now), "client_at": save.client_ms}
    driver_rows(connection, KEEP_APART_TEXT[db.engine.dialect.name], values)
