"""From what was sent to the one text that is stored; what a paper does not have is refused in words."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lms.assessment.rules.answers.texts import ESSAY_MOST, SHORT_MOST, clean
from lms.platform.rules import Phrase, phrase

NO_SUCH = phrase("This question has no such answer. Nothing was changed.")
RAW_MOST = 200_000
"""Longer than any answer is before it is cleaned; nothing is made of more."""


class Refused(ValueError):
    """The answer cannot be stored; `words` say why."""

    def __init__(self, words: Phrase) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True, slots=True)
class Asked:
    """What may be answered to an item: its letters and those of a matching's right side (sorted), and how many gaps it has."""

    kind: str
    letters: str = ""
    targets: str = ""
    gaps: int = 0


def canonical(asked: Asked, given: str) -> str:
    """The canonical text of an answer, '' where nothing is answered. Raises Refused."""
    if len(given) > RAW_MOST:
        raise Refused(_too_long(ESSAY_MOST))
    return WAYS[asked.kind](asked, given)


def _one(asked: Asked, given: str) -> str:
    if len(given) > 1 and set(given) <= set(asked.letters):
        raise Refused(phrase("Only one answer can be chosen here. Nothing was changed."))
    return _several(asked, given)


def _several(asked: Asked, given: str) -> str:
    if len(set(given)) != len(given) or not set(given) <= set(asked.letters):
        raise Refused(NO_SUCH)
    return "".join(sorted(given))


def _order(asked: Asked, given: str) -> str:
    if given and sorted(given) != sorted(asked.letters):
        raise Refused(NO_SUCH)
    return given


def _pairs(asked: Asked, given: str) -> str:
    pairs = [pair.partition(":") for pair in given.split()]
    if len({left for left, _, _ in pairs}) != len(pairs):
        raise Refused(NO_SUCH)
    if not all(len(left) == len(right) == 1 and left in asked.letters and right in asked.targets for left, _, right in pairs):
        raise Refused(NO_SUCH)
    return " ".join(f"{left}:{right}" for left, _, right in sorted(pairs))


def _gaps(asked: Asked, given: str) -> str:
    if not given:
        return ""
    try:
        texts = json.loads(given)
    except (ValueError, RecursionError) as broken:
        raise Refused(NO_SUCH) from broken
    if not isinstance(texts, list) or len(texts) != asked.gaps or not all(isinstance(text, str) for text in texts):
        raise Refused(NO_SUCH)
    return dump_gaps([_short(asked, text) for text in texts])


def _short(_asked: Asked, given: str) -> str:
    return _bounded(clean(given), SHORT_MOST)


def _essay(_asked: Asked, given: str) -> str:
    return _bounded(clean(given, lines=True), ESSAY_MOST)


def _performed(_asked: Asked, given: str) -> str:
    if given:
        raise Refused(phrase("Nothing is written here: this is done before an assessor."))
    return ""


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        raise Refused(_too_long(most))
    return text


def _too_long(most: int) -> Phrase:
    return phrase("This text is too long: at most %(most)s characters. Nothing was changed.", most=most)


def dump_gaps(texts: list[str]) -> str:
    """The texts of gaps as one text; '' where every gap is empty."""
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":")) if any(texts) else ""


WAYS: Mapping[str, Callable[[Asked, str], str]] = {
    "single": _one,
    "multiple": _several,
    "hotspot": _several,
    "ordering": _order,
    "matching": _pairs,
    "gaps": _gaps,
    "numeric": _short,
    "short": _short,
    "essay": _essay,
    "performed": _performed,
}
