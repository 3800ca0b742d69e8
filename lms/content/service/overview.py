"""Everything the content page tells: what is wrong, what is published and held, how the sources are, what is being published."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lms.content.models import PublishJob, Translation
from lms.content.packages.compiler import Compiled, package_of
from lms.content.service.desk import ContentDesk
from lms.content.service.jobs import find_latest
from lms.content.service.publishing import find_current, judge
from lms.content.service.reading import PublishedState, find_state
from lms.content.service.source_states import FoundSource, list_sources
from lms.content.service.staleness import list_stale, warnings_of
from lms.content.source.problems import Problem
from lms.errors import SiteError
from lms.platform.rules import Phrase
from lms.settings import ContentSource


@dataclass(frozen=True, slots=True)
class HeldPackage:
    """A package that publishing would hold back. stays: it is on the site as it was; else it is not there at all. errors: its own."""

    name: str
    why: Phrase
    stays: bool
    errors: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A content source, and how it was found last (None: never looked at)."""

    source: ContentSource
    found: FoundSource | None


@dataclass(frozen=True, slots=True)
class Overview:
    """unreadable: why the sources cannot be read; then there are no problems and nothing is held."""

    state: PublishedState | None
    job: PublishJob | None
    sources: tuple[SourceLine, ...]
    unreadable: SiteError | None
    sound: int
    held: tuple[HeldPackage, ...]
    problems: tuple[Problem, ...]
    stale: tuple[Translation, ...]

    def count(self, severity: str) -> int:
        """How many errors or warnings there are."""
        return sum(problem.severity == severity for problem in self.problems)


def look(session: Session, desk: ContentDesk, *, now: datetime, rev: str = "", source: str = "") -> Overview:
    """Read and check the sources (at `rev`, see `ContentSources.read`), and put beside them what the site shows. A constant number of queries."""
    current = find_current(session)
    before = json.loads(current.manifest) if current else {}
    stale = tuple(list_stale(session, before))
    found = list_sources(session)
    sources = tuple(SourceLine(source, found.get(source.name)) for source in desk.sources.origins)
    judged, problems, unreadable = None, tuple[Problem, ...](), None
    try:
        tree, compiled = desk.look(rev, source if rev else "")
        judged = judge(session, compiled, tree, before, now=now)
        problems = tuple(sorted((*judged.problems, *warnings_of(stale, tree)), key=lambda problem: problem.order))
    except SiteError as why:
        unreadable = why
    held = _held(judged, set(before)) if judged else ()
    return Overview(find_state(session), find_latest(session), sources, unreadable, len(judged.packages) if judged else 0, held, problems, stale)


def _held(judged: Compiled, shown: set[str]) -> tuple[HeldPackage, ...]:
    errors: dict[str, list[Problem]] = {}
    for problem in judged.problems:
        if problem.severity == "error":
            errors.setdefault(package_of(problem.file), []).append(problem)
    return tuple(HeldPackage(name, why, name in shown, tuple(errors.get(name, ()))) for name, why in sorted(judged.held.items()))
