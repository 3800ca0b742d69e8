"""Asking the index: one statement finds, ranks and pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from lms.library.models import SearchEntry, SearchWord
from lms.library.rules.folding import fold
from lms.library.rules.snippets import Part, mark, snippet
from lms.library.rules.words import Wanted, wanted

PAGE = 20
EXACT_WORD, EXACT_ACCENTS = 2, 3
"""How many times more a word is worth that is not only a beginning, and one with the very accents that were typed."""

PHRASE = 60
"""What it is worth that the words stand together as typed."""

LANGS = ("vi", "zh", "en")


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found; title and text in parts, of which some are hits."""

    kind: str
    language: str
    course: str
    slug: str
    title: list[Part]
    text: list[Part]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. how: 'all' words, 'some' of them where no page has all, 'elsewhere' in another language; hits of one page of the result.

    page: which one; past the end it is the first again.
    """

    question: str
    words: tuple[Wanted, ...]
    how: str
    total: int
    hits: tuple[Hit, ...]
    page: int = 1


def find(session: Session, *, question: str, lang: str, page: int = 1) -> Found:
    """Search in a language; where nothing has all words, in the other languages, then for some of the words: three statements at most for the first page."""
    words = tuple(wanted(question))
    others = [other for other in LANGS if other != lang]
    for how, langs, least in (("all", [lang], len(words)), ("elsewhere", others, len(words)), ("some", [lang], 1)) if words else ():
        for at in dict.fromkeys((page, 1)):
            rows = session.execute(_ranked(words, question, langs, least, at)).all()
            if rows:
                return Found(question, words, how, rows[0].total, tuple(_hit(row, words) for row in rows), at)
    return Found(question, words, "all", 0, ())


def _hit(row: Any, words: Sequence[Wanted]) -> Hit:
    return Hit(row.kind, row.language, row.course, row.slug, mark(row.title, words), snippet(row.text, words))


def _ranked(words: Sequence[Wanted], question: str, langs: Sequence[str], least: int, page: int) -> Select[*tuple[Any, ...]]:
    found = union_all(*(part for word in words for part in _of_word(word, langs))).subquery()
    sums = select(found.c.entry_id, func.sum(found.c.score).label("score"), func.sum(found.c.hit).label("hits")).group_by(found.c.entry_id).subquery()
    score: ColumnElement[int] = sums.c.score
    if len(words) > 1:
        phrase = " ".join(fold(question).split())
        score = sums.c.score + case((SearchEntry.folded.contains(phrase, autoescape=True), PHRASE), else_=0)
    columns = (SearchEntry.kind, SearchEntry.language, SearchEntry.course, SearchEntry.slug, SearchEntry.title, SearchEntry.text)
    return (
        select(*columns, func.count().over().label("total"))
        .join(sums, sums.c.entry_id == SearchEntry.id)
        .where(sums.c.hits >= least)
        .order_by(sums.c.hits.desc(), score.desc(), SearchEntry.title, SearchEntry.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )


def _of_word(word: Wanted, langs: Sequence[str]) -> list[Select[*tuple[Any, ...]]]:
    """The entries of a word with what it is worth there; those with the very accents count once more, but do not stand for another word."""
    token = word.token.encode()
    same = SearchWord.token == token
    if word.prefix:
        within: ColumnElement[bool] = (SearchWord.token >= token) & (SearchWord.token < token + b"\xff")
        worth: ColumnElement[int] = func.max(case((same, SearchWord.score * EXACT_WORD), else_=SearchWord.score))
    else:
        within, worth = same, func.max(SearchWord.score * EXACT_WORD)
    in_langs = SearchWord.language.in_(langs)
    parts: list[Select[*tuple[Any, ...]]] = [
        select(SearchWord.entry_id, worth.label("score"), literal(1).label("hit")).where(in_langs, within).group_by(SearchWord.entry_id)
    ]
    if word.exact:
        exact = SearchWord.token == word.exact.encode()
        parts.append(select(SearchWord.entry_id, (SearchWord.score * EXACT_ACCENTS).label("score"), literal(0).label("hit")).where(in_langs, exact))
    return parts
