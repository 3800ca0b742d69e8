"""The pages of draft links: those of their makers (`desk`), and those that a link opens (`pages`)."""

from lms.drafts.views import desk, pages
from lms.drafts.views.blueprint import desk_bp, link_bp

BLUEPRINTS = (desk_bp, link_bp)
__all__ = ["BLUEPRINTS", "desk", "pages"]
