"""The screens of item quality: the list, one item, the file, reports of learners and their answers."""

from lms.assessment.quality.views import export, item, listing, own, reports

__all__ = ["export", "item", "listing", "own", "reports"]
