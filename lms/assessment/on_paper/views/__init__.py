"""The screens of tests on paper: variants, printing, sheets entered one by one or from a file, corrections."""

from lms.assessment.on_paper.views import batches, corrections, entry, prints, sheets

__all__ = ["batches", "corrections", "entry", "prints", "sheets"]
