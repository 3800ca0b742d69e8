"""Packages as they were published: read by their digests, and which of them may not change now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.bodies import package_from
from lms.content.catalogue import Contest
from lms.content.freezing import list_frozen
from lms.content.models import ContentPackage
from lms.content.needs import needs_of


class FormerPackages:
    """Stored packages by digest, each read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._read: dict[str, object] = {}

    def __call__(self, digests: Collection[str]) -> Mapping[str, object]:
        """These packages, in one query at most."""
        missing = set(digests) - set(self._read)
        if missing:
            rows = self._session.execute(select(ContentPackage.digest, ContentPackage.kind, ContentPackage.body).where(ContentPackage.digest.in_(missing)))
            self._read |= {row.digest: package_from(row.kind, row.body) for row in rows}
        return {digest: self._read[digest] for digest in digests}


@dataclass(frozen=True)
class Frozen:
    """Packages that may not change now, until when, and the contests among them, by name."""

    until: Mapping[str, datetime]
    contests: Mapping[str, Contest]

    def drawn(self, former: FormerPackages, manifest: Mapping[str, Mapping[str, str]]) -> Mapping[str, object]:
        """The quizzes that these contests draw from, as a manifest has them."""
        return named(former, manifest, {name for contest in self.contests.values() for name in needs_of(contest)})


def frozen_now(session: Session, former: FormerPackages, before: Mapping[str, Mapping[str, str]], *, now: datetime) -> Frozen:
    """Which packages of a manifest may not change now."""
    made = named(former, before, {name for name in before if name.startswith("contests/")})
    contests = {name: one for name, one in made.items() if isinstance(one, Contest)}
    until = list_frozen(session, contests.values(), now)
    return Frozen(until, {name: one for name, one in contests.items() if name in until})


def named(former: FormerPackages, manifest: Mapping[str, Mapping[str, str]], names: Collection[str]) -> Mapping[str, object]:
    """Packages of a manifest by name, without those that it lacks; in one query at most."""
    digests = {name: manifest[name]["digest"] for name in names if name in manifest}
    stored = former(list(digests.values()))
    return {name: stored[digest] for name, digest in digests.items()}
