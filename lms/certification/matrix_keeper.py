"""The job that applies the training matrix: to everybody when a day comes or a line changes, and within a minute to whoever begins a work."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.certification.models import MatrixState, TrainingRequirement
from lms.certification.service.matrix import DONE, ONE, apply_to, load_requirements, state_of
from lms.clock import local_date
from lms.people.models import Membership, Person
from lms.platform.db import Database

JOB = "certification.matrix"
BATCH = 1000
BATCHES_A_TICK = 50


@dataclass(frozen=True)
class MatrixKeeper:
    """Keeps the assignments as the matrix says, a batch of people a transaction; what a dead process left is taken up where it stopped.

    A work that began later than others and was committed before them may be passed over by the minute; the pass of the next day finds it.
    """

    db: Database
    zone: ZoneInfo

    def run(self, now: datetime) -> int:
        """One tick; gives how many assignments changed. It looks first."""
        with self.db.reading() as session:
            if not self._waits(session, now):
                return 0
        done = 0
        for _ in range(BATCHES_A_TICK):
            with self.db.writing() as session:
                changed = self._batch(session, now)
            if changed is None:
                break
            done += changed
        return done

    def _waits(self, session: Session, now: datetime) -> bool:
        state = session.get(MatrixState, ONE)
        if state is None:
            return session.scalar(select(TrainingRequirement.id).limit(1)) is not None
        latest = session.scalar(select(func.max(Membership.id))) or 0
        return state.on != local_date(now, self.zone) or state.at_person != DONE or latest > state.at_membership

    def _batch(self, session: Session, now: datetime) -> int | None:
        """The next people; None where nobody is left."""
        state, today = state_of(session), local_date(now, self.zone)
        if state.on != today:
            state.on, state.at_person = today, 0
            state.at_membership = session.scalar(select(func.max(Membership.id))) or 0
        if state.at_person != DONE:
            people = list(session.scalars(select(Person.id).where(Person.id > state.at_person).order_by(Person.id).limit(BATCH)))
            state.at_person = people[-1] if people else DONE
            return apply_to(session, load_requirements(session), people, today=today, now=now) if people else 0
        begun = select(Membership.id, Membership.person_id).where(Membership.id > state.at_membership).order_by(Membership.id).limit(BATCH)
        rows = session.execute(begun).all()
        if not rows:
            return None
        state.at_membership = rows[-1][0]
        return apply_to(session, load_requirements(session), {row[1] for row in rows}, today=today, now=now)
