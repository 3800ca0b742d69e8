"""Text files of strangers: UTF-8, UTF-16 with its mark, and the old code pages of Windows where nothing else fits."""

from lms.errors import Unreadable

MAX_TEXT = 16 * 1024 * 1024


def decode(data: bytes, name: str) -> str:
    """The text of a file. Raises Unreadable for what is no text."""
    if len(data) > MAX_TEXT:
        raise Unreadable("%(name)s is larger than %(mb)s MB.", name=name, mb=MAX_TEXT // 1024 // 1024)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _as(data, "utf-16", name)
    if b"\0" in data:
        raise Unreadable("%(name)s is no text file.", name=name)
    return _as(data, "utf-8-sig", name)


def _as(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as wrong:
        raise Unreadable("%(name)s is not UTF-8 text: save it with the encoding UTF-8.", name=name) from wrong
