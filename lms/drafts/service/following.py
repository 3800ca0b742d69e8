"""Keeping up with branches: sources are fetched for links that wait for them, beside every request."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lms.content.service.sources import ContentSources
from lms.content.source.branches import find_revision, get_tip
from lms.content.source.mirrors import Unfetched
from lms.drafts.models import DraftLink
from lms.errors import SiteError
from lms.platform.db import Database
from lms.platform.phrases import to_stored
from lms.platform.rules import Phrase
from lms.settings import ContentSource

FOLLOW_JOB = "drafts.follow"
EVERY = timedelta(minutes=5)
"""How often the branch of a link is fetched where nothing else polls its source."""


@dataclass(frozen=True)
class LinkFollower:
    """Fetches for links that are new or were asked to look again, whose revision has not been found yet, or whose branch nobody polls.

    A stranger with a link cannot make it fetch.
    """

    db: Database
    sources: ContentSources

    def run(self, now: datetime) -> int:
        """Fetch what is due; gives for how many links. Called by the job queue."""
        remote = [source for source in self.sources.origins if source.is_remote]
        with self.db.reading() as session:
            due = {source: _due(session, source, now) for source in remote}
        return sum(self._follow(source, links, now) for source, links in due.items() if links)

    def _follow(self, source: ContentSource, links: Iterable[DraftLink], now: datetime) -> int:
        why: Phrase | None = None
        try:
            self.sources.mirrors.fetch(source)
        except Unfetched as failed:
            why = failed.why
        found = {link.id: self._look(source, link, why) for link in links}
        with self.db.writing() as session:
            for link_id, values in found.items():
                session.execute(update(DraftLink).where(DraftLink.id == link_id).values(**values, looked_at=now))
        return len(found)

    def _look(self, source: ContentSource, link: DraftLink, why: Phrase | None) -> dict[str, str]:
        """What is to be kept of a look: the commit, or why there is none. A link that has found its branch keeps it when the fetch fails."""
        try:
            repository = self.sources.repository(source)
            if link.branch:
                return {"commit_id": get_tip(repository, link.branch), "failed": _stored(why)}
            revision = find_revision(repository, link.commit_id or link.rev)
            return {"branch": "" if link.commit_id else revision.branch, "commit_id": revision.commit, "failed": _stored(why)}
        except SiteError as missing:
            return {"failed": _stored(why or Phrase(missing.message, missing.params))}


def _due(session: Session, source: ContentSource, now: datetime) -> list[DraftLink]:
    open_ones = select(DraftLink).where(DraftLink.source == source.name, DraftLink.ended_at.is_(None), DraftLink.expires_at > now)
    waits = DraftLink.commit_id == "" if source.poll_s else or_(DraftLink.commit_id == "", DraftLink.branch != "")
    return list(session.scalars(open_ones.where(or_(DraftLink.looked_at.is_(None), waits & (DraftLink.looked_at <= now - EVERY)))))


def _stored(why: Phrase | None) -> str:
    return json.dumps(to_stored(why)) if why else ""
