"""What a page must never do: log an error, break the content policy, throw, or ask another host."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

TELL_POLICY = "addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`));"


class Watch:
    """Notes everything that went wrong in a browser context; `allow` names what a test brings about on purpose."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._allowed: list[re.Pattern[str]] = []
        self._problems: list[str] = []
        self.requests: list[Request] = []
        context.add_init_script(TELL_POLICY)
        context.on("console", self._console)
        context.on("weberror", self._threw)
        context.on("request", self._asked)

    def allow(self, pattern: str) -> None:
        """A message that belongs to the test."""
        self._allowed.append(re.compile(pattern))

    def problems(self) -> list[str]:
        """What went wrong and was not allowed."""
        return [problem for problem in self._problems if not any(allowed.search(problem) for allowed in self._allowed)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _threw(self, error: WebError) -> None:
        self._problems.append(f"threw: {error.error}")

    def _asked(self, request: Request) -> None:
        self.requests.append(request)
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self._host:
            self._problems.append(f"asked another host: {request.url}")
