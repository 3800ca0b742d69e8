"""The content sources of the site as the check page and the publish button see them; read again only where they have changed."""

import threading
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from lms.content.packages.compiler import Compiled, compile_tree
from lms.content.packages.keeping import Kept
from lms.content.source.tree import ContentTree, read_trees


class ContentDesk:
    """Reads and checks the sources; safe between threads, and one check at a time in a process."""

    def __init__(self, sources: Sequence[Path], zone: ZoneInfo) -> None:
        self._sources = tuple(sources)
        self._zone = zone
        self._lock = threading.Lock()
        self._kept: tuple[str, Compiled] | None = None
        self._read = Kept()

    def look(self) -> tuple[ContentTree, Compiled]:
        """The sources at their last commits (or as files where no commit tracks them), and what they compile to. Raises NotFound if they are gone."""
        with self._lock:
            tree = read_trees(self._sources)
            digest = tree.digest
            if self._kept is None or self._kept[0] != digest:
                self._kept = (digest, compile_tree(tree, self._zone, self._read))
            return tree, self._kept[1]
