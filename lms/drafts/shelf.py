"""Drafts in the memory of this process: made once a commit, in a thread beside the requests, and bounded in number and size."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from lms.drafts.draft import Draft
from lms.errors import Conflict, SiteError

log = structlog.get_logger()
MOST = 8
MOST_BYTES = 256 * 1024 * 1024
MOST_MAKING = 3
WAIT_S = 4.0
FAILED_S = 60.0
"""How long a failure is remembered: what failed may have been a clone that was just being replaced."""
Make = Callable[[], Draft]


@dataclass
class _Making:
    over: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class _Failed:
    why: SiteError
    at: float
    size: int = 0


class DraftShelf:
    """Safe between threads. One draft is made at a time; while it is, whoever asks is told to come back, but the first, who waits a moment.

    What could not be made is remembered for a minute, so that asking again costs nothing. wait_s: how long the first one waits.
    """

    def __init__(self, wait_s: float = WAIT_S, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wait_s = wait_s
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._one = threading.Lock()
        self._kept: OrderedDict[object, Draft | _Failed] = OrderedDict()
        self._making: dict[object, _Making] = {}
        self.made = 0

    def find(self, key: object, make: Make, may_make: Callable[[], bool]) -> Draft | None:
        """The draft of a key; None while it is being made, or must not be made yet. may_make: asked before anything is made.

        Raises the error that said why it cannot be made.
        """
        with self._lock:
            self._forget_failure(key)
            if key in self._kept:
                return self._take(key)
            if key in self._making or len(self._making) >= MOST_MAKING or not may_make():
                return None
            mine = self._making[key] = _Making()
        threading.Thread(target=self._make, args=(key, make, mine), daemon=True, name="draft").start()
        mine.over.wait(self._wait_s)
        with self._lock:
            return self._take(key) if key in self._kept else None

    def _take(self, key: object) -> Draft:
        found = self._kept[key]
        self._kept.move_to_end(key)
        if isinstance(found, _Failed):
            raise type(found.why)(found.why.message, **found.why.params)
        return found

    def _forget_failure(self, key: object) -> None:
        found = self._kept.get(key)
        if isinstance(found, _Failed) and self._monotonic() >= found.at + FAILED_S:
            del self._kept[key]

    def _make(self, key: object, make: Make, mine: _Making) -> None:
        made: Draft | _Failed
        begun = self._monotonic()
        try:
            with self._one:
                made = make()
        except SiteError as why:
            made = _Failed(why, self._monotonic())
        except Exception:
            log.exception("draft not made")
            made = _Failed(Conflict("The draft could not be read. It has been logged."), self._monotonic())
        log.info("draft made", seconds=round(self._monotonic() - begun, 2), sound=isinstance(made, Draft))
        with self._lock:
            self.made += 1
            self._kept[key] = made
            del self._making[key]
            self._drop()
        mine.over.set()

    def _drop(self) -> None:
        """The longest unused goes first; the last one stays however large it is."""
        while len(self._kept) > MOST or (len(self._kept) > 1 and sum(one.size for one in self._kept.values()) > MOST_BYTES):
            self._kept.popitem(last=False)
