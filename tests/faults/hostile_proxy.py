"""A network that sends answers twice, loses acknowledgements, delivers late what it seemed to lose, and replays what it once saw."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KINDS = ("as it should", "twice", "no acknowledgement", "late", "an old one again", "slow")


class HostileProxy:
    """Between learners and a server. `did`: how often it did each of KINDS to a save; everything else passes."""

    def __init__(self, port: int, seed: int) -> None:
        self.did: Counter[str] = Counter()
        self._port = port
        self._chance = random.Random(seed)
        self._seen: list[tuple[str, bytes, Mapping[str, str]]] = []
        self._lock = threading.Lock()
        self._late: list[threading.Thread] = []

    def forward(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
        """Send a request on as it is."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request(method, path, body or None, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def pass_on(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, list[tuple[str, str]], bytes] | None:
        """Do to a request whatever it pleases; None: the sender hears nothing."""
        if not path.endswith("/answers"):
            return self.forward(method, path, body, headers)
        with self._lock:
            kind = self._chance.choice(KINDS)
            self.did[kind] += 1
            old = self._chance.choice(self._seen) if self._seen else None
            self._seen.append((path, body, headers))
            wait = self._chance.random() / 3
        if kind == "late":
            self._later(wait, path, body, headers)
            return None
        if kind == "slow":
            time.sleep(wait)
        if kind == "an old one again" and old is not None:
            self.forward("POST", *old)
        said = self.forward(method, path, body, headers)
        if kind == "twice":
            said = self.forward(method, path, body, headers)
        return None if kind == "no acknowledgement" else said

    def _later(self, wait: float, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        def deliver() -> None:
            time.sleep(wait)
            with suppress(OSError, HTTPException):
                self.forward("POST", path, body, headers)

        thread = threading.Thread(target=deliver)
        self._late.append(thread)
        thread.start()

    def settle(self) -> None:
        """Wait until all that was held back has been delivered."""
        for thread in self._late:
            thread.join(60)


@contextmanager
def hostile(port: int, seed: int) -> Iterator[tuple[str, HostileProxy]]:
    """The address of a hostile proxy before a server's port, and the proxy."""
    proxy = HostileProxy(port, seed)

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            said = proxy.pass_on(self.command, self.path, body, headers)
            self.close_connection = True
            if said is None:
                return
            self.send_response_only(said[0])
            for name, value in said[1]:
                if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(said[2])))
            self.end_headers()
            self.wfile.write(said[2])

        do_GET = do_POST = _do  # noqa: N815  (the library's names)

        def log_message(self, *_said: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", proxy
    finally:
        server.shutdown()
        thread.join(30)
        server.server_close()
