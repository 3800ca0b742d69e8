"""Text files as lines: UTF-8, NFC, one kind of line end, tabs as blanks, and without the marks of an editor or input method."""

import re
import unicodedata

from lms.content.source.problems import Findings, Place
from lms.platform.rules import phrase

TAB = 4
MAX_TEXT_BYTES = 512 * 1024
MAX_LINE = 8000
MAX_LINES = 50_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]")


def read_lines(data: bytes, place: Place, found: Findings) -> list[str]:
    """The normalised lines of a text file; what cannot be a text is noted and read as empty."""
    if len(data) > MAX_TEXT_BYTES:
        found.error(
            place, "text-too-long", phrase("The file has %(kb)s KB; a text may have 512.", kb=len(data) // 1024), phrase("Divide it into several files.")
        )
        return []
    count = max(data.count(b"\n"), data.count(b"\r"))
    if count > MAX_LINES:
        message = phrase("The file has %(n)s lines; %(max)s are the limit.", n=count, max=MAX_LINES)
        found.error(place, "text-too-long", message, phrase("Divide it into several files."))
        return []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        at = data.count(b"\n", 0, wrong.start) + 1
        found.error(Place(place.file, at), "not-utf8", phrase("This line is not UTF-8 text."), phrase("Save the file with the encoding UTF-8."))
        return []
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").expandtabs(TAB).split("\n")
    for number, line in enumerate(lines, 1):
        bad = CONTROL.search(line)
        if bad:
            message = phrase("An invisible control character stands here (U+%(code)s).", code=f"{ord(bad.group()):04X}")
            found.error(Place(place.file, number, bad.start() + 1), "control-character", message, phrase("Delete it and type the text again."))
            lines[number - 1] = CONTROL.sub("", line)
        if len(line) > MAX_LINE:
            found.error(Place(place.file, number), "line-too-long", phrase("The line has %(n)s characters; %(max)s are the limit.", n=len(line), max=MAX_LINE))
            lines[number - 1] = line[:MAX_LINE]
    return [line.rstrip() for line in lines]


def digest_text(lines: list[str]) -> str:
    """The normalised text of lines: runs of blanks made one, empty lines at both ends left out."""
    return "\n".join(" ".join(line.split()) for line in lines).strip()
