"""Pictures of a book in the size in which they are printed: a photograph of a phone has four times the points that paper can show.

typst draws the picture on a page of so many points and gives that page as PNG, so that no other program for pictures is needed. What becomes larger by it
stays as it was, which a photograph as JPEG may; where all together are too large for a phone, they are drawn smaller.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from lms.content.source.images import read_picture
from lms.platform.documents.pdf import render_png

WIDTHS = (1400, 1000, 700, 500)
"""Pixels on the 17 cm of a line: 210, 150, 105, 75 to the inch."""

ENOUGH = 6 * 1024 * 1024
"""Bytes of all pictures together with which a book still is a file for a phone."""


def scaled(pictures: Mapping[str, bytes]) -> dict[str, tuple[str, bytes]]:
    """Each picture with the name and the bytes under which the book holds it."""
    made: dict[str, tuple[str, bytes]] = {}
    for width in WIDTHS:
        made = {name: _within(name, data, width) for name, data in pictures.items()}
        if sum(len(data) for _, data in made.values()) <= ENOUGH:
            break
    return made


def _within(name: str, data: bytes, width: int) -> tuple[str, bytes]:
    """A picture no wider than so many pixels; a drawing stays what it is."""
    picture, _ = read_picture(name, data)
    if picture is None or picture.media_type == "image/svg+xml" or not picture.width or not picture.height or picture.width <= width:
        return name, data
    drawn = _drawn(name, data, width, max(1, round(picture.height * width / picture.width)))
    is_photo = picture.media_type == "image/jpeg"
    return (name, data) if is_photo and len(drawn) >= len(data) else (f"{name.rpartition('.')[0]}.png", drawn)


def _drawn(name: str, data: bytes, width: int, height: int) -> bytes:
    with tempfile.TemporaryDirectory(prefix="vean-picture-") as folder:
        kept = Path(folder) / f"picture.{name.rpartition('.')[2]}"
        kept.write_bytes(data)
        main = Path(folder) / "page.typ"
        page = f"#set page(width: {width}pt, height: {height}pt, margin: 0pt)\n"
        main.write_text(f'{page}#image("{kept.name}", width: 100%, height: 100%, fit: "stretch")', "utf-8")
        return render_png(main)
