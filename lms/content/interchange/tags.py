"""What a format has no place for travels as tags `lms:key=value`; a re-import makes attributes of them again.

Moodle cuts tags at 50 characters and knows no `,`, `<`, `>` or backtick in them, so a long value is cut into numbered pieces
(`lms:basis.1=...`, `lms:basis.2=...`) and such signs are percent-encoded.
"""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

PREFIX = "lms:"
MAX_TAG = 50
TAG = re.compile(r"lms:(?P<key>[a-z_][a-z0-9_-]*)(?:\.(?P<piece>\d{1,3}))?=(?P<value>.*)$", re.DOTALL)
FLAG = re.compile(r"lms:\.(?P<flag>[\w-]+)$")
UNSAFE = re.compile(r"[%,<>`\"&;\\\x00-\x1f，、]|^\s|\s$|\s{2,}")


def pack(attributes: Mapping[str, str], flags: Iterable[str] = ()) -> list[str]:
    """Tags for attributes (but 'tags', which are tags anyway) and flags."""
    made = [f"{PREFIX}.{flag}" for flag in flags]
    for key, value in attributes.items():
        whole = f"{PREFIX}{key}={_encoded(value)}"
        made += [whole] if len(whole) <= MAX_TAG else [f"{PREFIX}{key}.{n}={piece}" for n, piece in enumerate(_pieces(value, MAX_TAG - len(key) - 9), 1)]
    return made


def unpack(tags: Iterable[str]) -> tuple[dict[str, str], list[str], list[str]]:
    """Attributes, flags, and the tags that are neither."""
    pieces: dict[str, dict[int, str]] = {}
    flags, plain = [], []
    for tag in tags:
        flag, match = FLAG.match(tag.strip()), TAG.match(tag.strip())
        if flag:
            flags.append(flag["flag"])
        elif match:
            pieces.setdefault(match["key"], {})[int(match["piece"] or 0)] = unquote(match["value"], errors="replace")
        elif tag.strip():
            plain.append(tag.strip())
    return {key: "".join(parts[n] for n in sorted(parts)) for key, parts in pieces.items()}, flags, plain


def _encoded(text: str) -> str:
    return UNSAFE.sub(lambda bad: "".join(f"%{byte:02X}" for byte in bad[0].encode()), text)


def _pieces(value: str, size: int) -> list[str]:
    """Pieces of a value, none longer than `size` when encoded."""
    made, piece = [], ""
    for sign in value:
        if len(_encoded(piece + sign)) > size:
            made.append(_encoded(piece))
            piece = ""
        piece += sign
    return [*made, _encoded(piece)]
