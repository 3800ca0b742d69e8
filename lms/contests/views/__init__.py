"""The screens of contests: the list, one contest, its rules, the ranking, the organiser's desk."""

from lms.contests.views import desk, pages, ranking
from lms.contests.views.blueprint import bp

__all__ = ["bp", "desk", "pages", "ranking"]
