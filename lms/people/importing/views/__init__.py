"""Pages of the import: sheets, columns, rows; and lists of people as files."""

from lms.people.importing.views import export, rows, sheets
from lms.people.importing.views.blueprint import bp

__all__ = ["bp", "export", "rows", "sheets"]
