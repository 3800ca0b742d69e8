"""The content sources of the site as the check page, the publish button and the jobs see them; read again only where they have changed."""

import threading
from zoneinfo import ZoneInfo

from lms.content.packages.compiler import Compiled, compile_tree
from lms.content.packages.keeping import Kept
from lms.content.service.sources import ContentSources
from lms.content.source.tree import ContentTree


class ContentDesk:
    """Reads and checks the sources; safe between threads, and one check at a time in a process."""

    def __init__(self, sources: ContentSources, zone: ZoneInfo) -> None:
        self.sources = sources
        self._zone = zone
        self._lock = threading.Lock()
        self._kept: tuple[str, Compiled] | None = None
        self._read = Kept()

    def look(self, rev: str = "", only: str = "") -> tuple[ContentTree, Compiled]:
        """The sources (see `ContentSources.read`), and what they compile to. Raises NotFound or Conflict if they cannot be read."""
        return self.check(self.sources.read(rev, only))

    def check(self, tree: ContentTree) -> tuple[ContentTree, Compiled]:
        """A tree and what it compiles to; one that was checked last is not checked again."""
        with self._lock:
            digest = f"{tree.digest} {sorted(tree.twice)} {tree.oversize}"
            if self._kept is None or self._kept[0] != digest:
                self._kept = (digest, compile_tree(tree, self._zone, self._read))
            return tree, self._kept[1]

    def compile_aside(self, tree: ContentTree) -> Compiled:
        """What a tree of no publication compiles to; what the check has read of the same files is not read again, and it waits for nobody."""
        return compile_tree(tree, self._zone, self._read)
