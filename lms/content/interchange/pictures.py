"""Pictures in texts, and the pictures that an import brings."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lms.content.interchange.report import Losses
from lms.content.source.images import HUGE_BYTES, MEDIA, read_picture
from lms.platform.rules import Phrase, phrase

SHOWN = re.compile(r"!\[(?P<alt>[^\]\n]*)\]\((?P<name>[^)\s]+)\)")
SAFE = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*){0,3}")
KINDS = ((b"\x89PNG\r\n\x1a\n", ".png"), (b"\xff\xd8", ".jpg"), (b"GIF8", ".gif"), (b"RIFF", ".webp"))
MAX_NAME = 80
MAX_ALL = 40 * 1024 * 1024


def names_in(markdown: str) -> Iterator[str]:
    """The names of the pictures of a text, in their order."""
    for shown in SHOWN.finditer(markdown):
        yield shown["name"]


def renamed(markdown: str, new: Callable[[str], str]) -> str:
    """The text with other names for its pictures; an empty name leaves the words of the picture alone."""

    def one(shown: re.Match[str]) -> str:
        name = new(shown["name"])
        return f"![{shown['alt']}]({name})" if name else shown["alt"]

    return SHOWN.sub(one, markdown)


@dataclass
class Shelf:
    """The pictures of an import under safe names; the same bytes are kept once, and what is no sound picture is refused and listed."""

    losses: Losses
    kept: dict[str, bytes] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, data: bytes, where: str | Phrase) -> str | None:
        """The name of a picture in the bank, such as 'img/lock.png'; None if it is refused."""
        digest = hashlib.sha256(data).hexdigest()
        if digest in self._names:
            return self._names[digest]
        name = _safe(name, data)
        picture, refused = read_picture(name, data)
        if picture is None:
            assert refused is not None
            self.losses.add(where, phrase("The picture %(name)s is left out: %(why)s", name=name[:60], why=refused))
            return None
        if len(data) > HUGE_BYTES or sum(map(len, self.kept.values())) + len(data) > MAX_ALL:
            self.losses.add(where, phrase("The picture %(name)s is left out: it has %(kb)s KB; 2048 are the limit.", name=name[:60], kb=len(data) // 1024))
            return None
        if name in self.kept:
            stem, _, ending = name.rpartition(".")
            name = f"{stem}-{digest[:8]}.{ending}"
        self.kept[name] = data
        self._names[digest] = name
        return name


def _safe(name: str, data: bytes) -> str:
    """A name that leads nowhere, with the ending that the bytes ask for."""
    name = name.strip().replace("\\", "/").lstrip("/")
    if not SAFE.fullmatch(name):
        name = re.sub(r"[^\w.-]+", "-", name.rpartition("/")[2]).strip("-.") or "picture"
    name = name[-MAX_NAME:].lstrip("./")
    ending = next((ending for mark, ending in KINDS if data.startswith(mark)), "")
    if not ending and re.match(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<svg", data[:2000], re.DOTALL):
        ending = ".svg"
    stem, dot, old = name.rpartition(".")
    if ending and MEDIA.get(f".{old.lower()}") != MEDIA[ending]:
        name = (stem if dot and len(old) <= 5 else name) + ending  # noqa: PLR2004  (a longer one is no ending)
    return name if "/" in name else f"img/{name}"
