"""Serving: granian with settings for production; one process of threads on SQLite, several on PostgreSQL."""

import errno
import os
import socket

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from lms.errors import Conflict, Invalid, NotAllowed
from lms.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
PARENT = "VEAN_SERVER_PID"
"""Tells a server process whose child it is, so that it ends when that one is killed (lms/wsgi.py)."""
GRACE_S = 6
"""How long a stopping server lets its requests finish."""


def serve(settings: Settings, *, has_demo: bool) -> None:
    """Serve the site until it is told to stop.

    Raises NotAllowed where demonstration accounts, whose passwords are known, would be reachable from outside,
    Conflict where something listens on that port already.
    """
    if has_demo and settings.host not in LOOPBACK:
        raise NotAllowed("This site has demonstration accounts whose passwords are public: it listens on 127.0.0.1 only. Make a real site with `lms init`.")
    require_free_port(settings.host, settings.port)
    os.environ["LMS_INSTANCE"] = str(settings.instance)
    os.environ[PARENT] = str(os.getpid())
    Granian(
        "lms.wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=workers_of(settings),
        workers_kill_timeout=GRACE_S,
        blocking_threads=settings.threads,
        backlog=2048,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
        websockets=False,
    ).serve()


def require_free_port(host: str, port: int) -> None:
    """Raise Conflict if something listens there already (the server shares a port without a word), Invalid for an address that is not ours."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as refused:
            if refused.errno == errno.EADDRINUSE:
                raise Conflict("Something listens on %(host)s:%(port)s already; give another port with --port.", host=host, port=port) from refused
            raise Invalid("The site cannot listen on %(host)s:%(port)s: %(why)s", host=host, port=port, why=refused.strerror) from refused


def workers_of(settings: Settings) -> int:
    """How many server processes: one on SQLite, whose single writer then never sleeps; one a core elsewhere."""
    if settings.on_sqlite:
        return 1
    return settings.workers or os.cpu_count() or 1
