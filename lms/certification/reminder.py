"""The job that reminds: each person of certificates that run out, each officer of how it stands in the own units, a batch of people a transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.certification.models import Assignment, ReminderState
from lms.certification.service.reminders import ONE, remind, state_of, tell_assigned, tell_desks
from lms.certification.service.statuses import speaks
from lms.clock import local_date
from lms.content.catalogue import Catalogue
from lms.platform.db import Database

JOB = "certification.reminders"
BATCHES_A_TICK = 50
DONE = -1
NOT_BEFORE = time(5)
"""Nothing is told of a day before this hour: what the night changes comes first."""


@dataclass(frozen=True)
class Reminder:
    """Reminds the people of a site, once a day through everybody, and each minute of what was newly assigned."""

    db: Database
    zone: ZoneInfo
    catalogue: Callable[[], Catalogue]

    def run(self, now: datetime) -> int:
        """One tick; gives how many batches were done. It looks first, and waits while the cache of statuses does not hold."""
        catalogue = self.catalogue()
        with self.db.reading() as session:
            if not self._waits(session, now) or not speaks(session, {slug: one.digest for slug, one in catalogue.schemes.items()}, local_date(now, self.zone)):
                return 0
        done = 0
        while done < BATCHES_A_TICK and self._batch(catalogue, now):
            done += 1
        return done

    def _waits(self, session: Session, now: datetime) -> bool:
        state = session.get(ReminderState, ONE)
        return state is None or _latest(session) > state.at_assignment or self._day_waits(state, now)

    def _day_waits(self, state: ReminderState, now: datetime) -> bool:
        today = local_date(now, self.zone)
        return now.astimezone(self.zone).time() >= NOT_BEFORE and (state.on != today or state.at_person != DONE)

    def _batch(self, catalogue: Catalogue, now: datetime) -> bool:
        """The next batch; whether there may be more."""
        today = local_date(now, self.zone)
        with self.db.writing() as session:
            state = state_of(session)
            latest = _latest(session)
            last = tell_assigned(session, catalogue, after=state.at_assignment, today=today, now=now)
            if last is not None:
                state.at_assignment = last
                return True
            state.at_assignment = max(state.at_assignment, latest)
            if not self._day_waits(state, now):
                return False
            if state.on != today:
                state.on, state.at_person = today, 0
                monday = today - timedelta(days=today.weekday())
                if state.week != monday:
                    state.week = monday
                    tell_desks(session, list(catalogue.schemes), monday=monday, today=today, now=now)
            last = remind(session, catalogue, after=state.at_person, today=today, now=now)
            state.at_person = DONE if last is None else last
            return last is not None


def _latest(session: Session) -> int:
    return session.scalar(select(func.max(Assignment.id))) or 0
