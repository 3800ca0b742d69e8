"""Glossaries: one settings file each, with terms in three languages."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pydantic import Field

from lms.content.catalogue import Glossary, Term
from lms.content.digests import digest_json
from lms.content.packages.shapes import Certainty, Lang, Shape, Slug, Tags, Text, Words, read_shape
from lms.content.packages.workspace import Package, Workspace, words
from lms.content.source.problems import Place
from lms.content.source.yamlish import Node
from lms.platform.rules import phrase

WORDS = ("term", "meaning", "source")


class TermShape(Shape):
    """One term."""

    id: Slug
    term: dict[Lang, str] = Field(min_length=1)
    also: dict[Lang, Tags] = Field(default_factory=dict)
    meaning: Words = Field(min_length=1)
    source: dict[Lang, Text] = Field(min_length=1)
    certainty: Certainty


class GlossaryShape(Shape):
    """A glossary, glossary/<id>.yml."""

    id: Slug
    title: Words
    source_lang: Lang = "vi"
    terms: list[TermShape] = Field(min_length=1)


@dataclass
class Spellings:
    """Where each id and each spelling of a tree stands first: in a lesson a word can lead to one meaning only."""

    ids: dict[str, Place] = field(default_factory=dict)
    spelled: dict[tuple[str, str], Place] = field(default_factory=dict)


def read_glossary(work: Workspace, slug: str, spellings: Spellings) -> Package:
    """Read a glossary file."""
    package = Package(f"glossary/{slug}", None)
    node = work.settings(f"glossary/{slug}.yml")
    shape = read_shape(GlossaryShape, node, work.found) if node else None
    if node is None or shape is None:
        return package
    work.check_id(node, shape.id, slug)
    work.check_words(node, ["title"], shape.source_lang)
    for number, term in enumerate(shape.terms):
        inner = _term_node(node, number)
        work.check_words(inner, WORDS, shape.source_lang)
        _check_once(work, inner, term, spellings)
    glossary = Glossary(slug=slug, digest="", title=words(shape.title), terms=tuple(_term(term) for term in shape.terms))
    package.made = replace(glossary, digest=digest_json("glossary", repr(glossary)))
    return package


def _term(shape: TermShape) -> Term:
    return Term(
        id=shape.id,
        words=words(shape.term),
        also={lang: tuple(shape.also[lang]) for lang in ("vi", "zh", "en") if lang in shape.also},
        meaning=words(shape.meaning),
        source=words(shape.source),
        certainty=shape.certainty,
    )


def _term_node(node: Node, number: int) -> Node:
    assert isinstance(node.value, dict)
    terms = node.value["terms"].value
    assert isinstance(terms, list)
    return terms[number]


def _check_once(work: Workspace, node: Node, term: TermShape, spellings: Spellings) -> None:
    """Ids and spellings stand once in all glossaries of a tree."""
    place = node.place_of(["id"])
    first = spellings.ids.setdefault(term.id, place)
    if first != place:
        _twice(work, place, term.id, first)
    for lang, spelling, at in _spelled(node, term):
        first = spellings.spelled.setdefault((lang, spelling.casefold()), at)
        if first != at:
            _twice(work, at, spelling, first)


def _spelled(node: Node, term: TermShape) -> Iterator[tuple[str, str, Place]]:
    for lang, spelling in term.term.items():
        yield lang, spelling, node.place_of(["term", lang])
    for lang, spellings in term.also.items():
        for number, spelling in enumerate(spellings):
            yield lang, spelling, node.place_of(["also", lang, number])


def _twice(work: Workspace, place: Place, what: str, first: Place) -> None:
    message = phrase("%(term)s stands also in %(place)s.", term=what, place=f"{first.file}:{first.line}")
    work.found.error(place, "term-twice", message, phrase("A word has one entry: put both meanings into it, or take the spelling out of one."))
