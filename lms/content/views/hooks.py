"""Webhooks: a forge says that something was pushed. The answer waits for nothing; the wish to publish is a row."""

import os

from flask import Response, current_app, request
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import RequestEntityTooLarge

from lms.content.hooks import concerns, is_genuine
from lms.content.service.desk import ContentDesk
from lms.content.service.jobs import ask_publishing
from lms.content.service.worker import PUBLISH_JOB
from lms.content.views.blueprint import bp
from lms.errors import NotFound
from lms.platform.site import now, site, writing

MAX_BYTES = 1024 * 1024
PER_MINUTE = RateLimitItemPerMinute(30)
LIMITER = "content_hooks"


@bp.post("/hooks/<name>")
def hook(name: str) -> Response:
    """Publish what was pushed to the branch of a source. 404 for a source without a secret or unknown, 403 for a wrong signature."""
    request.max_content_length = MAX_BYTES
    if not _limiter().hit(PER_MINUTE, name):
        return _plain("too many", 429, {"Retry-After": "60"})
    source = site().part(ContentDesk).sources.get(name)
    secret = source.secret("HOOK", os.environ)
    if not secret:
        raise NotFound("There is no content source %(name)s.", name=name)
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return _plain("too large", 413)
    if not is_genuine(dict(request.headers), body, secret):
        return _plain("not signed with the secret of this source", 403)
    if not concerns(body, source.branch):
        return _plain("nothing to do", 200)
    with writing() as session:
        job_id = ask_publishing(session, kind="hook", source=name, now=now()).id
    site().jobs.soon(PUBLISH_JOB)
    return _plain(f"publishing {job_id}", 202)


def _limiter() -> FixedWindowRateLimiter:
    """Counts by source, in the process or in Redis; made at the first push."""
    known = current_app.extensions.get(LIMITER)
    if known is None:
        known = FixedWindowRateLimiter(storage_from_string(site().settings.redis_url or "memory://"))
        current_app.extensions[LIMITER] = known
    assert isinstance(known, FixedWindowRateLimiter)
    return known


def _plain(text: str, status: int, headers: dict[str, str] | None = None) -> Response:
    """A line for the log of the forge."""
    return Response(text + "\n", status, headers, mimetype="text/plain")
