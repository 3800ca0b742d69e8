"""Access codes: short, typed on a phone, compared without a hint of how much of them was right."""

import hmac
import re
from datetime import datetime, timedelta

CODE = re.compile(r"[A-Z0-9]{4,12}")
FREE_TRIES = 5
WAIT = timedelta(minutes=1)


def normal(code: str) -> str:
    """As it is compared: without blanks and dashes, in capitals."""
    return re.sub(r"[\s-]+", "", code).upper()


def is_code(code: str) -> bool:
    """Whether it can be one: 4 to 12 letters and digits without accents."""
    return CODE.fullmatch(code) is not None


def same(typed: str, code: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(normal(typed).encode(), normal(code).encode())


def waits_until(failures: int, last_at: datetime) -> datetime | None:
    """Until when an account with so many wrong codes in a row must wait; None if it need not."""
    return last_at + WAIT if failures >= FREE_TRIES else None
