"""Packages that are on no site as a catalogue, so that what shows published content can show them too."""

from collections.abc import Iterable

from lms.content.catalogue import Catalogue, Contest, Course, Glossary, Quiz, Scheme
from lms.content.packages.workspace import Package


def catalogue_of(digest: str, packages: Iterable[Package]) -> Catalogue:
    """The packages that could be made, sound or not."""
    kinds: dict[type, dict[str, object]] = {kind: {} for kind in (Course, Quiz, Contest, Scheme, Glossary)}
    for package in packages:
        if type(package.made) in kinds:
            kinds[type(package.made)][package.name.partition("/")[2]] = package.made
    return Catalogue(
        digest=digest,
        courses=kinds[Course],  # type: ignore[arg-type]
        quizzes=kinds[Quiz],  # type: ignore[arg-type]
        contests=kinds[Contest],  # type: ignore[arg-type]
        schemes=kinds[Scheme],  # type: ignore[arg-type]
        glossary=kinds[Glossary],  # type: ignore[arg-type]
    )
