"""What is done with sittings: started, saved, closed and looked at."""

from lms.assessment.service.close import lapse_due, submit_attempt
from lms.assessment.service.look import AttemptView, find_open, get_attempt, has_passed, list_attempts, list_recent, list_responses, tries_used
from lms.assessment.service.start import AttemptOpen, NoAttemptsLeft, start_attempt

__all__ = [
    "AttemptOpen",
    "AttemptView",
    "NoAttemptsLeft",
    "find_open",
    "get_attempt",
    "has_passed",
    "lapse_due",
    "list_attempts",
    "list_recent",
    "list_responses",
    "start_attempt",
    "submit_attempt",
    "tries_used",
]
