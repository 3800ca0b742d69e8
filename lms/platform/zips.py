"""Packages of strangers: limits on number, size and ratio, no paths that lead out, nothing unpacked to disk."""

import io
import zipfile
import zlib
from collections.abc import Mapping

from lms.errors import Unreadable

MAX_FILES = 5000
MAX_TOTAL = 128 * 1024 * 1024
MAX_ONE = 64 * 1024 * 1024
MAX_RATIO = 200
SMALL = 1024 * 1024


def read_zip(data: bytes, name: str) -> Mapping[str, bytes]:
    """The files of a package by their paths. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {entry.filename: _read(package, entry, name) for entry in check_zip(package, name)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as wrong:
        raise Unreadable("%(name)s is not a whole zip file: %(why)s", name=name, why=str(wrong)) from wrong


def check_zip(package: zipfile.ZipFile, name: str, *, max_total: int = MAX_TOTAL) -> list[zipfile.ZipInfo]:
    """The files of a package, after a look at what it says of them. Raises Unreadable."""
    entries = [entry for entry in package.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > max_total:
        raise Unreadable("%(name)s unpacks to more than %(files)s files or %(mb)s MB.", name=name, files=MAX_FILES, mb=max_total // 1024 // 1024)
    seen = set()
    for entry in entries:
        path = entry.filename
        if path.startswith("/") or "\\" in path or ":" in path.split("/")[0] or ".." in path.split("/") or "\0" in entry.orig_filename or path in seen:
            raise Unreadable("%(name)s holds a path that leads elsewhere or stands twice: %(path)s", name=name, path=path[:80])
        seen.add(path)
        if entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Unreadable("%(name)s holds a file that is packed to less than a 200th: %(path)s", name=name, path=path[:80])
        if entry.flag_bits & 1:
            raise Unreadable("%(name)s is locked with a password.", name=name)
    return entries


def _read(package: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """The bytes of one file: never more than it declares."""
    with package.open(entry) as file:
        data = file.read(min(entry.file_size, MAX_ONE) + 1)
    if len(data) > entry.file_size or len(data) > MAX_ONE:
        raise Unreadable("%(name)s holds a file that is larger than it says: %(path)s", name=name, path=entry.filename[:80])
    return data
