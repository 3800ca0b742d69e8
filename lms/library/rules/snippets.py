"""Snippets: the piece of a text in which most words of a question stand, with those words marked."""

import re
import unicodedata
from collections.abc import Sequence

from lms.library.rules.folding import fold, normal
from lms.library.rules.words import IS_HAN, Wanted

LENGTH = 160
Part = tuple[str, bool]
"""A piece of text, and whether it is a hit."""


def mark(text: str, words: Sequence[Wanted]) -> list[Part]:
    """The whole text in parts; the parts that answer the question are hits. Joined they are the text again, its blanks made one."""
    composed, hits = _find(text, words)
    return _parts(composed, hits, 0, len(composed))


def snippet(text: str, words: Sequence[Wanted], length: int = LENGTH) -> list[Part]:
    """At most about `length` characters around the first place with the most words, with dots where text is left out."""
    composed, hits = _find(text, words)
    begin = _best(hits, length)
    begin = _word_start(composed, max(0, begin - length // 4))
    end = _word_end(composed, min(len(composed), begin + length))
    parts = _parts(composed, [hit for hit in hits if begin <= hit[0] and hit[1] <= end], begin, end)
    return [*([("… ", False)] if begin else []), *parts, *([(" …", False)] if end < len(composed) else [])]


REST = r"[^\W_]*"


def _find(text: str, words: Sequence[Wanted]) -> tuple[str, list[tuple[int, int]]]:
    """The composed text and the places of the words in it, in order and apart from each other."""
    composed = _composed(text)
    folded = fold(composed)
    apart: list[tuple[int, int]] = []
    for begin, end in sorted(found.span() for word in words for found in _pattern(word).finditer(folded)):
        joins = apart and (begin < apart[-1][1] or (begin == apart[-1][1] and IS_HAN.match(folded[begin])))
        if joins:
            apart[-1] = (apart[-1][0], max(apart[-1][1], end))
        else:
            apart.append((begin, end))
    return composed, apart


def _pattern(word: Wanted) -> re.Pattern[str]:
    if IS_HAN.match(word.token):
        return re.compile(re.escape(word.token))
    return re.compile(rf"(?<![^\W_]){re.escape(word.token)}{REST if word.prefix else ''}(?![^\W_])")


def _composed(text: str) -> str:
    """The text with one blank between words, as long as its folded form."""
    single = unicodedata.normalize("NFC", " ".join(text.split()))
    small = normal(single)
    return single if len(small) == len(single) else small


def _best(hits: Sequence[tuple[int, int]], length: int) -> int:
    """Where the window with the most hits begins; the first of equals."""
    if not hits:
        return 0
    counts = [sum(1 for begin, end in hits if first <= begin and end <= first + length) for first, _ in hits]
    return hits[counts.index(max(counts))][0]


def _word_start(text: str, at: int) -> int:
    blank = text.rfind(" ", max(0, at - 20), at + 1) if at else -1
    return blank + 1 if blank >= 0 else at


def _word_end(text: str, at: int) -> int:
    blank = text.find(" ", at, at + 20) if at < len(text) else -1
    return blank if blank >= 0 else at


def _parts(text: str, hits: Sequence[tuple[int, int]], begin: int, end: int) -> list[Part]:
    made: list[Part] = []
    at = begin
    for first, last in hits:
        made += [(text[at:first], False), (text[first:last], True)]
        at = last
    made.append((text[at:end], False))
    return [part for part in made if part[0]]
