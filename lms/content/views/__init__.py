"""The pages of the content room: pictures, the content page, publishing and its history, webhooks."""

from lms.content.views import check, history, hooks, impact, interchange, pictures, publishing
from lms.content.views.blueprint import bp

__all__ = ["bp", "check", "history", "hooks", "impact", "interchange", "pictures", "publishing"]
