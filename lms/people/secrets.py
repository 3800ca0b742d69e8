"""Passwords and PINs: argon2id at 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet), behind a small pool."""

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
PIN_DIGITS = 6
PASSWORD_MIN = 10
DUMMY = HASHER.hash("nobody's secret")

_pool = threading.BoundedSemaphore(2)


def size_pool(hashes_at_once: int) -> None:
    """How many secrets may be hashed at the same time in this process: a sign-in storm must not starve the savers."""
    global _pool  # noqa: PLW0603
    _pool = threading.BoundedSemaphore(hashes_at_once)


def hash_secret(secret: str) -> str:
    """The hash to keep of a password or PIN."""
    with _pool:
        return HASHER.hash(secret)


def secret_matches(kept: str | None, secret: str) -> bool:
    """Whether the secret is the one kept; takes as long where there is no account."""
    with _pool:
        try:
            return HASHER.verify(kept or DUMMY, secret) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def new_pin() -> str:
    """A random PIN of six digits."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
