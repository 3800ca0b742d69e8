"""One POST to an address outside: no redirects, little time, little read."""

import http.client
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from lms.people.notices.channels.outcome import SENT, Outcome, Result

TIMEOUT_S = 10
READ_MOST = 4096
SUCCESS = range(200, 300)
GONE = frozenset({404, 410})
TRY_AGAIN = frozenset({408, 425, 429})
SERVER_TROUBLE = 500


def send(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Outcome]:
    """POST a body; gives the status (0: no answer) and what that means: 2xx is sent, 408, 425, 429, 5xx and no answer are for later, the rest never."""
    parts = urlsplit(url)
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    try:
        line = _line(parts.scheme, parts.hostname or "", parts.port)
        try:
            line.request("POST", target, body, {**headers, "Connection": "close"})
            answer = line.getresponse()
            answer.read(READ_MOST)
            status = answer.status
        finally:
            line.close()
    except (OSError, http.client.HTTPException, ValueError) as failed:
        return 0, Outcome(Result.LATER, type(failed).__name__)
    if status in SUCCESS:
        return status, SENT
    later = status in TRY_AGAIN or status >= SERVER_TROUBLE
    return status, Outcome(Result.LATER if later else Result.NEVER, f"HTTP {status}")


def _line(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
