"""What is done with people: signing in."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lms.errors import Conflict, Invalid
from lms.people.access import SignedIn, find_signed_in
from lms.people.models import Account, Person, SignInFailure
from lms.people.secrets import secret_matches
from lms.platform.audit import record
from lms.platform.db import Database

FREE_TRIES = 5
WAIT = timedelta(minutes=5)


def sign_in(db: Database, *, name: str, secret: str, device: str, now: datetime) -> SignedIn:
    """Prove who one is by staff code or phone and secret.

    The secret is checked between two short transactions, so that no lock is held while it is hashed.
    Raises Invalid if they do not fit together, Conflict while this device must wait for this account.
    """
    subject = name.strip()
    with db.reading() as session:
        row = _find_account(session, subject)
        failed = session.execute(select(SignInFailure).filter_by(subject=subject.lower(), device=device)).scalar_one_or_none()
        if failed and failed.failures >= FREE_TRIES and now < failed.last_at + WAIT:
            raise Conflict("Too many wrong tries on this device. Wait five minutes, or ask your safety officer for a new PIN.")
    if not secret_matches(row[1] if row else None, secret) or row is None:
        with db.writing() as session:
            _count_failure(session, subject=subject.lower(), device=device, now=now)
        raise Invalid("The code and the PIN or password do not fit together. Check both and try again.")
    with db.writing() as session:
        session.execute(delete(SignInFailure).filter_by(subject=subject.lower(), device=device))
        session.execute(update(Account).filter_by(person_id=row[0]).values(last_sign_in_at=now))
        record(session, now=now, actor_id=row[0], action="sign_in", subject_kind="person", subject_id=row[0])
        found = find_signed_in(session, row[0], row[2])
    if found is None:
        raise Invalid("The code and the PIN or password do not fit together. Check both and try again.")
    return found


def _find_account(session: Session, subject: str) -> tuple[int, str, int] | None:
    wanted = select(Account.person_id, Account.secret_hash, Account.epoch).join(Person, Person.id == Account.person_id).where(Account.active)
    row = session.execute(wanted.where((func.lower(Person.staff_code) == subject.lower()) | (Person.phone == subject))).first()
    return (row[0], row[1], row[2]) if row else None


def _count_failure(session: Session, *, subject: str, device: str, now: datetime) -> None:
    row = session.execute(select(SignInFailure).filter_by(subject=subject, device=device)).scalar_one_or_none()
    if row is None:
        session.add(SignInFailure(subject=subject, device=device, failures=1, last_at=now))
    else:
        row.failures = row.failures + 1 if now < row.last_at + WAIT else 1
        row.last_at = now
