"""Texts that people type: what is kept of them."""

import re
import unicodedata

SHORT_MOST = 200
ESSAY_MOST = 20_000
UNKEPT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Control signs, halves of pairs (no database takes them), and signs that turn the direction of writing: a text could show otherwise than it is."""


def clean(text: str, *, lines: bool = False) -> str:
    """A text in NFC, trimmed, without what cannot be stored or would deceive: control signs, halves of pairs, turns of direction.

    One line, or with `lines` as many as were written.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text if lines else text.replace("\n", " ").replace("\t", " ")
    return unicodedata.normalize("NFC", UNKEPT.sub("", text)).strip()
