"""The second step: a code of an authenticator app (TOTP, RFC 6238), or one of the recovery codes that were shown once."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lms.clock import to_ms
from lms.errors import Conflict, Invalid, NotAllowed
from lms.people.models import Account
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import tell_one
from lms.people.rules import Grant, may_take_over
from lms.people.service.persons import get_person
from lms.people.service.roles import grants_of
from lms.people.signing.models import Passkey, RecoveryCode, TotpKey
from lms.people.signing.rules import CODE_LETTERS, CODES, GROUP, find_step, recovery_digest, step_of
from lms.people.signing.service.sessions import end_others
from lms.platform.audit import record
from lms.platform.db import insert_into
from lms.platform.rules import phrase

WRONG = phrase("This code is not right, or it was used already. Wait for the next one and try again.")


@dataclass(frozen=True, slots=True)
class Protection:
    """What protects an account beside its secret: since when an authenticator app, how many recovery codes are left, how many passkeys."""

    app_since: datetime | None
    codes_left: int
    passkeys: int


def protection_of(session: Session, *, person_id: int) -> Protection:
    """What protects an account; one query."""
    app = select(TotpKey.confirmed_at).where(TotpKey.person_id == person_id).scalar_subquery()
    codes = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)).scalar_subquery()
    keys = select(func.count()).where(Passkey.person_id == person_id).scalar_subquery()
    return Protection(*session.execute(select(app, codes, keys)).one())


def may_set_up(session: Session, *, person_id: int, proved: bool) -> bool:
    """Whether a session may set an app up: a stolen password must not lead past the owner's passkey to an app of the thief's."""
    return proved or not protection_of(session, person_id=person_id).passkeys


def begin_set_up(session: Session, *, person_id: int, key: str, now: datetime, proved: bool = True) -> str:
    """A new secret for an app, not in use before it is confirmed; gives it in base32.

    proved: as for `confirm_set_up`. Raises Conflict where an app is in use, NotAllowed.
    """
    _refuse_unproved(session, person_id, proved=proved)
    kept = session.get(TotpKey, person_id)
    if kept is not None and kept.confirmed_at is not None:
        raise Conflict("An authenticator app is in use already. Remove it first.")
    secret = pyotp.random_base32()
    made = insert_into(session, TotpKey).values(person_id=person_id, secret=_sealed(secret, key), made_at=now, confirmed_at=None, last_step=0)
    taken = {"secret": made.excluded.secret, "made_at": made.excluded.made_at}
    session.execute(made.on_conflict_do_update(index_elements=["person_id"], set_=taken, where=TotpKey.confirmed_at.is_(None)))
    return secret


def find_waiting(session: Session, *, person_id: int, key: str) -> str | None:
    """The secret that waits to be confirmed, in base32."""
    kept = session.get(TotpKey, person_id)
    return _open(kept.secret, key) if kept is not None and kept.confirmed_at is None else None


def address_of(secret: str, *, account: str, site_name: str) -> str:
    """What the QR code for the app says (otpauth)."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=site_name)


def confirm_set_up(session: Session, *, person_id: int, code: str, key: str, now: datetime, proved: bool = True) -> list[str]:
    """Use the app from now on, because it shows the right code; gives the recovery codes, which are shown only here.

    proved: false in a session that owes a second step, which is then not to be set up beside a passkey. Raises Invalid, Conflict, NotAllowed.
    """
    _refuse_unproved(session, person_id, proved=proved)
    kept = session.scalar(select(TotpKey).where(TotpKey.person_id == person_id).with_for_update())
    if kept is None or kept.confirmed_at is not None:
        raise Conflict("Begin to set the app up again.")
    step = _step(kept, code, key, now)
    if step is None:
        raise Invalid("The app shows another code. Look whether the clock of the phone is right, and type the code that it shows now.")
    kept.confirmed_at, kept.last_step = now, step
    session.flush()
    record(session, now=now, actor_id=person_id, action="second_step_set", subject_kind="person", subject_id=person_id)
    return new_codes(session, person_id=person_id, key=key)


def new_codes(session: Session, *, person_id: int, key: str) -> list[str]:
    """New recovery codes in place of the former ones."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = ["-".join("".join(secrets.choice(CODE_LETTERS) for _ in range(GROUP)) for _ in range(2)) for _ in range(CODES)]
    session.add_all([RecoveryCode(digest=recovery_digest(code, person_id, key), person_id=person_id) for code in codes])
    session.flush()
    return codes


def prove(session: Session, *, person_id: int, code: str, key: str, now: datetime) -> str:
    """Prove the second step by the app's code or a recovery code, each good once; gives which ('code', 'recovery'). Raises Invalid."""
    kept = session.scalar(select(TotpKey).where(TotpKey.person_id == person_id, TotpKey.confirmed_at.is_not(None)).with_for_update())
    step = _step(kept, code, key, now) if kept is not None else None
    if kept is not None and step is not None:
        kept.last_step = step
        session.flush()
        return "code"
    mine = (RecoveryCode.digest == recovery_digest(code, person_id, key), RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    used = session.execute(update(RecoveryCode).where(*mine).values(used_at=now).returning(RecoveryCode.digest)).scalar()
    if used is None:
        raise Invalid(WRONG.message)
    record(session, now=now, actor_id=person_id, action="recovery_code_used", subject_kind="person", subject_id=person_id)
    return "recovery"


def remove(session: Session, *, person_id: int, code: str, key: str, now: datetime, session_id: int) -> None:
    """Use no app any more; a present code proves that it is the person's own wish. Every session but this one ends. Raises Invalid."""
    prove(session, person_id=person_id, code=code, key=key, now=now)
    _forget(session, person_id)
    record(session, now=now, actor_id=person_id, action="second_step_removed", subject_kind="person", subject_id=person_id)
    end_others(session, person_id=person_id, session_id=session_id, now=now)


def reset(
    session: Session,
    *,
    person_id: int,
    reason: str,
    actor_id: int,
    actor_grants: tuple[Grant, ...],
    paths: tuple[str, ...],
    today: date,
    now: datetime,
) -> None:
    """Take app, recovery codes and passkeys of somebody away who has lost them; every session ends.

    Raises NotFound outside `paths`, NotAllowed for roles that the actor could not grant, Invalid without a reason, Conflict for oneself, and
    where there is nothing to take away.
    """
    if person_id == actor_id:
        raise Conflict("Remove your own second step on your own page.")
    get_person(session, person_id=person_id, paths=paths, on=today)
    if not may_take_over(actor_grants, grants_of(session, person_id=person_id), today):
        raise NotAllowed("This person has a staff role that you could not grant.")
    if not reason.strip():
        raise Invalid("Give a reason.")
    kept = protection_of(session, person_id=person_id)
    if kept.app_since is None and not kept.passkeys:
        raise Conflict("This person has neither an authenticator app nor passkeys.")
    words = phrase("Your second step and passkeys were taken away at %(at)s. If you did not ask for it, tell your administrator.", at=now)
    tell_one(session, person_id, Topic.ACCOUNT, f"second_step_reset:{to_ms(now)}", words, now=now, address="/me/protection")
    _forget(session, person_id)
    session.execute(delete(Passkey).where(Passkey.person_id == person_id))
    session.execute(update(Account).where(Account.person_id == person_id).values(epoch=Account.epoch + 1))
    detail = {"reason": reason.strip()[:200]}
    record(session, now=now, actor_id=actor_id, action="second_step_reset", subject_kind="person", subject_id=person_id, detail=detail)


def _refuse_unproved(session: Session, person_id: int, *, proved: bool) -> None:
    """Raises NotAllowed."""
    if not may_set_up(session, person_id=person_id, proved=proved):
        raise NotAllowed("Sign in with your passkey first, then set the app up. Whoever has lost it asks the person who gives new passwords.")


def _forget(session: Session, person_id: int) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(delete(TotpKey).where(TotpKey.person_id == person_id))


def _step(kept: TotpKey, code: str, key: str, now: datetime) -> int | None:
    secret = _open(kept.secret, key)
    if secret is None:
        return None
    app = pyotp.TOTP(secret)
    return find_step(code, step_of(now.timestamp()), kept.last_step, app.generate_otp)


def _fernet(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second-step:" + key.encode()).digest()))


def _sealed(secret: str, key: str) -> str:
    return _fernet(key).encrypt(secret.encode()).decode()


def _open(sealed: str, key: str) -> str | None:
    """The secret; none where the site's key is another one than when it was kept."""
    try:
        return _fernet(key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
