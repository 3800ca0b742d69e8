"""What a revision that somebody asks for stands for, as far as it is known on this machine."""

import re
from collections.abc import Iterable

from lms.content.service.sources import ContentSources
from lms.content.source.branches import Revision, find_revision, list_branches, list_packages
from lms.drafts.service.links import Wanted
from lms.errors import Conflict, Invalid, NotFound
from lms.settings import ContentSource

REV = re.compile(r"[^\s~^:?*\[\\-][^\s~^:?*\[\\]{0,199}")
PACKAGE = re.compile(r"(courses|quizzes|glossary)/[a-z0-9][a-z0-9-]{0,79}")
BRANCHES = 100


def wanted_of(sources: ContentSources, *, source: str, rev: str, package: str, note: str, days: int) -> Wanted:
    """What a link is to show. Of a remote source, a revision that its clone does not know (yet) is looked for at the next fetch.

    Raises NotFound for an unknown source, and for a revision that a source of this machine does not have, Invalid for what cannot be a name,
    and for a package that is not there.
    """
    if not REV.fullmatch(rev):
        raise Invalid("Name a branch, a tag or a commit, like main or 3f2a91c.")
    if package and not PACKAGE.fullmatch(package):
        raise Invalid("Name a course, a quiz or a glossary, like courses/an-toan-dien.")
    found = _find(sources, sources.get(source), rev, package)
    return Wanted(source, rev, found.branch if found else "", found.commit if found else "", package, note, days)


def _find(sources: ContentSources, source: ContentSource, rev: str, package: str) -> Revision | None:
    try:
        repository = sources.repository(source)
        found = find_revision(repository, rev)
    except (NotFound, Conflict):
        if source.is_remote:
            return None
        raise
    if package and package not in list_packages(repository, found.commit, source.folder if source.is_remote else ""):
        raise Invalid("There is no %(package)s at %(rev)s.", package=package, rev=rev)
    return found


def known_branches(sources: ContentSources, origins: Iterable[ContentSource]) -> list[str]:
    """The names of the branches that the form proposes, at most a hundred."""
    names: dict[str, None] = {}
    for source in origins:
        if not source.is_remote or sources.mirrors.path(source).is_dir():
            names |= dict.fromkeys(list_branches(sources.repository(source)))
    return list(names)[:BRANCHES]
