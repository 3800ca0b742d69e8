"""Pictures of a tree by the digest of their bytes, and the addresses they get on the site."""

import hashlib
import posixpath
from dataclasses import dataclass, field

from lms.content.markup.rendering import MAX_CHARACTERS, MAX_LINES, Address, Rendered, scheme_of
from lms.content.source.images import HUGE_BYTES, HUGE_PIXELS, LARGE_BYTES, read_picture
from lms.content.source.problems import Findings, Place, did_you_mean
from lms.content.source.texts import TextFile
from lms.content.source.tree import ContentTree
from lms.platform.rules import phrase

PREFIX = "/content/blob/"


@dataclass(frozen=True, slots=True)
class Blob:
    """A file that pages show, named by the digest of its bytes."""

    digest: str
    media_type: str
    data: bytes


@dataclass
class Media:
    """Finds, checks and keeps the pictures that texts ask for; each file is checked once."""

    tree: ContentTree
    found: Findings
    blobs: dict[str, Blob] = field(default_factory=dict)
    _known: dict[str, Address | None] = field(default_factory=dict)

    def find(self, folder: str, source: str) -> Address | None:
        """Address, width and height of a picture named from a folder of the tree; None if it is not there or was refused."""
        path = posixpath.normpath(posixpath.join(folder, source))
        if scheme_of(source) or not path.startswith(_package(folder) + "/") or path not in self.tree.files:
            return None
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> Address | None:
        data, place = self.tree.files[path], Place(path)
        picture, refused = read_picture(path, data)
        if picture is None:
            assert refused is not None
            self.found.error(place, "image-refused", refused, phrase("Draw or export it again as a plain picture."))
            return None
        if len(data) > HUGE_BYTES or max(picture.width or 0, picture.height or 0) > HUGE_PIXELS:
            message = phrase("The picture has %(kb)s KB and %(w)s × %(h)s pixels.", kb=len(data) // 1024, w=picture.width or "?", h=picture.height or "?")
            self.found.error(place, "image-huge", message, phrase("Make it smaller: at most 2 MB and 6000 pixels a side."))
            return None
        if len(data) > LARGE_BYTES:
            message = phrase("The picture has %(kb)s KB; on a phone that costs time and money.", kb=len(data) // 1024)
            self.found.warning(place, "image-large", message, phrase("Make it smaller: 300 KB are enough for a screen."))
        digest = hashlib.sha256(data).hexdigest()
        self.blobs[digest] = Blob(digest, picture.media_type, data)
        ending = path[path.rfind(".") :].lower()
        return f"{PREFIX}{digest}{ending}", picture.width, picture.height

    def check(self, rendered: Rendered, text: TextFile) -> None:
        """Note what is wrong with the pictures and links of a rendered text, at their lines."""
        if rendered.too_deep:
            self.found.error(text.place, "too-deep", phrase("The parts of this text lie too deep inside each other to be read."))
        if rendered.too_long:
            message = phrase("A text of more than %(lines)s lines or %(kb)s KB is not shown on one page.", lines=MAX_LINES, kb=MAX_CHARACTERS // 1000)
            self.found.error(text.place, "text-too-long", message, phrase("Divide it into several lessons or items."))
        begins = next((line.strip() for line in rendered.shown.split("\n") if "[" in line or "<" in line), "")
        for source, alt in rendered.images:
            place = text.find(f"]({source}", begins)
            if not alt.strip():
                place = text.find(f"![]({source}", begins)
                self.found.error(
                    place,
                    "image-no-alt",
                    phrase("The picture %(name)s has no text for those who cannot see it.", name=source[:80]),
                    phrase("Say in the square brackets what is seen."),
                )
            if scheme_of(source):
                self.found.error(place, "image-elsewhere", phrase("Pictures stand in the course's own folder, not at an address: %(name)s", name=source[:80]))
            elif self.find(text.folder, source) is None and not self._exists(text.folder, source):
                near = [path.removeprefix(text.folder + "/") for path in self.tree.below(text.folder) if not path.endswith((".md", ".yml"))]
                self.found.error(
                    place, "image-missing", phrase("There is no picture %(name)s.", name=source[:80]), did_you_mean(source, near) if near else None
                )
        for address in rendered.links:
            scheme = scheme_of(address)
            if scheme and scheme not in {"http", "https", "mailto", "tel"}:
                message = phrase("A link may not begin with %(scheme)s:", scheme=scheme[:20])
                self.found.error(text.find(address[:12], begins), "link-scheme", message, phrase("Link to https://, mailto: or tel: addresses."))
            elif not scheme and not address.startswith("#"):
                self.found.error(
                    text.find(f"]({address}", begins),
                    "link-broken",
                    phrase("This link leads nowhere on the site: %(address)s", address=address[:80]),
                    phrase("Link to an https:// address, or name the lesson in words."),
                )

    def _exists(self, folder: str, source: str) -> bool:
        return posixpath.normpath(posixpath.join(folder, source)) in self._known


def _package(folder: str) -> str:
    return "/".join(folder.split("/")[:2])
