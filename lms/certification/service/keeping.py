"""What of a person certification has to keep under their name."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.certification.models import Evidence, Period
from lms.platform.rules import Phrase, phrase


def kept_records(session: Session, person_id: int) -> Phrase | None:
    """Confirmed periods, and proofs of training: an employer has to be able to show who was trained, when, and on what."""
    periods = session.scalar(select(func.count()).select_from(Period).where(Period.person_id == person_id)) or 0
    proofs = session.scalar(select(func.count()).select_from(Evidence).where(Evidence.person_id == person_id)) or 0
    if not (periods or proofs):
        return None
    return phrase("Records of training: %(periods)s confirmed periods, %(proofs)s proofs.", periods=periods, proofs=proofs)
