"""Folding: how a text is compared when accents, case and width must not matter. đ is a letter of its own to Unicode, so it is folded here."""

import unicodedata

OWN = {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ß": "s", "æ": "a", "œ": "o", "ı": "i"}
"""Letters that Unicode takes apart into nothing, each with the one letter that stands for it."""


def normal(text: str) -> str:
    """The text as it is kept: composed, with full-width letters and digits made narrow, character for character small."""
    composed = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", "".join(_small(_narrow(char)) for char in composed))


def fold(text: str) -> str:
    """A text without accents, case and width. Each character of `normal(text)` gives exactly one, so places stay the same; a lone accent gives a blank."""
    return "".join(_bare(char) for char in normal(text))


def _narrow(char: str) -> str:
    """A full-width character in its ordinary width; any other stays."""
    if "\uff01" <= char <= "\uff5e":
        return chr(ord(char) - 0xFEE0)
    return " " if char == "\u3000" else char


def _small(char: str) -> str:
    small = char.lower()
    return small if len(small) == 1 else small[0]


def _bare(char: str) -> str:
    if char in OWN:
        return OWN[char]
    first = unicodedata.normalize("NFD", char)[0]
    return " " if unicodedata.combining(first) else OWN.get(first, first)
