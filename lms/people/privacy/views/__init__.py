"""Pages of privacy: one's own data as a file, and erasing somebody."""

from lms.people.privacy.views import own, person
from lms.people.privacy.views.blueprint import bp

__all__ = ["bp", "own", "person"]
