"""Folding: how a text is compared when accents, case and width must not matter. đ is a letter of its own to Unicode, so it is folded here."""

import unicodedata
from collections.abc import Callable

OWN = {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ß": "s", "æ": "a", "œ": "o", "ı": "i"}
"""Letters that Unicode takes apart into nothing, each with the one letter that stands for it."""


class _Table(dict[int, str]):
    """What each character becomes, worked out when it is first met: a text is then translated at the speed of a copy."""

    def __init__(self, become: Callable[[str], str]) -> None:
        super().__init__()
        self._become = become

    def __missing__(self, code: int) -> str:
        made = self[code] = self._become(chr(code))
        return made


def normal(text: str) -> str:
    """The text as it is kept: composed, with full-width letters and digits made narrow, character for character small."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_SMALL))


def fold(text: str) -> str:
    """A text without accents, case and width. Each character of `normal(text)` gives exactly one, so places stay the same; a lone accent gives a blank."""
    return normal(text).translate(_BARE)


def _small(char: str) -> str:
    """A character in its ordinary width, small."""
    narrow = chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else " " if char == "\u3000" else char
    return narrow.lower()[0]


def _bare(char: str) -> str:
    if char in OWN:
        return OWN[char]
    first = unicodedata.normalize("NFD", char)[0]
    return " " if unicodedata.combining(first) else OWN.get(first, first)


_SMALL, _BARE = _Table(_small), _Table(_bare)
