"""Passwords and PINs: argon2id at 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet), behind a small pool."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lms.errors import SiteError
from lms.people.rules import PIN_DIGITS

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
DUMMY = HASHER.hash("nobody's secret")
SLIP_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
Kind = Literal["pin", "password"]


class Busy(SiteError):
    """Too many sign-ins wait already; the others' pages go first (503)."""

    status = 503


class Pool:
    """At most so many secrets are hashed at once and at most so many requests wait for it: a sign-in storm must not starve the savers."""

    def __init__(self, hashes: int, waiting: int) -> None:
        self._hashes = threading.BoundedSemaphore(hashes)
        self._places = threading.BoundedSemaphore(hashes + waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn. Raises Busy where too many wait already."""
        if not self._places.acquire(blocking=False):
            raise Busy("Very many people are signing in right now. Wait a few seconds and try again.")
        try:
            with self._hashes:
                yield
        finally:
            self._places.release()


_pool = Pool(2, 64)


def size_pool(hashes_at_once: int, waiting: int = 64) -> None:
    """Set the pool of this process: how many hash at the same time, and how many requests may wait for their turn."""
    global _pool  # noqa: PLW0603
    _pool = Pool(hashes_at_once, waiting)


@dataclass(frozen=True, slots=True)
class Secret:
    """A new PIN or password with its hash, made before the transaction that stores it (hashing takes 30 ms). Never kept or logged."""

    text: str
    kind: Kind
    hash: str

    def __repr__(self) -> str:
        return f"Secret({self.kind})"


def make_secret(text: str, kind: Kind) -> Secret:
    """A secret from its text."""
    return Secret(text, kind, hash_secret(text))


def new_secret(*, staff: bool) -> Secret:
    """A random secret for a slip: a PIN for a learner, twelve unmistakable letters and digits for staff."""
    return make_secret(new_password(), "password") if staff else make_secret(new_pin(), "pin")


def hash_secret(secret: str) -> str:
    """The hash to keep of a password or PIN."""
    with _pool.turn():
        return HASHER.hash(secret)


def secret_matches(kept: str | None, secret: str) -> bool:
    """Whether the secret is the one kept; takes as long where there is no account. Raises Busy."""
    with _pool.turn():
        try:
            return HASHER.verify(kept or DUMMY, secret) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def new_pin() -> str:
    """A random PIN of six digits."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"


def new_password() -> str:
    """A random password of three groups of four letters and digits (59 bits)."""
    return "-".join("".join(secrets.choice(SLIP_LETTERS) for _ in range(4)) for _ in range(3))
