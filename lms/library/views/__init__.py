"""Pages of the library."""

from lms.library.views import book, glossary, kept, search
from lms.library.views.blueprint import bp

__all__ = ["book", "bp", "glossary", "kept", "search"]
