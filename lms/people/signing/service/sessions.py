"""The sessions of a person on their devices."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.people.models import Account
from lms.people.signing.models import SignedSession
from lms.platform.audit import record
from lms.platform.db import Database

SEEN_EVERY = timedelta(minutes=30)
KEPT = timedelta(days=60)
MADE = insert(SignedSession).returning(SignedSession.id)


def begin(session: Session, *, person_id: int, epoch: int, agent: str, how: str, now: datetime) -> int:
    """A new session; gives its id."""
    values = {"person_id": person_id, "epoch": epoch, "agent": agent, "how": how, "begun_at": now, "seen_at": now}
    made: int = session.connection().execute(MADE, values).scalar_one()
    return made


def carry_over(session: Session, *, session_id: int, person_id: int, epoch: int) -> None:
    """Let one session go on under the account's new epoch; all others are over."""
    mine = (SignedSession.id == session_id, SignedSession.person_id == person_id)
    session.execute(update(SignedSession).where(*mine).values(epoch=epoch))


def list_sessions(session: Session, *, person_id: int) -> Sequence[SignedSession]:
    """The sessions that are not over, the last used first, at most 50."""
    current = select(Account.epoch).where(Account.person_id == person_id).scalar_subquery()
    mine = select(SignedSession).where(SignedSession.person_id == person_id, SignedSession.ended_at.is_(None), SignedSession.epoch == current)
    return session.scalars(mine.order_by(SignedSession.seen_at.desc(), SignedSession.id.desc()).limit(50)).all()


def end(session: Session, *, person_id: int, session_id: int, now: datetime) -> None:
    """End one session, at once on every node. Raises NotFound for one that is over, or another's."""
    mine = (SignedSession.id == session_id, SignedSession.person_id == person_id, SignedSession.ended_at.is_(None))
    ended = session.execute(update(SignedSession).where(*mine).values(ended_at=now).returning(SignedSession.id)).scalar()
    if ended is None:
        raise NotFound("There is no such session.")
    record(session, now=now, actor_id=person_id, action="session_ended", subject_kind="person", subject_id=person_id)


def leave_session(session: Session, *, session_id: int, now: datetime) -> None:
    """End the session that asks for it; one that is over stays so."""
    session.execute(update(SignedSession).where(SignedSession.id == session_id, SignedSession.ended_at.is_(None)).values(ended_at=now))


def end_others(session: Session, *, person_id: int, session_id: int, now: datetime) -> int:
    """End every session but one; gives how many."""
    others = (SignedSession.person_id == person_id, SignedSession.id != session_id, SignedSession.ended_at.is_(None))
    ended = session.scalars(update(SignedSession).where(*others).values(ended_at=now).returning(SignedSession.id)).all()
    record(session, now=now, actor_id=person_id, action="other_sessions_ended", subject_kind="person", subject_id=person_id)
    return len(ended)


def note_seen(session: Session, *, session_id: int, now: datetime) -> None:
    """Remember that a session is in use."""
    session.execute(update(SignedSession).where(SignedSession.id == session_id).values(seen_at=now))


def forget_old(db: Database, now: datetime) -> int:
    """Delete sessions that were not used for two months, over or not; gives how many. A job of every minute: it looks first."""
    old = SignedSession.seen_at < now - KEPT
    with db.reading() as session:
        if session.scalar(select(SignedSession.id).where(old).limit(1)) is None:
            return 0
    with db.writing() as session:
        gone = session.scalars(delete(SignedSession).where(old).returning(SignedSession.id)).all()
        return len(gone)
