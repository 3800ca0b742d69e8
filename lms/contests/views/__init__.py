"""The screens of contests: the list, one contest, its rules, the ranking, the prizes, the published results, the organiser's desk."""

from lms.contests.views import awards, desk, pages, ranking, results
from lms.contests.views.blueprint import bp

__all__ = ["awards", "bp", "desk", "pages", "ranking", "results"]
