"""The pages of the content room: pictures, and the content check for trainers."""

from lms.content.views import check, pictures
from lms.content.views.blueprint import bp

__all__ = ["bp", "check", "pictures"]
