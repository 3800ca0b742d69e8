"""The screens of supervision: the live room, one attempt with the acts on it, and what the page of a sitting tells of itself."""

from lms.assessment.supervision.views import person, room, signs, sitting
from lms.assessment.supervision.views.blueprint import bp

__all__ = ["bp", "person", "room", "signs", "sitting"]
