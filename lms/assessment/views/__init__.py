"""The screens of a sitting: before, sitting, hand in, result; marking; and the two addresses that its script talks to."""

from lms.assessment.on_paper import views as on_paper
from lms.assessment.quality import views as quality
from lms.assessment.quality.views.permits import may_see_some_quality
from lms.assessment.views import answers, before, correct, corrections, desk, late, marking, result, results, sitting
from lms.assessment.views.blueprint import bp, may_run

__all__ = [
    "answers",
    "before",
    "bp",
    "correct",
    "corrections",
    "desk",
    "late",
    "marking",
    "may_run",
    "may_see_some_quality",
    "on_paper",
    "quality",
    "result",
    "results",
    "sitting",
]
