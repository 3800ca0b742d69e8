"""Who may see figures of items, and whose keys."""

from collections.abc import Collection
from datetime import datetime

from lms.assessment.guarding import GuardedItems
from lms.assessment.views.blueprint import RUNNERS, desk_scope
from lms.content.access import catalogue
from lms.errors import NotAllowed
from lms.people.access import may, scope
from lms.people.rules import Permission
from lms.platform.site import now, reading, site

SEERS = (*RUNNERS, Permission.SEE_CONTENT_CHECK)


def may_see_quality(key: str = "") -> bool:
    """Whether the present person may see the figures of a test ('' all together): authors and trainers, and whoever runs it in the whole site."""
    return may(Permission.SEE_CONTENT_CHECK) or "/" in (desk_scope().paths_of(key) if key else scope(Permission.RECORD_CLASS))


def may_see_some_quality() -> bool:
    """Whether there is any test of which the present person may see the figures."""
    return may(Permission.SEE_CONTENT_CHECK) or any("/" in scope(permission) for permission in RUNNERS)


def require_quality(key: str) -> None:
    """Raises NotAllowed for who may not see the figures of a test."""
    if not may_see_quality(key):
        raise NotAllowed("Your role does not include this page.")


def may_see_keys() -> bool:
    """Whether the present person may see what is right, as far as it is not kept back from everybody."""
    return may(Permission.SEE_CONTENT_CHECK) or "/" in scope(Permission.RECORD_CLASS)


def kept_back(item_ids: Collection[str]) -> datetime | None:
    """Until when the keys of these items are kept back from everybody, because one of them may come up in an open round; None if none is."""
    return site().part(GuardedItems).guarded_until(reading(), catalogue(), item_ids, now())  # type: ignore[type-abstract]
