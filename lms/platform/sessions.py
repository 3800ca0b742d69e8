"""What was verified once is known: the signature of a session's cookie, and of a page's token against forgery.

A sitting sends the same cookie and the same token with every answer; verifying both was a quarter of a save. Only what was found genuine is
kept, whole and unchangeable, and a bounded number of it; every other cookie or token goes through the libraries' checks.
"""

import hmac
import time
from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

from flask import Flask, Request, g, request, session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadSignature

KEPT = 8192
PLAIN = TaggedJSONSerializer()
TOKEN_HEADER = "X-CSRFToken"  # noqa: S105  (a name, no secret)
TOKEN_FIELD = "csrf_token"  # noqa: S105
V = TypeVar("V")


class Known(Generic[V]):
    """The latest of what was verified, by its text."""

    def __init__(self, most: int = KEPT) -> None:
        self._kept: OrderedDict[str, V] = OrderedDict()
        self._most = most
        self._lock = Lock()

    def find(self, text: str) -> V | None:
        """What the text was found to say."""
        return self._kept.get(text)

    def keep(self, text: str, value: V) -> None:
        """Remember it; the oldest is forgotten."""
        with self._lock:
            self._kept[text] = value
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


class KnownSessions(SecureCookieSessionInterface):
    """Signed-cookie sessions whose cookies are verified once a process. A cookie that has grown too old is refused, known or not."""

    def __init__(self) -> None:
        self._known: Known[tuple[str, float]] = Known()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request: empty where the cookie is missing, forged or too old."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return super().open_session(app, request)
        lifetime_s = int(app.permanent_session_lifetime.total_seconds())
        known = self._known.find(cookie)
        if known is None:
            known = self._verify(app, cookie, lifetime_s)
        if known is None or time.time() - known[1] > lifetime_s:
            return self.session_class()
        return self.session_class(PLAIN.loads(known[0]))

    def _verify(self, app: Flask, cookie: str, lifetime_s: int) -> tuple[str, float] | None:
        signer = self.get_signing_serializer(app)
        if signer is None:
            return None
        try:
            values, signed_at = signer.loads(cookie, max_age=lifetime_s, return_timestamp=True)
        except BadSignature:
            return None
        known = PLAIN.dumps(values), signed_at.timestamp()
        self._known.keep(cookie, known)
        return known


class KnownTokens(CSRFProtect):
    """Flask-WTF's protection; a token that a script sends again and again is verified once a process and compared with the session each time."""

    def __init__(self) -> None:
        self._known: Known[str] = Known()
        super().__init__()

    def protect(self, apply_exemptions: bool = False) -> None:  # noqa: FBT001, FBT002  (its form in the library)
        """Refuse a request that sends something without the session's token."""
        token = request.headers.get(TOKEN_HEADER)
        own = session.get(TOKEN_FIELD)
        if not token or not own:
            super().protect(apply_exemptions=apply_exemptions)
            return
        known = self._known.find(token)
        if known is not None and hmac.compare_digest(str(own), known):
            g.csrf_valid = True
            return
        super().protect(apply_exemptions=apply_exemptions)
        if g.get("csrf_valid") and self._get_csrf_token() == token:
            self._known.keep(token, str(own))


def init_app(app: Flask) -> None:
    """Let the sessions of an application be known."""
    app.session_interface = KnownSessions()
