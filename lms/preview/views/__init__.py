"""Pages of the preview; every file adds its own to the blueprint."""

from lms.preview.views import compared, courses, frames, quizzes, sitting
from lms.preview.views.blueprint import bp

__all__ = ["bp", "compared", "courses", "frames", "quizzes", "sitting"]
