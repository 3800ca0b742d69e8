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
Make = Callable[[], Draft]


@dataclass
class _Making:
    over: threading.Event = field(default_factory=threading.Event)


class DraftShelf:
    """Safe between threads. One draft is made at a time; while it is, whoever asks is told to come back, but the first, who waits a moment.

    What could not be made is remembered like what could, so that asking again costs nothing. wait_s: how long the first one waits.
    """

    def __init__(self, wait_s: float = WAIT_S) -> None:
        self._wait_s = wait_s
        self._lock = threading.Lock()
        self._one = threading.Lock()
        self._kept: OrderedDict[object, Draft | SiteError] = OrderedDict()
        self._making: dict[object, _Making] = {}
        self.made = 0

    def find(self, key: object, make: Make, may_make: Callable[[], bool]) -> Draft | None:
        """The draft of a key; None while it is being made, or must not be made yet. may_make: asked before anything is made.

        Raises the error that said why it cannot be made.
        """
        with self._lock:
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
        if isinstance(found, SiteError):
            raise found
        return found

    def _make(self, key: object, make: Make, mine: _Making) -> None:
        made: Draft | SiteError
        begun = time.monotonic()
        try:
            with self._one:
                made = make()
        except SiteError as why:
            made = why
        except Exception:
            log.exception("draft not made")
            made = Conflict("The draft could not be read. It has been logged.")
        log.info("draft made", seconds=round(time.monotonic() - begun, 2), sound=isinstance(made, Draft))
        with self._lock:
            self.made += 1
            self._kept[key] = made
            del self._making[key]
            self._drop()
        mine.over.set()

    def _drop(self) -> None:
        """The longest unused goes first; the last one stays however large it is."""
        while len(self._kept) > MOST or (len(self._kept) > 1 and sum(_size(one) for one in self._kept.values()) > MOST_BYTES):
            self._kept.popitem(last=False)


def _size(kept: Draft | SiteError) -> int:
    return kept.size if isinstance(kept, Draft) else 0
