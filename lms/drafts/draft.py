"""A draft: one source at one commit, compiled, with nothing in it of any other source but what the site shows to all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lms.content.catalogue import Catalogue, Course, Item, Quiz, Term
from lms.content.markup.terms import explain_lessons
from lms.content.packages.compiler import Compiled, package_of
from lms.content.packages.unpublished import catalogue_of
from lms.content.packages.workspace import Package
from lms.content.service.desk import ContentDesk
from lms.content.service.loading import EMPTY
from lms.content.source.media import Blob
from lms.content.source.problems import Problem
from lms.content.source.tree import ContentTree, join
from lms.errors import SiteError
from lms.platform.rules import Phrase
from lms.settings import ContentSource

MOST_BYTES = 64 * 1024 * 1024
"""The largest source that is shown as a draft, all files together."""


@dataclass(frozen=True)
class Draft:
    """source: its name; commit: all 40 places; packages: of this source, sound or not; held: why some would not go on the site; size: in bytes.

    texts: the source's texts and settings, without pictures. catalogue: the packages with terms marked in the lessons.
    """

    source: str
    commit: str
    packages: Mapping[str, Package]
    held: Mapping[str, Phrase]
    problems: tuple[Problem, ...]
    blobs: Mapping[str, Blob]
    texts: ContentTree
    catalogue: Catalogue = EMPTY
    size: int = 0
    compared: dict[object, object] = field(default_factory=dict, compare=False)
    """What was reckoned of this draft beside a publication, for the pages."""

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every item of every package."""
        return tuple(item for package in self.packages.values() for item in package.items)

    @cached_property
    def speaking_of_seals(self) -> frozenset[str]:
        """The quizzes whose files say when something is unsealed; the others need not be read for it."""
        return frozenset(path.split("/")[1] for path, data in self.texts.files.items() if path.startswith("quizzes/") and b"sealed_until" in data)

    def problems_of(self, package: str) -> list[Problem]:
        """What is wrong with one package."""
        return [problem for problem in self.problems if package_of(problem.file) == package]

    def course(self, slug: str) -> Course | None:
        """A course that could be made."""
        return self.catalogue.courses.get(slug)

    def quiz(self, slug: str) -> Quiz | None:
        """A quiz that could be made."""
        return self.catalogue.quizzes.get(slug)


def make_draft(desk: ContentDesk, source: ContentSource, commit: str, terms: Mapping[str, Term]) -> Draft:
    """Read and check a source at a commit. What it refers to in other sources is looked up where these are published from.

    terms: those of the site, for lessons of a source that has no glossary of its own. Raises NotFound or Conflict if it cannot be read.
    """
    tree = desk.sources.read_one(source, commit, most_bytes=MOST_BYTES)
    joined = join([(source.name, tree), *_others(desk, source)])
    return draft_of(source.name, commit, tree, desk.compile_aside(joined), terms)


def draft_of(source: str, commit: str, tree: ContentTree, compiled: Compiled, terms: Mapping[str, Term]) -> Draft:
    """What of a compiled tree belongs to one source."""
    mine = {package_of(path) for path in (*tree.files, *tree.oversize)}
    packages = {name: package for name, package in sorted((dict(compiled.packages) | dict(compiled.broken)).items()) if name in mine}
    made = catalogue_of(f"{source} {commit}", packages.values())
    known = dict(terms) | {term.id: term for glossary in made.glossary.values() for term in glossary.terms}
    explained = explain_lessons(made.courses.values(), tuple(known.values()), {})
    return Draft(
        source=source,
        commit=commit,
        packages=packages,
        held={name: why for name, why in compiled.held.items() if name in mine},
        problems=tuple(problem for problem in compiled.problems if package_of(problem.file) in mine),
        blobs=compiled.blobs,
        texts=ContentTree({path: data for path, data in tree.files.items() if path.endswith((".md", ".yml"))}, commit),
        catalogue=Catalogue(made.digest, made.courses, made.quizzes, made.contests, made.schemes, made.glossary, terms=known, explained=explained),
        size=sum(map(len, tree.files.values())),
    )


def _others(desk: ContentDesk, source: ContentSource) -> list[tuple[str, ContentTree]]:
    """The other sources as they are published from; one that cannot be read is left out, and what refers to it has a problem."""
    found = []
    for other in desk.sources.origins:
        if other.name != source.name:
            try:
                found.append((other.name, desk.sources.read_one(other)))
            except SiteError:
                continue
    return found
