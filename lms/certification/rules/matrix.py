"""The training matrix: which schemes people need by what they do, where, and in which role. Plain values, no database."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Requirement:
    """Whoever fits needs a scheme, from a day until a day (both included; open if none).

    paths: the subtrees in one of which the work must be; position: words that the folded name of the job must hold, each of them; kind: what one
    works as; role: one that must be held. An empty text asks nothing.
    """

    id: int
    scheme: str
    paths: tuple[str, ...]
    from_on: date
    until_on: date | None = None
    position: str = ""
    kind: str = ""
    role: str = ""

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)

    def fits(self, work: "Work") -> bool:
        """Whether a piece of work is one that it speaks of."""
        there = any(work.path.startswith(path) for path in self.paths)
        return there and self.kind in ("", work.kind) and all(_says(work.position, word) for word in self.position.split())


def _says(position: str, word: str) -> bool:
    """Whether the name of a job has a word; Chinese is written without spaces between words."""
    return word in position if HAN.search(word) else word in position.split()


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody works on a day: the unit's path, what as, the folded name of the job, and since when."""

    path: str
    kind: str
    position: str
    from_on: date


@dataclass(frozen=True, slots=True)
class Need:
    """Why a scheme is needed, and since when: the requirement that was there first."""

    requirement_id: int
    from_on: date


def needs_of(requirements: Iterable[Requirement], works: Collection[Work], roles: Collection[str], on: date) -> Mapping[str, Need]:
    """The schemes that somebody needs on a day, whatever the order of the requirements.

    The need begins with the requirement, or with the work that fits it where that came later.
    """
    needs: dict[str, Need] = {}
    for one in sorted(requirements, key=lambda requirement: requirement.id):
        if one.scheme in needs or not one.holds(on) or (one.role and one.role not in roles):
            continue
        since = min((work.from_on for work in works if work.from_on <= on and one.fits(work)), default=None)
        if since is not None:
            needs[one.scheme] = Need(one.id, max(one.from_on, since))
    return needs


def narrowed(path: str, tagged: Collection[str]) -> tuple[str, ...]:
    """The parts of a subtree that lie in tagged subtrees: the tagged units below it, or all of it where a unit above it is tagged."""
    if any(path.startswith(one) for one in tagged):
        return (path,)
    return tuple(sorted(one for one in tagged if one.startswith(path)))
