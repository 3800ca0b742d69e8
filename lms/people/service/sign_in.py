"""Signing in: by staff code or phone, with a PIN or password."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, Row, String, bindparam, or_, select, update
from sqlalchemy.orm import Session

from lms.clock import to_ms
from lms.errors import Invalid
from lms.people.models import Account, Person
from lms.people.rules import normal_code, normal_phone
from lms.people.secrets import make_secret, secret_matches
from lms.people.service.accounts import change_secret, refuse_secret
from lms.people.service.tries import SLIP, Attempt, check_tries, count_failure, count_success
from lms.people.signed_in import SignedIn, find_signed_in
from lms.people.signing.models import TotpKey
from lms.people.signing.service import second_step
from lms.people.signing.service.sessions import begin, carry_over
from lms.platform.audit import record
from lms.platform.db import Database
from lms.platform.rules import phrase

WRONG = phrase("The code and the PIN or password do not match. Check both and try again.")


Found = Row[int, str, int, str | None, bool]


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a try comes from.

    device: random name of the browser; address: of the network; slip: (person, epoch) of a slip's QR code; key: the site's secret, for digests;
    agent: browser and system as `agent_of` names them.
    """

    device: str
    address: str
    key: str
    slip: tuple[int, int] | None = None
    agent: str = "other-other"


@dataclass(frozen=True, slots=True)
class SecondStep:
    """The secret was right, and the account asks for a second step: whose it is, and under which epoch."""

    person_id: int
    epoch: int


def sign_in(db: Database, *, name: str, secret: str, caller: Caller, today: date, now: datetime) -> SignedIn | SecondStep:
    """Prove who one is by staff code or phone and secret; gives the session, or that a second step is needed.

    The secret is checked between two short transactions, so that no lock is held while it is hashed. Unknown, closed and
    wrong look the same and take as long. Raises Invalid if code and secret do not fit together, Conflict while this try
    must wait, Busy while too many sign in.
    """
    with db.asking() as asker:
        account = _find_account(asker, name)
        attempt = _attempt(caller, account, name)
        clear_address = check_tries(asker, attempt, now)
    if not secret_matches(account.secret_hash if account else None, secret) or account is None:
        with db.writing() as session:
            count_failure(session, attempt, now)
        raise Invalid(WRONG.message)
    with db.writing() as session:
        found = _still(session, account.person_id, account.epoch, today)
        count_success(session, attempt, now, clear_address=clear_address)
        if account.second:
            return SecondStep(found.person_id, found.epoch)
        return enter(session, found, caller, "slip" if attempt.slip else "secret", now)


def prove_second_step(db: Database, *, step: SecondStep, code: str, caller: Caller, today: date, now: datetime) -> SignedIn:
    """Prove the second step, right after the secret; gives the session.

    Wrong codes are counted as wrong secrets are, apart from them. Raises Invalid for a wrong code or where the account has changed, Conflict while
    this try must wait.
    """
    attempt = Attempt.of(key=caller.key, account=f"{step.person_id}#second", device=caller.device, address=caller.address)
    with db.asking() as asker:
        clear_address = check_tries(asker, attempt, now)
    try:
        with db.writing() as session:
            found = _still(session, step.person_id, step.epoch, today)
            how = second_step.prove(session, person_id=step.person_id, code=code, key=caller.key, now=now)
            count_success(session, attempt, now, clear_address=clear_address)
            return enter(session, found, caller, how, now)
    except Invalid:
        with db.writing() as session:
            count_failure(session, attempt, now)
        raise


def enter(session: Session, person: SignedIn, caller: Caller, how: str, now: datetime) -> SignedIn:
    """Begin a session of somebody who has proved who they are."""
    session.connection().execute(_SIGNED_IN, {"person": person.person_id, "at": now})
    record(session, now=now, actor_id=person.person_id, action="sign_in", subject_kind="person", subject_id=person.person_id)
    session_id = begin(session, person_id=person.person_id, epoch=person.epoch, agent=caller.agent, how=how, now=now)
    return replace(person, session_id=session_id, seen_ms=to_ms(now))


def change_own_secret(db: Database, *, person: SignedIn, current: str | None, chosen: str, caller: Caller, today: date, now: datetime) -> SignedIn:
    """Let a person choose an own PIN (learners) or password (staff); sessions elsewhere end.

    current: the present secret, proved like a sign-in; None right after signing in with a slip, when there is one to replace.
    Raises Invalid for a wrong present secret, for the same again, or for one that may not be chosen; Conflict while tries must wait.
    """
    with db.reading() as session:
        account = session.execute(_ACCOUNT.where(Account.person_id == person.person_id)).one()
        known = session.get_one(Person, person.person_id)
        attempt = _attempt(caller, account, "")
        clear_address = check_tries(session, attempt, now)
    if current is None and not person.must_change:
        raise Invalid("Enter your present PIN or password.")
    if current is not None and not secret_matches(account.secret_hash, current):
        with db.writing() as session:
            count_failure(session, attempt, now)
        raise Invalid("That is not your present PIN or password.")
    refuse_secret(chosen, known, staff=person.staff)
    if secret_matches(account.secret_hash, chosen):
        raise Invalid("Choose one that differs from your present one.")
    secret = make_secret(chosen, "password" if person.staff else "pin")
    with db.writing() as session:
        _still(session, account.person_id, account.epoch, today)
        count_success(session, attempt, now, clear_address=clear_address)
        changed = change_secret(session, person_id=person.person_id, secret=secret, today=today, now=now)
        carry_over(session, session_id=person.session_id, person_id=person.person_id, epoch=changed.epoch)
        return replace(_still(session, person.person_id, changed.epoch, today), session_id=person.session_id, seen_ms=person.seen_ms)


def _still(session: Session, person_id: int, epoch: int, today: date) -> SignedIn:
    """The person, if the account is as it was when the secret was read: hashing takes its time, and an officer may have been faster."""
    found = find_signed_in(session, person_id, epoch, today)
    if found is None:
        raise Invalid(WRONG.message)
    return found


SECOND = select(TotpKey.person_id).where(TotpKey.person_id == Account.person_id, TotpKey.confirmed_at.is_not(None)).exists().label("second")
_ACCOUNT = (
    select(Account.person_id, Account.secret_hash, Account.epoch, Person.staff_code, SECOND).join(Person, Person.id == Account.person_id).where(Account.active)
)

_BY_NAME = _ACCOUNT.where(or_(Person.staff_code == bindparam("code"), Person.phone == bindparam("phone", type_=String)))
_SIGNED_IN = update(Account.__table__).where(Account.__table__.c.person_id == bindparam("person")).values(last_sign_in_at=bindparam("at"))  # type: ignore[arg-type]


def _find_account(asker: Connection, name: str) -> Found | None:
    """The open account whose staff code was typed, else the one whose phone number."""
    code = normal_code(name)
    rows = asker.execute(_BY_NAME, {"code": code, "phone": normal_phone(name)}).all()
    return min(rows, key=lambda row: row.staff_code != code, default=None)


def _attempt(caller: Caller, account: Found | None, name: str) -> Attempt:
    own_slip = account is not None and caller.slip == (account.person_id, account.epoch)
    device = f"{SLIP}{account.person_id}.{account.epoch}" if account is not None and own_slip else caller.device
    # An unknown phone number is one subject however it is written, as a known one is: else waiting would tell which numbers are known.
    subject = str(account.person_id) if account else f"?{normal_phone(name) or normal_code(name)}"
    return Attempt.of(key=caller.key, account=subject, device=device, address=caller.address)
