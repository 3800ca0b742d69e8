"""What stands before the start of an exam: its access code and its address ranges. Wrong codes are counted by account, never by address."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.assessment.exams.models import ExamCodeTry
from lms.assessment.exams.rules.codes import same, waits_until
from lms.assessment.exams.rules.networks import is_inside, read_networks
from lms.errors import Conflict, Invalid, NotAllowed, SiteError
from lms.platform.db import insert_into


@dataclass(frozen=True, slots=True)
class ExamAdmission:
    """The admission of one exam. See `lms.assessment.offerings.Admission`."""

    exam_id: int
    code: str
    networks: str

    @property
    def asks_code(self) -> bool:
        """Whether candidates type a code."""
        return bool(self.code)

    def refuse(self, session: Session, *, person_id: int, code: str, address: str, now: datetime) -> SiteError | None:
        """Why this person may not start; a wrong code is counted in the session."""
        if not is_inside(address, read_networks(self.networks)):
            return NotAllowed("This exam can only be started from the network of the exam room. Ask your supervisor.")
        return self._refuse_code(session, person_id, code, now) if self.code else None

    def _refuse_code(self, session: Session, person_id: int, typed: str, now: datetime) -> SiteError | None:
        mine = (ExamCodeTry.exam_id == self.exam_id, ExamCodeTry.person_id == person_id)
        row = session.execute(select(ExamCodeTry.failures, ExamCodeTry.last_at).where(*mine).with_for_update()).first()
        waits = waits_until(row.failures, row.last_at) if row else None
        if waits is not None and now < waits:
            return Conflict("Too many wrong codes. Wait a minute, then try again, or ask your supervisor.")
        if same(typed, self.code):
            if row:
                session.execute(delete(ExamCodeTry).where(*mine))
            return None
        insert = insert_into(session, ExamCodeTry).values(exam_id=self.exam_id, person_id=person_id, failures=1, last_at=now)
        more = {"failures": ExamCodeTry.failures + 1, "last_at": now}
        session.execute(insert.on_conflict_do_update(index_elements=["exam_id", "person_id"], set_=more))
        return Invalid("The access code is not right. It is shown in the exam room; type it again.")
