"""A site served in this process by threads on a free port: real content, demonstration people, a clock that is moved by hand."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from lms.app import create_app
from lms.clock import MovableClock
from lms.people.demo import make_demo
from lms.platform.db import Base, Database
from lms.platform.site import Site
from lms.settings import load_settings
from tests.content.sample import publish_real

KEYS = {"secret_key": "browser-secret-key", "identity_key": "browser-identity-key"}


class _Quiet(WSGIRequestHandler):
    """Keeps connections open as a production server does, and logs nothing."""

    protocol_version = "HTTP/1.1"
    timeout = 20

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def run_wsgi(self) -> None:
        """Answer, or hang up while the network is cut: for page and service worker alike, which a browser's own switch does not promise."""
        if getattr(self.server, "cut", False):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        super().run_wsgi()


@dataclass(frozen=True)
class LiveSite:
    """A running site: where it is, and what moves it."""

    app: Flask
    address: str
    clock: MovableClock
    server: BaseWSGIServer

    def cut(self, *, off: bool = True) -> None:
        """Let every request fail as without a network, or no longer."""
        self.server.cut = off  # type: ignore[attr-defined]

    @property
    def site(self) -> Site:
        """The site behind the address."""
        found: Site = self.app.extensions["site"]
        return found

    @property
    def db(self) -> Database:
        """Its database."""
        return self.site.db


def make_template(folder: Path, now: datetime) -> Path:
    """A SQLite file with every table, the published content of the repository and the demonstration people."""
    path = folder / "vean.db"
    site_db = Database(f"sqlite:///{path}")
    Base.metadata.create_all(site_db.engine)
    publish_real(site_db, now)
    with site_db.writing() as session:
        make_demo(session, now=now, zone=load_settings(folder, {}).zone)
    with site_db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    site_db.dispose()
    return path


@contextmanager
def serve_live(folder: Path, clock: MovableClock, name: str = "127.0.0.1") -> Iterator[LiveSite]:
    """Serve the database `vean.db` of a folder until the block ends. name: of this machine; browsers allow passkeys at localhost, not at an address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    address = f"http://{name}:{port}"
    app = create_app(load_settings(folder, {}, public_url=address, **KEYS), clock=clock)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield LiveSite(app, address, clock, server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
        app.extensions["site"].db.dispose()
