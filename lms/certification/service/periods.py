"""Single periods."""

from sqlalchemy.orm import Session

from lms.certification.models import Period
from lms.errors import NotFound


def get_period(session: Session, *, period_id: int) -> Period:
    """A period; whoever calls checks whose it is. Raises NotFound."""
    period = session.get(Period, period_id)
    if period is None:
        raise NotFound("There is no such period.")
    return period
