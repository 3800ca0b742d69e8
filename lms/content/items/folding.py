"""Texts folded to what is left of them without case, accents, signs and blanks: to find what was written twice."""

import unicodedata

FOLDED = str.maketrans({"đ": "d", "Đ": "d", "ß": "ss"})


def folded(text: str) -> str:
    """Letters and digits only, without case, width and accents; Vietnamese đ is d."""
    parts = unicodedata.normalize("NFKD", text.translate(FOLDED).casefold())
    return "".join(sign for sign in parts if sign.isalnum())
