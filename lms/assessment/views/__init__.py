"""The screens of a sitting: before, sitting, hand in, result; and the two addresses that its script talks to."""

from lms.assessment.views import answers, before, result, sitting
from lms.assessment.views.blueprint import bp

__all__ = ["answers", "before", "bp", "result", "sitting"]
