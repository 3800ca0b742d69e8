"""The working tree, read anew when a file has changed; a half-written or deleted file leaves the last state that could be read."""

import hashlib
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from lms.content.catalogue import Catalogue, Item
from lms.content.packages.compiler import Compiled, compile_tree
from lms.content.packages.keeping import Kept
from lms.content.packages.unpublished import catalogue_of
from lms.content.packages.workspace import Package
from lms.content.service.loading import EMPTY, with_terms
from lms.content.source.tree import KINDS, ContentTree, read_tree
from lms.errors import NotFound
from lms.platform.rules import Phrase, phrase

log = structlog.get_logger()
TRIES = 3
NOTHING = Compiled({}, {}, {}, ())


@dataclass(frozen=True)
class State:
    """The tree as it was last read. stamp: of the files then; failed: why it is not the present one; items: by digest, of all packages."""

    stamp: str
    tree: ContentTree
    compiled: Compiled
    catalogue: Catalogue = EMPTY
    failed: Phrase | None = None
    items: Mapping[str, Item] = field(default_factory=dict)

    @property
    def packages(self) -> dict[str, Package]:
        """All packages by name, also those with errors, as far as they could be read."""
        both = dict(self.compiled.packages) | dict(self.compiled.broken)
        return {name: both[name] for name in sorted(both)}


class Desk:
    """The content below a folder as its files stand. One object serves all requests; safe between threads."""

    def __init__(self, root: Path, zone: ZoneInfo) -> None:
        self.root = root
        self._zone = zone
        self._kept = Kept()
        self._lock = threading.Lock()
        self._state = State("", ContentTree({}, ""), NOTHING)

    def stamp(self) -> str:
        """Says whether a file was changed, added or taken away: a digest over names, times and sizes."""
        total = hashlib.sha256()
        for name, changed_ns, size in sorted(_files(self.root)):
            total.update(f"{name}\0{changed_ns}\0{size}\n".encode("utf-8", "surrogateescape"))
        return total.hexdigest()[:20]

    def look(self) -> State:
        """The present state; what has not changed is not read again."""
        with self._lock:
            stamp = self.stamp()
            if stamp != self._state.stamp:
                self._state = self._read(stamp)
            return self._state

    def _read(self, stamp: str) -> State:
        """The stamp was taken before the files were read, so a change in between is seen at the next look."""
        try:
            tree = self._tree()
            compiled = compile_tree(tree, self._zone, self._kept)
            return self._made(stamp, tree, compiled)
        except OSError as gone:
            log.warning("preview: files changed while they were read", why=str(gone))
            return replace(self._state, stamp="", failed=phrase("The files are just being written; they are read again in a moment."))
        except Exception:
            log.exception("preview: tree not read")
            return replace(self._state, stamp=stamp, failed=phrase("The files could not be read; what you see is older. The terminal says more."))

    def _tree(self) -> ContentTree:
        for left in reversed(range(TRIES)):
            try:
                return read_tree(self.root, working=True)
            except NotFound:
                return ContentTree({}, "")
            except OSError:
                if not left:
                    raise
        raise AssertionError("unreachable")

    def _made(self, stamp: str, tree: ContentTree, compiled: Compiled) -> State:
        both = [*compiled.packages.values(), *compiled.broken.values()]
        made = catalogue_of(stamp, both)
        items = {item.digest: item for package in both for item in package.items}
        return State(stamp, tree, compiled, with_terms(made, self._state.catalogue), None, items)


def _files(root: Path) -> Iterator[tuple[str, int, int]]:
    """Name, time of change and size of every file of the content; one that goes away meanwhile is left out."""
    for kind in KINDS:
        for folder, _, names in os.walk(root / kind):
            for name in names:
                path = os.path.join(folder, name)  # noqa: PTH118  (plain text: there may be thousands, several times a second)
                try:
                    found = os.stat(path)  # noqa: PTH116
                except OSError:
                    continue
                yield path, found.st_mtime_ns, found.st_size
