"""Work that no request waits for. What must happen is a row in the database; a job only finds due rows and does them.

So a job may run twice, late, or on two nodes, and a crash loses nothing: the next tick finds what is left.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

log = structlog.get_logger()


@dataclass
class Jobs:
    """The jobs of a site, each called about once a minute with the present instant; it returns how much it did."""

    every_minute: dict[str, Callable[[datetime], int]] = field(default_factory=dict)

    def add(self, name: str, work: Callable[[datetime], int]) -> None:
        """Register a job under a name for the log."""
        self.every_minute[name] = work

    def tick(self, now: datetime) -> dict[str, int]:
        """Run every job once; one that fails is logged and does not stop the others."""
        done = {}
        for name, work in self.every_minute.items():
            try:
                done[name] = work(now)
            except Exception:
                log.exception("job failed", job=name)
        return done
