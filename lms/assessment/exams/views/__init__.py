"""The screens of exams: the list, one exam, the forms."""

from lms.assessment.exams.views import editing, pages
from lms.assessment.exams.views.blueprint import bp

__all__ = ["bp", "editing", "pages"]
