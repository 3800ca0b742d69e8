"""Failed sign-ins: who must wait. Nobody can lock out somebody else, and no device that has signed in before is slowed by others.

Three counts, each a row of `sign_in_try`:
- (account, device): after FREE_TRIES wrong tries in a row this device waits WAIT for this account; a slip counts as a device of its own;
- (account, '*'): wrong tries of devices that never signed in as this account; from STRANGE_TRIES on such devices get one try every PAUSE;
- (account, '@address'): at how many accounts an address failed within WINDOW since its last success; from WIDE accounts on, a device that
  never signed in as anybody gets one try every WIDE_PAUSE there.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, String, and_, bindparam, case, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.errors import Conflict
from lms.people.models import SignInTry
from lms.platform.db import Database, plain

FREE_TRIES = 5
WAIT = timedelta(minutes=5)
STRANGE_TRIES = 20
PAUSE = timedelta(seconds=30)
WINDOW = timedelta(minutes=15)
WIDE = 10
WIDE_PAUSE = timedelta(seconds=5)
KEPT = timedelta(days=1)
COOKIE_LIFE = timedelta(days=365)
ANY = "*"
SLIP = "slip:"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in, in digests: the account (or what was typed), the device (or slip), the address."""

    subject: str
    device: str
    address: str

    @property
    def slip(self) -> bool:
        """Whether the QR code of the account's own slip led here."""
        return self.device.startswith(SLIP)

    @classmethod
    def of(cls, *, key: str, account: str, device: str, address: str) -> "Attempt":
        """Digest what must not be kept in clear with the site's key."""
        return cls(_digest(key, "account", account), device, "@" + _digest(key, "address", address)[:40])


TRY = SignInTry.__table__
TRIES = select(TRY.c.subject, TRY.c.device, TRY.c.failures, TRY.c.known, TRY.c.last_at).where(
    or_(
        and_(TRY.c.subject.in_((bindparam("subject", type_=String), ANY)), TRY.c.device == bindparam("device", type_=String)),
        and_(TRY.c.subject == bindparam("subject", type_=String), TRY.c.device == ANY),
    )
)
WIDELY = select(func.count(), func.max(TRY.c.last_at)).where(TRY.c.device == bindparam("address", type_=String), TRY.c.last_at > bindparam("since"))


def _success(dialect: Any) -> Any:
    made = dialect.insert(TRY)
    return made.on_conflict_do_update(index_elements=["subject", "device"], set_={"failures": 0, "known": True, "last_at": made.excluded.last_at})


SUCCESS = {"sqlite": _success(sqlite), "postgresql": _success(postgresql)}


def check_tries(asker: Session | Connection, attempt: Attempt, now: datetime) -> bool:
    """Raise Conflict if this try must wait. True if the address has failures that a success should clear."""
    asker = plain(asker)
    rows = asker.execute(TRIES, {"subject": attempt.subject, "device": attempt.device}).all()
    kept = {(row.subject, row.device): row for row in rows}
    own = kept.get((attempt.subject, attempt.device))
    if own and own.failures >= FREE_TRIES and now < own.last_at + WAIT:
        raise Conflict("Too many wrong tries on this device. Wait five minutes, or ask your safety officer for a new slip.")
    strange = kept.get((attempt.subject, ANY))
    if strange and not (attempt.slip or (own and own.known)) and strange.failures >= STRANGE_TRIES and now < strange.last_at + WINDOW:
        _pause(now, strange.last_at, PAUSE)
    wide = asker.execute(WIDELY, {"address": attempt.address, "since": now - WINDOW}).one()
    known_device = attempt.slip or (ANY, attempt.device) in kept
    if wide[0] >= WIDE and not known_device:
        _pause(now, wide[1], WIDE_PAUSE)
    return bool(wide[0])


def count_failure(session: Session, attempt: Attempt, now: datetime) -> None:
    """Count one wrong try in the three rows, with one statement: a row is made or grown, never read first."""
    values = [
        {"subject": attempt.subject, "device": device, "failures": 1, "known": False, "last_at": now} for device in (attempt.device, ANY, attempt.address)
    ]
    wait = case((SignInTry.device == ANY, _ms(WINDOW)), else_=_ms(WAIT))
    made = _insert(session, values)
    grown = case((SignInTry.last_at < made.excluded.last_at - wait, 1), else_=SignInTry.failures + 1)
    session.execute(made.on_conflict_do_update(index_elements=["subject", "device"], set_={"failures": grown, "last_at": made.excluded.last_at}))


def count_success(session: Session, attempt: Attempt, now: datetime, *, clear_address: bool) -> None:
    """Remember that the device signed in as this account, and as somebody; forget its failures and those of the address."""
    devices = [] if attempt.slip else [(ANY, attempt.device)]
    values = [
        {"subject": subject, "device": device, "failures": 0, "known": True, "last_at": now}
        for subject, device in [(attempt.subject, attempt.device), *devices]
    ]
    session.connection().execute(SUCCESS[session.get_bind().dialect.name], values)
    if clear_address:
        session.execute(delete(SignInTry).where(SignInTry.device == attempt.address))


def forget_old_tries(db: Database, now: datetime) -> int:
    """Delete failures older than a day; where devices have signed in stays for a year, as long as their cookie. Gives how many.

    A job of every minute: it looks first, and takes the writer only if there is something to delete.
    """
    old = or_(and_(SignInTry.known.is_(False), SignInTry.last_at < now - KEPT), SignInTry.last_at < now - COOKIE_LIFE)
    with db.reading() as session:
        if session.scalar(select(SignInTry.id).where(old).limit(1)) is None:
            return 0
    with db.writing() as session:
        gone: Any = session.execute(delete(SignInTry).where(old))
        return int(gone.rowcount)


def _pause(now: datetime, last_at: datetime, pause: timedelta) -> None:
    left = (last_at + pause - now).total_seconds()
    if left > 0:
        raise Conflict("Very many wrong tries came in here. Wait %(seconds)s seconds and try again, or use the QR code of your slip.", seconds=int(left) + 1)


def _digest(key: str, kind: str, text: str) -> str:
    return hmac.new(key.encode(), f"sign-in:{kind}:{text}".encode(), hashlib.sha256).hexdigest()


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _insert(session: Session, values: Sequence[dict[str, object]]) -> Any:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(SignInTry).values(values)
