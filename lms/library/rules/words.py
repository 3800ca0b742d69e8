"""The words of a text and of a question: syllables and numbers as they stand, Chinese as pairs of neighbouring characters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms.library.rules.folding import fold, normal

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
IS_HAN = re.compile(rf"[{HAN}]")
MAX_WORDS = 8
MAX_QUESTION = 100
MAX_WORD = 40
PREFIX_FROM = 3
PLURAL_FROM = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a question. token: folded; exact: as typed where that has accents, else empty; prefix: longer words count too."""

    token: str
    exact: str
    prefix: bool


def tokens(text: str) -> Iterator[str]:
    """The words by which a text is found: folded words, their accented forms beside them, and Chinese in pairs (the last character also alone)."""
    small = normal(text)
    folded = fold(small)
    for run in RUN.finditer(small):
        if IS_HAN.match(run[0]):
            yield from (run[0][at : at + 2] for at in range(len(run[0])))
            continue
        word, bare = run[0][:MAX_WORD], folded[run.start() : run.end()][:MAX_WORD]
        yield bare
        if word != bare:
            yield word


def wanted(question: str) -> list[Wanted]:
    """What a question asks for, each word once: all of them must be found. A Chinese character alone finds every pair that begins with it."""
    small = normal(question[:MAX_QUESTION])
    folded = fold(small)
    found: dict[str, Wanted] = {}
    for run in RUN.finditer(small):
        for word in _of_run(run[0], folded[run.start() : run.end()]):
            found.setdefault(word.token, word)
    return list(found.values())[:MAX_WORDS]


def _of_run(word: str, bare: str) -> Iterator[Wanted]:
    if IS_HAN.match(word):
        pairs = [word[at : at + 2] for at in range(max(1, len(word) - 1))]
        yield from (Wanted(pair, "", prefix=len(pair) == 1) for pair in pairs)
        return
    word, bare = word[:MAX_WORD], bare[:MAX_WORD]
    plural = word == bare and len(bare) >= PLURAL_FROM and bare.endswith("s")
    yield Wanted(bare[:-1] if plural else bare, word if word != bare else "", prefix=len(bare) >= PREFIX_FROM)
