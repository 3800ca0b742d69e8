"""Work that no request waits for. What must happen is a row in the database; a job only finds due rows and does them.

So a job may run twice, late, or on two nodes, and a crash loses nothing: the next tick finds what is left.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from huey import MemoryHuey, RedisHuey, crontab
from huey.consumer import Consumer

from lms.clock import Clock

log = structlog.get_logger()


@dataclass
class Jobs:
    """The jobs of a site, each called about once a minute with the present instant; it returns how much it did."""

    every_minute: dict[str, Callable[[datetime], int]] = field(default_factory=dict)
    wake: Callable[[str], object] = field(default=lambda _name: None)

    def add(self, name: str, work: Callable[[datetime], int]) -> None:
        """Register a job under a name of its own, for the log."""
        if name in self.every_minute:
            raise ValueError(f"two jobs are called {name}")
        self.every_minute[name] = work

    def tick(self, now: datetime) -> dict[str, int]:
        """Run every job once; one that fails is logged and does not stop the others."""
        done: dict[str, int] = {}
        for name in self.every_minute:
            found = self.run(name, now)
            done |= {} if found is None else {name: found}
        return done

    def soon(self, name: str) -> None:
        """Have one job run at once, beside the request. Where nobody can be woken (commands, tests, a queue that is down) the next tick does it."""
        try:
            self.wake(name)
        except Exception:
            log.exception("nobody was woken", job=name)

    def run(self, name: str, now: datetime) -> int | None:
        """Run one job; None if it failed, which is logged."""
        try:
            return self.every_minute[name](now)
        except Exception:
            log.exception("job failed", job=name)
            return None


class _Beside(Consumer):  # type: ignore[misc]
    """A consumer that lives in threads of the server process and leaves the server its signals."""

    def _set_signal_handlers(self) -> None:
        pass


def start(jobs: Jobs, clock: Clock, redis_url: str) -> Any:
    """Run the jobs about every minute in threads of this process; with Redis, the nodes share the queue."""
    queue = RedisHuey("vean", url=redis_url) if redis_url else MemoryHuey("vean")

    @queue.periodic_task(crontab(minute="*"), name="tick")  # type: ignore[untyped-decorator]
    def _tick() -> None:
        jobs.tick(clock.now())

    @queue.task(name="wake")  # type: ignore[untyped-decorator]
    def _wake(name: str) -> None:
        jobs.run(name, clock.now())

    jobs.wake = _wake
    consumer = _Beside(queue, workers=2, periodic=True)
    consumer.start()
    return consumer
