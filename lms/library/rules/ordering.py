"""The order of terms in a glossary, and the letter they stand under.

Vietnamese: by syllable, first its letters (a ă â … d đ e ê …), then its tone (level, huyền, hỏi, ngã, sắc, nặng), as dictionaries have it.
Chinese: by GB 18030, whose first level (3,755 common characters of GB 2312) is in the order of pinyin; rarer characters follow, by radical.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping

from lms.library.rules.folding import fold, normal

LETTERS = {letter: rank for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", 1)}
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
SYLLABLE = re.compile(r"[^\W_]+")
PINYIN = tuple("ABCDEFGHJKLMNOPQRSTWXYZ")
FIRST = tuple(char.encode("gb18030") for char in "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝")
LAST = b"\xd7\xf9"
"""The last code of the first level, 座."""

OTHER = "#"
Key = tuple[object, ...]


def _vietnamese(word: str) -> Key:
    return tuple(_syllable(found[0]) for found in SYLLABLE.finditer(normal(word)))


def _syllable(syllable: str) -> tuple[tuple[int, ...], int]:
    tone, letters = 0, []
    for char in syllable:
        apart = unicodedata.normalize("NFD", char)
        tone = next((TONES[mark] for mark in apart if mark in TONES), tone)
        plain = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in TONES))
        letters.append(LETTERS.get(plain, 100 + ord(plain[0]) if plain else 0))
    return tuple(letters), tone


def _chinese(word: str) -> Key:
    return tuple(char.encode("gb18030", "replace") for char in normal(word))


def _english(word: str) -> Key:
    return (fold(word), word)


KEYS: Mapping[str, Callable[[str], Key]] = {"vi": _vietnamese, "zh": _chinese, "en": _english}


def order(word: str, lang: str) -> Key:
    """What to sort the words of a language by."""
    return (*KEYS[lang](word), word) if lang == "en" else (KEYS[lang](word), word)


def letter(word: str, lang: str) -> str:
    """The letter a word stands under: A, Ă, Â, …; of Chinese the first letter of its pinyin; # where there is none."""
    first = normal(word)[:1]
    if not first:
        return OTHER
    if lang == "vi":
        apart = "".join(mark for mark in unicodedata.normalize("NFD", first) if mark not in TONES)
        plain = unicodedata.normalize("NFC", apart)
        return plain.upper() if plain in LETTERS else OTHER
    if first.isascii():
        return first.upper() if first.isalpha() else OTHER
    if lang == "zh":
        code = first.encode("gb18030", "replace")
        return PINYIN[bisect_right(FIRST, code) - 1] if len(code) == 2 and FIRST[0] <= code <= LAST else OTHER  # noqa: PLR2004  (a double byte)
    bare = fold(first)
    return bare.upper() if bare.isascii() and bare.isalpha() else OTHER
