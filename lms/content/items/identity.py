"""Ids of items: their form, and one proposed where it is missing."""

import hashlib
import re

ID = re.compile(r"[a-z][a-z0-9-]{3,31}")


def propose_id(text: str) -> str:
    """An id for an item that lacks one, the same for the same text."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return letters[number % 26] + "".join(letters[number >> shift & 31] for shift in range(8, 43, 5))
