"""Books that were made: kept as files under the digest of all that is in them, the oldest thrown away, each made once."""

import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

MOST = 60


class Shelf:
    """A folder of PDFs. One book is made at a time in a process: whoever asks for it meanwhile waits and gets the same."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self._folder = folder
        self._most = most
        self._making = threading.Lock()

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The book of a key, made if it is not there."""
        path = self._folder / f"{key}.pdf"
        kept = _read(path)
        if kept is not None:
            return kept
        with self._making:
            kept = _read(path)
            if kept is not None:
                return kept
            made = make()
            self._put(path, made)
        return made

    def _put(self, path: Path, made: bytes) -> None:
        """Whole or not at all; then the oldest leave."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".new")
        with os.fdopen(handle, "wb") as file:
            file.write(made)
        Path(name).replace(path)
        there = sorted(self._folder.glob("*.pdf"), key=lambda one: (one.stat().st_mtime_ns, one.name), reverse=True)
        for old in there[self._most :]:
            old.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
