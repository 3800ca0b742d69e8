"""Passkeys (WebAuthn): registered by whoever is signed in, used in place of password and second step."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lms.errors import Conflict, Invalid, NotFound
from lms.people.models import Account
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import tell_one
from lms.people.rules import name_words
from lms.people.signing.models import Passkey
from lms.platform.audit import record
from lms.platform.rules import phrase

MOST = 10
LOOPBACK_NAME = "localhost"
REFUSED = phrase("This passkey was not accepted. Try again, or sign in with your password.")


@dataclass(frozen=True, slots=True)
class Party:
    """The site as a browser knows it for passkeys: its name, its host, and the origin of its pages."""

    name: str
    host: str
    origin: str


def party_of(public_url: str, name: str) -> Party | None:
    """The site's own party; None where browsers allow no passkeys: without https, or at a bare address (only localhost is excepted)."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        bare = False
    else:
        bare = True
    if not host or bare or (parts.scheme != "https" and host != LOOPBACK_NAME):
        return None
    return Party(name, host, f"{parts.scheme}://{parts.netloc}")


def list_passkeys(session: Session, *, person_id: int) -> Sequence[Passkey]:
    """The passkeys of a person, the newest first."""
    return session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id.desc())).all()


def begin_registration(session: Session, *, person_id: int, account: str, party: Party) -> tuple[str, str]:
    """What a browser is asked in order to make a passkey, as JSON, and the challenge. Raises Conflict where there are enough."""
    kept = list_passkeys(session, person_id=person_id)
    if len(kept) >= MOST:
        raise Conflict("You have %(most)s passkeys. Remove one first.", most=MOST)
    options = generate_registration_options(
        rp_id=party.host,
        rp_name=party.name,
        user_name=account,
        user_id=str(person_id).encode(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential)) for one in kept],
    )
    return options_to_json(options), bytes_to_base64url(options.challenge)


def register(session: Session, *, person_id: int, credential: object, challenge: str, name: str, party: Party, now: datetime) -> Passkey:
    """Keep a passkey that a browser has made. Raises Invalid for one that does not fit the challenge, Conflict for one that is known."""
    try:
        made = verify_registration_response(
            credential=json.dumps(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as refused:
        raise Invalid("This passkey was not accepted. Begin again.") from refused
    row = Passkey(
        person_id=person_id,
        credential=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        name=name_words(name)[:80] or "Passkey",
        made_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as known:
        raise Conflict("This passkey is known already.") from known
    words = phrase("A passkey was added to your account at %(at)s. If it was not you, sign out on every device and change your password.", at=now)
    tell_one(session, person_id, Topic.ACCOUNT, f"passkey:{row.id}", words, now=now, address="/me/protection")
    record(session, now=now, actor_id=person_id, action="passkey_made", subject_kind="person", subject_id=person_id)
    return row


def remove_passkey(session: Session, *, person_id: int, passkey_id: int, now: datetime) -> None:
    """Accept a passkey no more. Raises NotFound, also for another's."""
    gone = session.execute(delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person_id).returning(Passkey.id)).scalar()
    if gone is None:
        raise NotFound("There is no such passkey.")
    record(session, now=now, actor_id=person_id, action="passkey_removed", subject_kind="person", subject_id=person_id)


def begin_signing(party: Party) -> tuple[str, str]:
    """What a browser is asked in order to sign somebody in, as JSON, and the challenge."""
    options = generate_authentication_options(rp_id=party.host, user_verification=UserVerificationRequirement.REQUIRED)
    return options_to_json(options), bytes_to_base64url(options.challenge)


def find_signer(session: Session, *, credential: object, challenge: str, party: Party, now: datetime) -> tuple[int, int]:
    """Who has signed the challenge: person and epoch of the open account. Raises Invalid, whatever is wrong in the same words.

    After a slip was made the secret on it comes first: it may have been made because somebody else has got in.
    """
    given = credential.get("id") if isinstance(credential, dict) else None
    row = session.scalar(select(Passkey).where(Passkey.credential == str(given)[:400]).with_for_update()) if given else None
    account = session.get(Account, row.person_id) if row is not None else None
    if row is None or account is None or not account.active or account.must_change:
        raise Invalid(REFUSED.message)
    try:
        proved = verify_authentication_response(
            credential=json.dumps(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as refused:
        raise Invalid(REFUSED.message) from refused
    row.sign_count, row.used_at = proved.new_sign_count, now
    session.flush()
    return row.person_id, account.epoch
