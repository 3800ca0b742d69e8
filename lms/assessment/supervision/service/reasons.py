"""What every act of a supervisor needs: a reason, and a sensible number of minutes."""

from lms.assessment.supervision.rules.time import MOST_S
from lms.errors import Invalid

REASON_MOST = 300


def reason_of(text: str) -> str:
    """The reason as it is kept: the learner reads it. Raises Invalid."""
    reason = " ".join(text.split())
    if not reason:
        raise Invalid("Give a reason. The learner sees it, and it stays on record.")
    if len(reason) > REASON_MOST:
        raise Invalid("This text is too long: at most %(most)s characters. Nothing was changed.", most=REASON_MOST)
    return reason


def seconds_of(minutes: int) -> int:
    """Whole minutes as seconds. Raises Invalid below one and above what is plausible."""
    if not 1 <= minutes <= MOST_S // 60:
        raise Invalid("Give from 1 to %(most)s minutes.", most=MOST_S // 60)
    return minutes * 60
