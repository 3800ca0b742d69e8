"""Accounts: slips, own secrets, sign-out everywhere, closing and opening."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.clock import to_ms
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.people.models import Account, Person
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import tell_one
from lms.people.rules import Grant, is_staff, may_take_over, refuse_password, refuse_pin
from lms.people.secrets import Secret
from lms.people.service.persons import LANGS, get_person
from lms.people.service.roles import count_administrators, grants_of
from lms.platform.audit import record
from lms.platform.rules import phrase


def secret_kind_for(session: Session, *, person_id: int, today: date) -> str:
    """What a person signs in with: 'password' for whoever holds a staff role, else 'pin'."""
    return "password" if is_staff(grants_of(session, person_id=person_id), today) else "pin"


def reset_secret(
    session: Session,
    *,
    person_id: int,
    secret: Secret,
    actor_id: int | None,
    actor_grants: Sequence[Grant],
    paths: tuple[str, ...],
    today: date,
    now: datetime,
) -> Account:
    """Give a person the secret of a new slip: it must be changed at the next sign-in, and every session ends.

    paths: where the actor may reset. Raises NotFound outside them, NotAllowed if the person holds a staff role that the
    actor could not grant, Invalid for a PIN where a password is needed.
    """
    person = get_person(session, person_id=person_id, paths=paths, on=today)
    target = grants_of(session, person_id=person_id)
    if not may_take_over(actor_grants, target, today):
        raise NotAllowed("This person has a staff role. Ask the administrator for the new password.")
    _right_kind(secret, staff=is_staff(target, today))
    account = _account(session, person.id)
    if account is None:
        account = Account(person_id=person.id, secret_hash=secret.hash, secret_kind=secret.kind, must_change=True)
        session.add(account)
    else:
        _put(account, secret, must_change=True)
    session.flush()
    words = phrase("Your PIN or password was set anew at %(at)s. If nobody has given you a new slip, tell your safety officer.", at=now)
    tell_one(session, person.id, Topic.ACCOUNT, f"secret_reset:{to_ms(now)}", words, now=now, address="/me/")
    record(session, now=now, actor_id=actor_id, action="secret_reset", subject_kind="person", subject_id=person.id)
    return account


def refuse_secret(text: str, person: Person, *, staff: bool) -> None:
    """Raise Invalid with the reason why a person may not choose this PIN (learners) or password (staff)."""
    own = tuple(value for value in (person.full_name, person.staff_code, person.phone) if value)
    why = refuse_password(text, own=own) if staff else refuse_pin(text)
    if why:
        raise Invalid(why.message, **why.params)


def change_secret(session: Session, *, person_id: int, secret: Secret, today: date, now: datetime) -> Account:
    """Store the secret that a person has chosen; sessions elsewhere end. The caller has proved the old one.

    Raises Invalid for a PIN where a password is needed.
    """
    account = _account(session, person_id)
    if account is None:
        raise NotFound("There is no such person.")
    _right_kind(secret, staff=is_staff(grants_of(session, person_id=person_id), today))
    _put(account, secret, must_change=False)
    session.flush()
    record(session, now=now, actor_id=person_id, action="secret_changed", subject_kind="person", subject_id=person_id)
    return account


def sign_out_everywhere(session: Session, *, person_id: int, now: datetime) -> None:
    """End every session of a person."""
    session.execute(update(Account).where(Account.person_id == person_id).values(epoch=Account.epoch + 1))
    record(session, now=now, actor_id=person_id, action="signed_out_everywhere", subject_kind="person", subject_id=person_id)


def choose_language(session: Session, *, person_id: int, lang: str, now: datetime) -> None:
    """Keep the language that a person wants to read. Raises Invalid for one that the site does not have."""
    if lang not in LANGS:
        raise Invalid("There is no language %(lang)s here.", lang=lang)
    session.execute(update(Person).where(Person.id == person_id).values(lang=lang))
    record(session, now=now, actor_id=person_id, action="person_edited", subject_kind="person", subject_id=person_id, detail={"fields": ["lang"]})


def close_account(
    session: Session, *, person_id: int, actor_id: int | None, actor_grants: Sequence[Grant], paths: tuple[str, ...], today: date, now: datetime
) -> None:
    """Let a person sign in no more, at once; everything that the person did stays.

    Raises NotFound, NotAllowed as reset_secret does, Conflict for the own account and for the last administrator's.
    """
    if person_id == actor_id:
        raise Conflict("You cannot close your own account.")
    account = _take_over(session, person_id, actor_grants, paths, today)
    account.active = False
    account.epoch += 1
    session.flush()
    if not count_administrators(session, on=today + timedelta(days=1)) and any(
        grant.role == "administrator" for grant in grants_of(session, person_id=person_id)
    ):
        raise Conflict("The site needs an administrator: name another one first.")
    record(session, now=now, actor_id=actor_id, action="account_closed", subject_kind="person", subject_id=person_id)


def reopen_account(
    session: Session, *, person_id: int, actor_id: int | None, actor_grants: Sequence[Grant], paths: tuple[str, ...], today: date, now: datetime
) -> None:
    """Let a person sign in again with the former secret."""
    _take_over(session, person_id, actor_grants, paths, today).active = True
    session.flush()
    record(session, now=now, actor_id=actor_id, action="account_reopened", subject_kind="person", subject_id=person_id)


def _take_over(session: Session, person_id: int, actor_grants: Sequence[Grant], paths: tuple[str, ...], today: date) -> Account:
    get_person(session, person_id=person_id, paths=paths, on=today)
    if not may_take_over(actor_grants, grants_of(session, person_id=person_id), today):
        raise NotAllowed("This person has a staff role that you could not grant.")
    account = _account(session, person_id)
    if account is None:
        raise Conflict("This person has no account yet: make a slip first.")
    return account


def _account(session: Session, person_id: int) -> Account | None:
    return session.scalar(select(Account).where(Account.person_id == person_id).with_for_update())


def _put(account: Account, secret: Secret, *, must_change: bool) -> None:
    account.secret_hash = secret.hash
    account.secret_kind = secret.kind
    account.must_change = must_change
    account.epoch += 1


def _right_kind(secret: Secret, *, staff: bool) -> None:
    if staff and secret.kind == "pin":
        raise Invalid("Whoever has a staff role signs in with a password.")
