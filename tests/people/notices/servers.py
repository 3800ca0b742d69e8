"""Real servers for what leaves the site: mail by aiosmtpd, pushes and hooks by the standard library's HTTP server; all on this machine."""

import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Inbox:
    """What a mail server has taken. refuse: what it answers to an address instead; down: it breaks off after the data."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    data_answers: list[str] = field(default_factory=list)

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802
        """An address is named."""
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """A letter is handed over."""
        if self.data_answers:
            return self.data_answers.pop(0)
        read: Any = BytesParser(policy=default).parsebytes(envelope.content or b"")  # type: ignore[arg-type]
        self.letters.append(read)
        self.to.extend(envelope.rcpt_tos)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Inbox]:
    """A mail server of its own on a free port."""
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        inbox.port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


@dataclass
class Posts:
    """What an HTTP server got: path, headers and body; statuses: what it answers, the last for ever."""

    url: str = ""
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=lambda: [201])


@contextmanager
def web_server() -> Iterator[Posts]:
    """A server that keeps what is posted to it."""
    posts = Posts()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posts.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            status = posts.statuses.pop(0) if len(posts.statuses) > 1 else posts.statuses[0]
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    posts.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield posts
    finally:
        server.shutdown()
        server.server_close()
