"""Serving: granian with settings for production; one process of threads on SQLite, several on PostgreSQL."""

import os

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from lms.errors import NotAllowed
from lms.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def serve(settings: Settings, *, has_demo: bool) -> None:
    """Serve the site until it is told to stop.

    Raises NotAllowed where demonstration accounts, whose passwords are known, would be reachable from outside.
    """
    if has_demo and settings.host not in LOOPBACK:
        raise NotAllowed("This site has demonstration accounts whose passwords are public: it listens on 127.0.0.1 only. Make a real site with `lms init`.")
    os.environ["LMS_INSTANCE"] = str(settings.instance)
    Granian(
        "lms.wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=workers_of(settings),
        blocking_threads=settings.threads,
        backlog=2048,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        websockets=False,
        process_name="vean",
    ).serve()


def workers_of(settings: Settings) -> int:
    """How many server processes: one on SQLite, whose single writer then never sleeps; one a core elsewhere."""
    if settings.on_sqlite:
        return 1
    return settings.workers or os.cpu_count() or 1
