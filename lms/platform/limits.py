"""Limits of how often one may send, so that no script tires the site out: per account for the signed-in, per device for signing in.

Never per address: a factory of 300 people shares one. Counts live in the process, or in Redis where there are several.
Reading is not limited; sending is counted by Flask-Limiter in a fixed window over all pages together.
"""

from collections.abc import Callable

from flask import Flask, request, session
from flask_limiter import Limiter

from lms.settings import Settings

SENDING = "240 per minute"
SIGN_IN = "30 per minute"
NOBODY = "1200 per minute"
UNLIMITED = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask, settings: Settings, *, find_device: Callable[[], str | None], sign_in: str, paced: frozenset[str] = frozenset()) -> None:
    """Count what is sent. find_device: the signed name of the browser, if it has one; sign_in: endpoint of the sign-in page.

    paced: endpoints that count for themselves, because they are called so often that this would be a fifth of their work.
    A sender without account and device has just been given neither: those of one address share a wide limit.
    """

    def _key() -> str:
        account = str(session.get("_user_id", "")).partition(".")[0]
        if account and request.endpoint != sign_in:
            return f"account:{account}"
        device = find_device()
        return f"device:{device}" if device else f"nobody:{request.remote_addr}"

    def _limit() -> str:
        if session.get("_user_id") and request.endpoint != sign_in:
            return SENDING
        return SIGN_IN if find_device() else NOBODY

    limiter = Limiter(
        _key,
        app=app,
        application_limits=[_limit],
        storage_uri=settings.redis_url or "memory://",
        strategy="fixed-window",
        headers_enabled=True,
        swallow_errors=bool(settings.redis_url),
    )
    asked_each_time = app.before_request_funcs[None]
    count = asked_each_time.pop(asked_each_time.index(limiter._check_request_limit))  # noqa: SLF001  (no option takes it out)

    @app.before_request
    def _count() -> None:
        """Flask-Limiter's own question costs a reader a tenth of a page to learn that reading is not counted."""
        if request.method not in UNLIMITED and request.endpoint not in paced:
            count()
