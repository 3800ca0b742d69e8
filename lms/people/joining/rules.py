"""Rules of joining: what a code looks like, and whether it still opens."""

import re
from datetime import date

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 8
DAYS_MOST = 366
USES_MOST = 100_000


def plain_code(text: str) -> str:
    """A code as it is kept: capitals and digits, nothing between them. No letter of a code looks like a digit."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def shown_code(code: str) -> str:
    """A code as it is printed: two groups."""
    return f"{code[:4]}-{code[4:]}"


def is_open(*, until_on: date, closed: bool, uses: int, most_uses: int | None, on: date) -> bool:
    """Whether somebody may still join by a code: its last day included."""
    return not closed and on <= until_on and (most_uses is None or uses < most_uses)
