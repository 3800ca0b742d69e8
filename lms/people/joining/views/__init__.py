"""Pages of joining: for whoever joins, and for the desk that gives out codes."""

from lms.people.joining.views import desk, joining
from lms.people.joining.views.blueprint import bp

__all__ = ["bp", "desk", "joining"]
