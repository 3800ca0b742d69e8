"""Where items stand in the files of the content sources: file and line, so that an author finds them."""

import re
from collections.abc import Mapping

from lms.content.service.sources import ContentSources
from lms.errors import SiteError

ID = re.compile(r"\{#([0-9A-Za-z-]+)")


class SourceLines:
    """Finds lines in the sources as they stand now, read once for all items that are asked for."""

    def __init__(self, sources: ContentSources) -> None:
        self._sources = sources

    def find(self, paths: Mapping[str, str]) -> dict[str, str]:
        """'file:line' by item id, of files by item id; a file that cannot be read, or does not hold the item, stays without a line."""
        try:
            files = self._sources.read().files
        except SiteError:
            return dict(paths)
        lines: dict[tuple[str, str], int] = {}
        for path in set(paths.values()):
            text = files.get(path, b"").decode("utf-8", "replace")
            heads = ((n, line) for n, line in enumerate(text.splitlines(), 1) if line.startswith("#"))
            lines |= {(path, found[1]): n for n, line in heads if (found := ID.search(line))}
        return {item_id: f"{path}:{lines[path, item_id]}" if (path, item_id) in lines else path for item_id, path in paths.items()}
