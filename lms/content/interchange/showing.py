"""An import for a page: what came of an upload, ready to be looked at and taken away; nothing of it is kept."""

import base64
import io
import re
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lms.content.interchange.formats import FORMATS, read_any
from lms.content.interchange.landing import land
from lms.content.interchange.looking import Looked, look_at
from lms.content.interchange.report import Loss, Losses
from lms.content.markup.self_checks import self_check

BLOB = re.compile(r"/content/blob/(?P<digest>[0-9a-f]{64})\.\w+")
SHOWN = 200
WHEN = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Shown:
    """title: of the format; cards: the items as they will look; text: the bank; file: its name; data: what is downloaded, as a data: address."""

    title: str
    count: int
    cards: tuple[str, ...]
    losses: tuple[Loss, ...]
    text: str
    file: str
    data: str


def show(data: bytes, *, name: str, lang: str, bank: str, form: str, taken: Collection[str], zone: ZoneInfo) -> Shown:
    """Read an upload as a new bank. Raises Unreadable."""
    losses = Losses()
    read, form = read_any(data, lang, losses, name=name, form=form)
    landed = land(read, losses, taken=taken)
    looked = look_at(landed, zone, losses)
    cards = tuple(_with_pictures(self_check(item, lang, lang), looked) for item in looked.items[:SHOWN])
    file = f"{bank}.{lang}.md"
    if landed.pictures:
        packed = _zip({file: landed.text.encode(), **landed.pictures})
        address = f"data:application/zip;base64,{base64.b64encode(packed).decode('ascii')}"
        return Shown(FORMATS[form].title, len(looked.items), cards, tuple(losses.found), landed.text, f"{bank}.{lang}.zip", address)
    address = f"data:text/markdown;charset=utf-8;base64,{base64.b64encode(landed.text.encode()).decode('ascii')}"
    return Shown(FORMATS[form].title, len(looked.items), cards, tuple(losses.found), landed.text, file, address)


def _with_pictures(html: str, looked: Looked) -> str:
    """The HTML with its pictures inside: they are nowhere on the site."""

    def inside(found: re.Match[str]) -> str:
        blob = looked.blobs.get(found["digest"])
        return f"data:{blob.media_type};base64,{base64.b64encode(blob.data).decode('ascii')}" if blob else found[0]

    return BLOB.sub(inside, html.replace(' loading="lazy"', ""))


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(zipfile.ZipInfo(name, WHEN), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
