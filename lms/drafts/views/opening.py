"""From a token to what its reader sees, or to the words why there is nothing to see."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import current_app, make_response, render_template, request
from flask_login import current_user
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from lms.assessment.guarding import GuardedItems
from lms.content.access import catalogue
from lms.content.service.desk import ContentDesk
from lms.content.source.branches import get_tip
from lms.drafts.draft import Draft, make_draft
from lms.drafts.models import DraftLink
from lms.drafts.reading import Reading
from lms.drafts.rules import is_noted
from lms.drafts.service.hiding import find_hidden
from lms.drafts.service.links import failure_of, note_opening, open_link
from lms.drafts.shelf import DraftShelf
from lms.errors import NotFound, SiteError
from lms.people.access import current_person, is_signed_in, may
from lms.people.rules import Permission
from lms.platform.site import now, reading, site, today, writing

PAGES = RateLimitItemPerMinute(300)
PICTURES = RateLimitItemPerMinute(2000)
MAKINGS = RateLimitItemPerMinute(6)
"""What one link may ask of the site in a minute: a class of thirty people turns pages, nobody tires the site out."""
LIMITER = "draft_links"
COME_BACK_S = 3


@dataclass(frozen=True)
class Opened:
    """A link with the draft that it shows, and the token by which it was opened."""

    token: str
    link: DraftLink
    reading: Reading


def opens(view: Callable[..., str]) -> Callable[..., Response]:
    """A page of a draft: the view gets an `Opened`. What cannot be shown yet, or at all, is said on a page of its own."""

    @wraps(view)
    def inner(token: str, **given: Any) -> Response:
        link = _link(token, PAGES)
        _note(link)
        try:
            draft = _draft(link)
        except SiteError as why:
            return make_response(render_template("drafts/unshown.html", link=link, token=token, why=why), why.status)
        if draft is None:
            waiting = make_response(render_template("drafts/unshown.html", link=link, token=token, why=None), 202)
            waiting.headers["Refresh"] = str(COME_BACK_S)
            return waiting
        return make_response(_with_own_pictures(view(Opened(token, link, _reading(link, draft)), **given), token))

    return inner


def open_for_picture(token: str) -> Reading | None:
    """What a picture may stand in; None where the draft cannot be shown now."""
    link = _link(token, PICTURES)
    try:
        draft = _draft(link)
    except SiteError:
        return None
    return _reading(link, draft) if draft else None


def _link(token: str, limit: RateLimitItemPerMinute) -> DraftLink:
    link = open_link(reading(), token, now=now(), today=today())
    if not _limiter().hit(limit, str(link.id)):
        raise TooManyRequests
    return link


def _note(link: DraftLink) -> None:
    """Readers count, the maker does not."""
    own = is_signed_in() and current_person().person_id == link.made_by
    if not own and is_noted(link.opened_at, now()):
        with writing() as session:
            note_opening(session, link, now=now())


def _draft(link: DraftLink) -> Draft | None:
    """The draft as its branch stands; None while it is being made. Raises NotFound or Conflict where there is none."""
    desk = site().part(ContentDesk)
    source = desk.sources.get(link.source)
    if not link.commit_id:
        if why := failure_of(link):
            raise NotFound(why.message, **why.params)
        return None
    commit = get_tip(desk.sources.repository(source), link.branch) if link.branch else link.commit_id
    known = catalogue()
    key = (source.name, commit, known.digest)
    return site().part(DraftShelf).find(key, lambda: make_draft(desk, source, commit, known.terms), lambda: _limiter().hit(MAKINGS, str(link.id)))


def _reading(link: DraftLink, draft: Draft) -> Reading:
    guarded = site().part(GuardedItems)  # type: ignore[type-abstract]
    hidden = find_hidden(reading(), draft, catalogue(), guarded, now=now(), zone=site().settings.zone)
    return Reading(draft, link.package, hidden, keyed=bool(current_user.is_authenticated) and may(Permission.SEE_CONTENT_CHECK))


def _with_own_pictures(page: str, token: str) -> str:
    """Pictures of a draft are not among those of the site: they have addresses behind the link."""
    return page.replace('="/content/blob/', f'="{request.script_root}/d/{token}/pictures/')


def _limiter() -> FixedWindowRateLimiter:
    """Counts by link, in the process or in Redis; made at the first opening."""
    known = current_app.extensions.get(LIMITER)
    if known is None:
        known = FixedWindowRateLimiter(storage_from_string(site().settings.redis_url or "memory://"))
        current_app.extensions[LIMITER] = known
    assert isinstance(known, FixedWindowRateLimiter)
    return known
