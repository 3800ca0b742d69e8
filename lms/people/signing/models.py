"""Tables of signing in: sessions on devices, keys of authenticator apps, recovery codes, passkeys."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base


class SignedSession(Base):
    """A person is signed in on a device. Over when `ended_at` is set or the account's epoch is another one.

    agent: browser and system as a short code, like 'chrome-android'; how: what proved the person (secret, slip, code, recovery, passkey).
    seen_at: when it was last used, to half an hour.
    """

    __tablename__ = "signed_session"
    __table_args__ = (Index("ix_signed_session_person", "person_id", "seen_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    epoch: Mapped[int]
    agent: Mapped[str] = mapped_column(String(40))
    how: Mapped[str] = mapped_column(String(10))
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class TotpKey(Base):
    """The secret of a person's authenticator app, encrypted with a key that the site's key gives; in use once it is confirmed.

    last_step: the step (half minutes since 1970) of the last code, which is good only once.
    """

    __tablename__ = "totp_key"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    secret: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Base):
    """A code that stands for the authenticator app once, as a keyed digest."""

    __tablename__ = "recovery_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A passkey of a person (WebAuthn). credential and public_key in base64url; sign_count as the authenticator last told it."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential: Mapped[str] = mapped_column(String(400), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
