"""Terms as the glossary shows them: in the order of the reader's language, sorted once for each publication and language."""

from functools import lru_cache

from lms.content.access import catalogue
from lms.content.catalogue import Catalogue, Term
from lms.library.rules.folding import fold
from lms.library.rules.ordering import OTHER, letter, order
from lms.platform.i18n import pick

Placed = tuple[str, Term]
"""The letter a term stands under, and the term."""

_KEPT = 6


def sorted_terms(lang: str) -> tuple[Placed, ...]:
    """All terms in the order of a language."""
    known = catalogue()
    return _sorted(_ById(known), lang)


class _ById:
    """A catalogue that is known by its publication's digest, so that an answer can be kept for it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __hash__(self) -> int:
        return hash(self.catalogue.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.catalogue.digest == self.catalogue.digest


@lru_cache(maxsize=_KEPT)
def _sorted(known: _ById, lang: str) -> tuple[Placed, ...]:
    named = [(pick(term.words, lang), term) for term in known.catalogue.terms.values()]
    placed = [((letter(word, lang) == OTHER, order(letter(word, lang), lang), order(word, lang)), letter(word, lang), term) for word, term in named]
    return tuple((under, term) for _, under, term in sorted(placed, key=lambda row: row[0]))


def with_words(terms: tuple[Placed, ...], question: str) -> tuple[Placed, ...]:
    """The terms in which every word of a question stands, accents apart, in any language and in their spellings or meanings."""
    asked = fold(question).split()
    return tuple(row for row in terms if all(word in _text(row[1]) for word in asked))


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return fold(text)


def _text(term: Term) -> str:
    spelled = [*term.words.values(), *(spelling for those in term.also.values() for spelling in those), *term.meaning.values()]
    return " ".join(_folded(text) for text in spelled)
