"""Headers of items and cases, and what stands in braces."""

import re
from dataclasses import dataclass, field

from lms.content.source.problems import Findings, Place
from lms.platform.rules import phrase

HEADER = re.compile(r"(?P<level>#{2,3})(?!#)(?P<text>.*)[{｛]\s*(?P<attributes>[#＃][^{}｛｝]*)[}｝]$")
HEADING = re.compile(r"#{1,6}\s")
AT_END = re.compile(r"[{｛]\s*(?P<attributes>[#＃.][^{}｛｝]{0,80})[}｝]\s*$")
ATTRIBUTE = re.compile(
    r"\s*(?:[#＃](?P<id>[^\s.#=]+)|\.(?P<flag>[\w-]+)|(?P<key>[A-Za-z_-]+)\s*[=＝]\s*(?:\"(?P<quoted>[^\"]*)\"|“(?P<curly>[^”]*)”|(?P<bare>[^\s\"“]+)))"
)


@dataclass
class Braces:
    """What stood in braces: `{#id .flag key=value}`, each with its place."""

    id: str = ""
    flags: dict[str, Place] = field(default_factory=dict)
    attributes: dict[str, tuple[str, Place]] = field(default_factory=dict)


def read_braces(text: str, place: Place, found: Findings) -> Braces:
    """The parts of a pair of braces that begins at a place; what cannot be read is noted and ends the reading."""
    made, at = Braces(), 0
    while text[at:].strip():
        match = ATTRIBUTE.match(text, at)
        here = Place(place.file, place.line, place.column + at + len(text[at:]) - len(text[at:].lstrip()))
        if not match:
            message = phrase("This part of the item's braces cannot be read: %(text)s", text=text[at:].strip()[:60])
            hint = phrase('Write {#id .critical points=1 tags="a, b"}: a space between the parts, quotes round what holds blanks.')
            found.error(here, "item-attributes", message, hint)
            break
        if match["id"]:
            made.id = match["id"]
        elif match["flag"]:
            made.flags[match["flag"]] = here
        else:
            value = next(value for value in (match["quoted"], match["curly"], match["bare"]) if value is not None)
            made.attributes[match["key"]] = (value.strip(), here)
        at = match.end()
    return made
