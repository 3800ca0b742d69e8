"""Texts that people type: what is kept of them."""

import unicodedata

SHORT_MOST = 200
ESSAY_MOST = 20_000
UNSEEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of writing: a text could show otherwise than it is stored."""


def clean(text: str, *, lines: bool = False) -> str:
    """A text in NFC, trimmed, without what cannot be stored or would deceive: control signs, halves of pairs, turns of direction.

    One line, or with `lines` as many as were written.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text if lines else text.replace("\n", " ").replace("\t", " ")
    return unicodedata.normalize("NFC", "".join(sign for sign in text if _kept(sign))).strip()


def _kept(sign: str) -> bool:
    return sign in "\n\t" or (sign not in UNSEEN and unicodedata.category(sign) not in ("Cc", "Cs"))
