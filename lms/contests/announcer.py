"""The job that tells entrants of a published result, a batch of people a transaction; what a dead process left is taken up where it stopped."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.catalogue import Catalogue
from lms.contests.models import Entry, RoundNews, RoundResult
from lms.contests.terms import find_round
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import Told, tell
from lms.platform.db import Database
from lms.platform.rules import Phrase, phrase

JOB = "contests.news"
BATCH = 1000
BATCHES_A_TICK = 50
WORDS = {
    "provisional": phrase("%(round)s: the provisional result is published, version %(n)s. One may appeal until %(day)s."),
    "final": phrase("%(round)s: the final result is published, version %(n)s."),
}


@dataclass(frozen=True)
class Announcer:
    """Tells everybody with an entry of each version that was published."""

    db: Database
    catalogue: Callable[[], Catalogue]

    def run(self, now: datetime) -> int:
        """One tick; gives how many batches were told. It looks first."""
        with self.db.reading() as session:
            if session.scalar(select(RoundNews.result_id).limit(1)) is None:
                return 0
        catalogue, done = self.catalogue(), 0
        while done < BATCHES_A_TICK:
            with self.db.writing() as session:
                if not self._batch(session, catalogue, now):
                    break
            done += 1
        return done

    def _batch(self, session: Session, catalogue: Catalogue, now: datetime) -> bool:
        """The next people of the oldest result that waits; whether there was one."""
        waiting = select(RoundNews, RoundResult).join(RoundResult, RoundResult.id == RoundNews.result_id)
        row = session.execute(waiting.order_by(RoundNews.result_id).limit(1).with_for_update(of=RoundNews)).first()
        if row is None:
            return False
        news, result = row
        here = (Entry.contest == result.contest, Entry.round == result.round, Entry.person_id > news.at_person)
        people = list(session.scalars(select(Entry.person_id).where(*here).order_by(Entry.person_id).limit(BATCH)))
        found = find_round(catalogue, result.contest, result.round)
        if not people or found is None:
            session.delete(news)
            return True
        words = Phrase(WORDS[result.state].message, {"round": found[2].title, "n": result.version, "day": result.appeals_until_on})
        address, cause = f"/contests/{result.contest}/{result.round}/results", f"result:{result.id}"
        tell(session, [Told(one, Topic.CONTEST, cause, words, address) for one in people], now=now)
        news.at_person = people[-1]
        return True
