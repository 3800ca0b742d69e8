"""What was read of a bank or lesson is kept by the digests of all that went into it, so that a second look at a tree reads only what changed."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.source.media import Blob
from lms.content.source.problems import Place, Problem
from lms.content.source.tree import ContentTree


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading one bank or lesson gave: its value, and what it added to the workspace. None of it is ever changed."""

    made: Any
    problems: tuple[Problem, ...]
    ids: Mapping[str, tuple[Place, ...]]
    blobs: Mapping[str, Blob]
    alike: Mapping[str, tuple[Place, ...]]


class Kept:
    """Outcomes by key, the longest unused dropped first; safe between threads. One object serves every check of a process or of a preview.

    size: how many banks and lessons are kept; pictures are kept with them.
    """

    def __init__(self, size: int = 2000) -> None:
        self._size = size
        self._outcomes: OrderedDict[Hashable, Outcome] = OrderedDict()
        self._lock = threading.Lock()
        self.hits = self.misses = 0

    def find(self, key: Hashable) -> Outcome | None:
        """What was kept under a key."""
        with self._lock:
            outcome = self._outcomes.get(key)
            if outcome is None:
                self.misses += 1
            else:
                self.hits += 1
                self._outcomes.move_to_end(key)
            return outcome

    def keep(self, key: Hashable, outcome: Outcome) -> None:
        """Keep an outcome under its key."""
        with self._lock:
            self._outcomes[key] = outcome
            while len(self._outcomes) > self._size:
                self._outcomes.popitem(last=False)


class Digests:
    """The digests of a tree's files, each reckoned once."""

    def __init__(self, tree: ContentTree) -> None:
        self._tree = tree
        self._known: dict[str, bytes] = {}
        self._media: dict[str, tuple[str, ...]] = {}

    def of(self, paths: Iterable[str]) -> tuple[tuple[str, bytes], ...]:
        """Each path with the digest of its bytes."""
        return tuple((path, self._one(path)) for path in paths)

    def media_below(self, folder: str) -> tuple[str, ...]:
        """The files below a folder that are neither texts nor settings."""
        if folder not in self._media:
            self._media[folder] = tuple(path for path in self._tree.below(folder) if not path.endswith((".md", ".yml")))
        return self._media[folder]

    def _one(self, path: str) -> bytes:
        if path not in self._known:
            self._known[path] = hashlib.sha256(self._tree.files[path]).digest()
        return self._known[path]
