"""Looking from time to time whether a content source has something new."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.content.service.jobs import ask_publishing
from lms.content.service.source_states import claim_look, list_sources, note_source
from lms.content.service.sources import ContentSources
from lms.content.source.mirrors import Unfetched
from lms.errors import SiteError
from lms.platform.db import Database
from lms.platform.rules import Phrase
from lms.settings import ContentSource


@dataclass(frozen=True)
class SourcePoll:
    """Asks for a publishing where a source that is polled stands elsewhere than when it was published last."""

    db: Database
    sources: ContentSources

    def run(self, now: datetime) -> int:
        """Look at the sources whose time has come; gives how many had something new. Called by the job queue."""
        return sum(self._look(source, now) for source in self.sources.origins if source.poll_s)

    def _look(self, source: ContentSource, now: datetime) -> bool:
        with self.db.writing() as session:
            if not claim_look(session, name=source.name, every=timedelta(seconds=source.poll_s), now=now):
                return False
        rev, failed = self._rev(source)
        with self.db.writing() as session:
            note_source(session, name=source.name, failed=failed, now=now)
            new = failed is None and rev != list_sources(session)[source.name].rev
            if new:
                ask_publishing(session, kind="poll", now=now, source=source.name)
        return new

    def _rev(self, source: ContentSource) -> tuple[str, Phrase | None]:
        try:
            if source.is_remote:
                self.sources.mirrors.fetch(source)
            return self.sources.read_one(source).rev, None
        except Unfetched as why:
            return "", why.why
        except SiteError as why:
            return "", Phrase(why.message, why.params)
