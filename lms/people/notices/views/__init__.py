"""Pages of notices: the list, what one chose, the browsers that get messages, and the end of letters by a signed address."""

from lms.people.notices.views import browsers, choices, listing
from lms.people.notices.views.blueprint import bp
from lms.people.notices.views.choices import stop

__all__ = ["bp", "browsers", "choices", "listing", "stop"]
