"""Who may print a test and enter its sheets."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from lms.assessment.offerings import Offering, OfferingSources
from lms.assessment.on_paper.models import PaperBatch, PaperVariant
from lms.assessment.on_paper.service.sheets import OfferingFor
from lms.assessment.on_paper.service.variants import get_batch
from lms.assessment.views.blueprint import desk_scope
from lms.clock import local_date
from lms.content.access import catalogue
from lms.content.sealing import draws_sealed
from lms.errors import NotAllowed, NotFound
from lms.people.access import current_person
from lms.platform.site import now, reading, site


def run_offering(key: str) -> Offering:
    """The test, for who runs it. Raises NotFound where it is not offered or not run by this person, NotAllowed while its questions are sealed.

    Sealed questions are printed only by who runs the test in the whole site.
    """
    paths = desk_scope().paths_of(key)
    if not paths:
        raise NotFound("There is no such test in your part of the organisation.")
    offering = offering_at(now(), key)(reading(), current_person().person_id)
    if draws_sealed(offering.quiz, catalogue(), now()) and "/" not in paths:
        raise NotAllowed("The questions of this test are sealed: only who runs it in the whole site may print it.")
    return offering


def run_batch(batch_id: int) -> tuple[PaperBatch, list[PaperVariant]]:
    """A batch of a test that the present person runs. Raises NotFound, also for a test of others."""
    batch, variants = get_batch(reading(), batch_id=batch_id)
    if not desk_scope().paths_of(batch.offering):
        raise NotFound("There are no such variants.")
    return batch, variants


def offering_at(at: datetime, key: str) -> OfferingFor:
    """The offering of a key as it stood at an instant, by person."""
    known = catalogue()

    def _find(session: Session, person_id: int) -> Offering:
        return site().part(OfferingSources).get(session, known, key, person_id=person_id, now=at)

    return _find


def day_of(at: datetime) -> date:
    """The site's date of an instant."""
    zone: ZoneInfo = site().settings.zone
    return local_date(at, zone)
